using Lungfish.Durable;
using Lungfish.Durable.Journal;
using Lungfish.Engine.Api;
using Lungfish.Json;
using Lungfish.Server.Tests.Fakes;

namespace Lungfish.Server.Tests;

/// <summary>What the console and the CLI ask of durable executions.</summary>
public sealed class DurableRoutesTests
{
    private static readonly string Path = $"/api/durable-executions/{Uri.EscapeDataString(FakeDurableExecutions.Arn)}";

    private const string Summary = $$"""
        "DurableExecutionArn": "{{FakeDurableExecutions.Arn}}", "DurableExecutionName": "one",
        "FunctionArn": "{{FakeDurableExecutions.Function}}:2", "Status": "RUNNING", "StartTimestamp": 1
        """;

    [Fact]
    public async Task List_Filtered_AsksForThatAndAnswersInTheApisShape()
    {
        await using var edge = await StartAsync();

        var answer = await GetAsync(edge, "/api/durable-executions?status=RUNNING&function=f&version=2&limit=7");

        AssertJson($$"""{"DurableExecutions": [{ {{Summary}} }]}""", answer);
        var asked = edge.Durable.Asked;
        Assert.NotNull(asked);
        Assert.Equal(("f", "2", 7, true), (asked.FunctionArn, asked.Version, asked.CountMax, asked.Reverse));
        Assert.Equal([DurableStatus.Running], asked.Statuses);
    }

    [Fact]
    public async Task List_UnknownStatus_IsRefusedWithThePossibleOnes()
    {
        await using var edge = await StartAsync();

        var answer = await GetAsync(edge, "/api/durable-executions?status=ABORTED");

        Assert.Equal(400, answer.Status);
        Assert.Contains("STOPPED", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/wait?timeout=0")]
    public async Task Describe_Running_TellsWhoStartedIt(string rest)
    {
        await using var edge = await StartAsync();

        var answer = await GetAsync(edge, Path + rest);

        AssertJson($$"""
            { {{Summary}}, "Version": "2", "InputPayload": "{}",
              "ParentArn": "arn:aws:states:us-east-1:000000000000:execution:flow:f1"}
            """, answer);
    }

    [Fact]
    public async Task Operations_ChainedInvokeAndCallback_TellWhatTheApiDoesNot()
    {
        await using var edge = await StartAsync();
        edge.Durable.Operations.Add(new Operation
        {
            Id = "a",
            Sequence = 1,
            Type = OperationType.ChainedInvoke,
            Status = OperationStatus.Started,
            StartedAt = FakeDurableExecutions.StartedAt,
            Change = 1,
            Target = new ChainedTarget("pay:1", "{}", null, "arn:pay:1", "1", "arn:child", IsSent: true),
        });
        edge.Durable.Operations.Add(new Operation
        {
            Id = "b",
            ParentId = "a",
            Sequence = 2,
            Type = OperationType.Callback,
            Status = OperationStatus.Started,
            StartedAt = FakeDurableExecutions.StartedAt,
            Change = 2,
            Callback = new CallbackTimers("abc=", FakeDurableExecutions.StartedAt.AddSeconds(4), null, null),
        });

        var answer = await GetAsync(edge, $"{Path}/operations");

        AssertJson("""
            {"Operations": [
              {"Sequence": 1, "Operation": {"Id": "a", "Type": "CHAINED_INVOKE", "StartTimestamp": 1,
                "Status": "STARTED", "ChainedInvokeDetails": {}},
               "Target": {"FunctionName": "pay:1", "FunctionArn": "arn:pay:1", "ExecutedVersion": "1",
                 "DurableExecutionArn": "arn:child", "Input": "{}"}},
              {"Sequence": 2, "Operation": {"Id": "b", "ParentId": "a", "Type": "CALLBACK", "StartTimestamp": 1,
                "Status": "STARTED", "CallbackDetails": {"CallbackId": "abc="}},
               "Timers": {"TimeoutTimestamp": 5}}]}
            """, answer);
    }

    [Theory]
    [InlineData("?follow=true&after=1")]
    [InlineData("?after=1")]
    public async Task Events_AfterAnId_AreOneALine(string query)
    {
        await using var edge = await StartAsync();
        edge.Durable.Events.AddRange(new[] { 1L, 2L, 3L }.Select(id => new HistoryEvent
        {
            EventId = id,
            Type = HistoryEventType.StepStarted,
            Timestamp = FakeDurableExecutions.StartedAt,
        }));

        var answer = await GetAsync(edge, $"{Path}/events{query}");

        var ids = answer.Text.TrimEnd('\n').Split('\n').Select(line => ((JsonObject)JsonValue.Parse(line))["EventId"]);
        Assert.Equal(["2", "3"], ids.Select(id => id?.ToText()));
    }

    [Fact]
    public async Task Callbacks_OfTasksAndDurableExecutions_AreInOneList()
    {
        await using var edge = await StartAsync();
        edge.Durable.Callbacks.Add(new PendingDurableCallback
        {
            CallbackId = "abc=",
            ExecutionArn = FakeDurableExecutions.Arn,
            OperationId = "b",
            OperationName = "approval",
            Since = FakeDurableExecutions.StartedAt,
        });

        var answer = await GetAsync(edge, "/api/callbacks?execution=one");
        var other = await GetAsync(edge, "/api/callbacks?execution=two&function=f");

        Assert.Contains("\"callbackId\":\"abc=\"", answer.Text, StringComparison.Ordinal);
        AssertJson("""{"callbacks": []}""", other);
    }

    [Theory]
    [InlineData("one")]
    [InlineData("on")]
    [InlineData(FakeDurableExecutions.Arn)]
    public async Task Resolve_NameOrBeginningOrArn_FindsTheDurableExecution(string text)
    {
        await using var edge = await StartAsync();

        var answer = await GetAsync(edge, $"/api/resolve?kind=execution&text={Uri.EscapeDataString(text)}");

        Assert.Contains(FakeDurableExecutions.Arn, answer.Text, StringComparison.Ordinal);
    }

    private static async Task<EdgeUnderTest> StartAsync()
    {
        var edge = await EdgeUnderTest.StartAsync();
        edge.Durable.Executions.Add(FakeDurableExecutions.Execution(DurableStatus.Running));
        return edge;
    }

    private static async Task<Answer> GetAsync(EdgeUnderTest edge, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await edge.SendAsync(request);
    }

    private static void AssertJson(string expected, Answer answer) =>
        Assert.Equal(JsonValue.Parse(expected), answer.Json);
}
