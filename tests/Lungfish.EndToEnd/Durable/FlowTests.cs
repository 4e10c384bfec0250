using System.Text.Json.Nodes;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Durable;

/// <summary>Application C: a state machine that calls durable functions, by task token and synchronously.</summary>
public sealed class FlowTests(FlowApplication application) : IClassFixture<FlowApplication>
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Flow_AsSynthesised_GoesThroughBothFunctionsAndEachNamesTheOther()
    {
        using var durable = new DurableApi(await application.GetUrlAsync());
        using var api = new AwsApi(durable.Endpoint);
        var started = await api.GetAsync("StartExecution", new JsonObject
        {
            ["stateMachineArn"] = "arn:aws:states:us-east-1:000000000000:stateMachine:flow",
            ["input"] = """{"seconds": 2}""",
        });
        var execution = Text(started, "executionArn");

        var ended = await api.WaitForEndAsync(execution);

        Assert.Equal("SUCCEEDED", Text(ended, "status"));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse(
                """{"success": true, "notification": {"order": "1", "sent": true}, "version": "1"}"""),
            JsonNode.Parse(Text(ended, "output"))));
        var history = await HistoryAsync(api, execution);
        var submitted = history.Single(happened => Text(happened, "type") == "TaskSubmitted");
        var call = JsonNode.Parse(Text(submitted["taskSubmittedEventDetails"], "output"));
        var child = Text(call, "DurableExecutionArn");
        Assert.Equal(
            child,
            Text(call?["SdkHttpMetadata"]?["HttpHeaders"], "X-Amz-Durable-Execution-Arn"));
        Assert.Equal(execution, Text(await durable.DescribeAsync(child), "ParentArn"));
        Assert.Equal("SUCCEEDED", Text(await durable.WaitForEndAsync(child), "Status"));
        Assert.Equal(2, (await ChildrenAsync(durable, execution)).Count);
        Assert.Equal(
            ["create_order", "wait", "send_notification", "answer_task"],
            (await durable.ReadHistoryAsync(child)).Select(happened => Text(happened, "Name")).Distinct()
                .Where(name => name.Length > 0 && !child.Contains(name, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(
        "flow-later",
        "1",
        "You cannot synchronously invoke a durable function with an executionTimeout greater than 15 minutes.")]
    [InlineData("flow-soon", null, "You cannot invoke a durable function using an unqualified ARN.")]
    public async Task Task_CallThatIsNotPossible_FailsWithTheDocumentedText(
        string function, string? qualifier, string message)
    {
        using var api = new AwsApi(await application.GetUrlAsync());
        var named = qualifier is null ? function : $"{function}:{qualifier}";

        var ended = await api.WaitForEndAsync(await FlowApplication.StartTaskAsync(
            api, $$""" "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "{{named}}"} """));

        Assert.Equal("Lambda.InvalidParameterValueException", Text(ended, "error"));
        Assert.StartsWith(message, Text(ended, "cause"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "flow-soon:live", "Payload": {"fails": true}}
        """)]
    [InlineData("""
        "Resource": "arn:aws:lambda:us-east-1:000000000000:function:flow-soon:1", "Parameters": {"fails": true}
        """)]
    public async Task Task_DurableExecutionFails_FailsWithItsError(string task)
    {
        using var api = new AwsApi(await application.GetUrlAsync());

        var ended = await api.WaitForEndAsync(await FlowApplication.StartTaskAsync(api, task));

        Assert.Equal("OutOfStock", Text(ended, "error"));
        Assert.Equal("none left", Text(JsonNode.Parse(Text(ended, "cause")), "errorMessage"));
    }

    [Fact]
    public async Task Stop_WhileADurableFunctionIsCalled_StopsItToo()
    {
        using var durable = new DurableApi(await application.GetUrlAsync());
        using var api = new AwsApi(durable.Endpoint);
        var execution = await FlowApplication.StartTaskAsync(api, WaitFor(600));
        var child = await WaitForChildAsync(durable, execution);

        _ = await api.GetAsync("StopExecution", new JsonObject { ["executionArn"] = execution });
        var ended = await durable.WaitForEndAsync(child);

        Assert.Equal("STOPPED", Text(ended, "Status"));
        Assert.Contains(execution, Text(ended["Error"], "ErrorMessage"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WhileADurableFunctionIsToAnswerByToken_StopsItToo()
    {
        using var durable = new DurableApi(await application.GetUrlAsync());
        using var api = new AwsApi(durable.Endpoint);
        var execution = await FlowApplication.StartTaskAsync(
            api,
            """
            "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "Parameters": {
              "FunctionName": "flow-later:1", "InvocationType": "Event",
              "Payload": {"TaskToken.$": "$$.Task.Token", "seconds": 600}}
            """);
        var child = await WaitForChildAsync(durable, execution);

        _ = await api.GetAsync("StopExecution", new JsonObject { ["executionArn"] = execution });
        var ended = await durable.WaitForEndAsync(child);

        Assert.Equal("STOPPED", Text(ended, "Status"));
    }

    [Fact]
    public async Task Task_TimeIsUpWhileADurableFunctionIsCalled_StopsIt()
    {
        using var durable = new DurableApi(await application.GetUrlAsync());
        using var api = new AwsApi(durable.Endpoint);
        var execution = await FlowApplication.StartTaskAsync(api, WaitFor(600) + """, "TimeoutSeconds": 3 """);
        var child = await WaitForChildAsync(durable, execution);

        var failed = await api.WaitForEndAsync(execution);
        var ended = await durable.WaitForEndAsync(child);

        Assert.Equal("States.Timeout", Text(failed, "error"));
        Assert.Equal("STOPPED", Text(ended, "Status"));
    }

    [Fact]
    public async Task Task_AnotherVersionIsPublishedMeanwhile_EndsOnItsOwn()
    {
        using var durable = new DurableApi(await application.GetUrlAsync());
        using var api = new AwsApi(durable.Endpoint);
        var execution = await FlowApplication.StartTaskAsync(api, WaitFor(3));
        var child = await WaitForChildAsync(durable, execution);

        var configuration = await api.LambdaAsync(HttpMethod.Get, "functions/flow-soon/configuration");
        var variables = (configuration.Body["Environment"]?["Variables"] as JsonObject ?? [])
            .ToDictionary(v => v.Key, v => v.Value?.GetValue<string>() ?? "", StringComparer.Ordinal);
        variables["EXTRA"] = Guid.NewGuid().ToString();
        var version = await durable.PublishAsync("flow-soon", variables);
        var ended = await api.WaitForEndAsync(execution);

        Assert.NotEqual("1", version);
        Assert.Equal("1", Text(JsonNode.Parse(Text(ended, "output"))?["Payload"], "version"));
        Assert.Contains("flow-soon:1/", child, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Task_ServerIsKilledWhileADurableFunctionIsCalled_FindsTheSameExecution()
    {
        using var data = new TemporaryFolder();
        string execution;
        await using (var before = await FlowApplication.StartAsync(data.Path))
        {
            using var durable = new DurableApi(before.Url);
            using var api = new AwsApi(before.Url);
            execution = await FlowApplication.StartTaskAsync(api, WaitFor(4));
            _ = await WaitForChildAsync(durable, execution);
            await before.KillAsync();
        }

        await using var after = await FlowApplication.StartAsync(data.Path);
        using var durableAfter = new DurableApi(after.Url);
        using var apiAfter = new AwsApi(after.Url);
        var ended = await apiAfter.WaitForEndAsync(execution);

        Assert.Equal("SUCCEEDED", Text(ended, "status"));
        var child = Assert.Single(await ChildrenAsync(durableAfter, execution));
        Assert.Equal(child, Text(JsonNode.Parse(Text(ended, "output")), "DurableExecutionArn"));
    }

    private static string WaitFor(int seconds) => $$"""
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "{{FlowApplication.SoonArn}}:live", "Payload": {"wait": {{seconds}} } }
        """;

    /// <summary>The durable execution that the task has started, once its function has returned.</summary>
    private static async Task<string> WaitForChildAsync(DurableApi durable, string execution)
    {
        var child = await Poll.ForAsync(
            async () => (await ChildrenAsync(durable, execution)).FirstOrDefault(),
            s_timeout,
            "the durable execution");
        await Poll.UntilAsync(
            async () => (await durable.ReadHistoryAsync(child))
                .Any(happened => Text(happened, "EventType") == "InvocationCompleted"),
            s_timeout,
            "the function to return");
        return child;
    }

    private static async Task<IReadOnlyList<string>> ChildrenAsync(DurableApi durable, string execution)
    {
        var children = new List<string>();
        foreach (var candidate in await durable.ListAsync())
        {
            var arn = Text(candidate, "DurableExecutionArn");
            if (Text(await durable.DescribeAsync(arn), "ParentArn") == execution)
            {
                children.Add(arn);
            }
        }

        return children;
    }

    private static async Task<IReadOnlyList<JsonObject>> HistoryAsync(AwsApi api, string execution)
    {
        var page = await api.GetAsync("GetExecutionHistory", new JsonObject { ["executionArn"] = execution });
        return [.. (page["events"] as JsonArray ?? []).OfType<JsonObject>()];
    }

    private static string Text(JsonNode? json, string member) => json?[member]?.GetValue<string>() ?? "";
}
