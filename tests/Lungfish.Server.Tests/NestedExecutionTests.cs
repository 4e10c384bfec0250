using Lungfish.Engine.Api;
using Lungfish.Json;
using Lungfish.Server.Hosting;
using Lungfish.States.Deciding;
using Lungfish.Tests.Shared;

namespace Lungfish.Server.Tests;

/// <summary>Executions that start executions, on a started server.</summary>
public sealed class NestedExecutionTests : IAsyncLifetime
{
    private const string Echo = """{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}""";
    private const string Wait = """{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}""";

    private readonly TemporaryFolder _data = new();
    private LungfishServer? _server;

    private IExecutions Executions => Server.Engine.Executions;

    private LungfishServer Server => _server ?? throw new InvalidOperationException("Not started.");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await Servers.StartAsync(_data);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _data.Dispose();
    }

    // The forms are recorded by AWS: texts for .sync, JSON for .sync:2.
    [Theory]
    [InlineData(".sync", "\"{\\\"a\\\":1}\"")]
    [InlineData(".sync:2", """{"a":1}""")]
    public async Task Sync_ChildSucceeds_IsItsDescription(string pattern, string payload)
    {
        var child = await CreateAsync("child", Echo);

        var ended = await RunAsync(pattern, $$"""{"StateMachineArn":"{{child}}","Name":"n","Input":{"a":1} }""");

        var output = Assert.IsType<JsonObject>(JsonValue.Parse(ended.Output ?? ""));
        Assert.Equal((payload, payload), (output["Input"]?.ToText(), output["Output"]?.ToText()));
        Assert.Equal(("n", "SUCCEEDED", child), (output["Name"], output["Status"], output["StateMachineArn"]));
    }

    [Fact]
    public async Task Sync_ParentStopped_AbortsTheChild()
    {
        var child = await CreateAsync("child", Wait);
        var parent = await StartAsync(".sync", $$"""{"StateMachineArn":"{{child}}","Name":"n"}""");
        var childArn = child.Replace(":stateMachine:", ":execution:", StringComparison.Ordinal) + ":n";
        await SubmittedAsync(parent);

        _ = await Executions.StopAsync(parent, null, null, Cancelled);
        var aborted = await Executions.WaitAsync(childArn, TimeSpan.FromSeconds(30), Cancelled);

        Assert.Equal(ExecutionStatus.Aborted, aborted.Summary.Status);
        Assert.Null(aborted.Error);
        Assert.Equal(
            $"The Task state in AWS Step Functions execution [{parent}] which was managing this resource was aborted",
            aborted.Cause);
    }

    [Fact]
    public async Task Sync_RestartWhileTheChildRuns_AttachesToIt()
    {
        var child = await CreateAsync("child", Wait);
        var parent = await StartAsync(".sync", $$"""{"StateMachineArn":"{{child}}"}""");
        await SubmittedAsync(parent);

        await Server.DisposeAsync();
        await InitializeAsync();
        var running = Assert.Single((await Executions.ListAsync(child, null, 10, null, Cancelled)).Items);
        _ = await Executions.StopAsync(running.ExecutionArn, "Stopped", "by hand", Cancelled);
        var ended = await Executions.WaitAsync(parent, TimeSpan.FromSeconds(30), Cancelled);

        Assert.Equal("States.TaskFailed", ended.Error);
        var cause = Assert.IsType<JsonObject>(JsonValue.Parse(ended.Cause ?? ""));
        Assert.Equal(("Stopped", "by hand", "ABORTED"), (cause["Error"], cause["Cause"], cause["Status"]));
    }

    [Fact]
    public async Task Start_SameNameOtherInput_IsRefusedAsTheApiDoes()
    {
        var child = await CreateAsync("child", Wait);
        _ = await Executions.StartAsync(child, "n", JsonObject.Empty, "{}", Cancelled);

        var ended = await RunAsync("", $$"""{"StateMachineArn":"{{child}}","Name":"n","Input":{"a":1} }""");

        Assert.Equal("StepFunctions.ExecutionAlreadyExistsException", ended.Error);
        Assert.StartsWith("Execution Already Exists: '", ended.Cause, StringComparison.Ordinal);
    }

    private async Task SubmittedAsync(string executionArn)
    {
        await foreach (var e in Executions.FollowHistoryAsync(executionArn, 0, Cancelled))
        {
            if (e.Type == Lungfish.States.Journal.HistoryEventType.TaskSubmitted)
            {
                return;
            }
        }

        Assert.Fail("It ended without a TaskSubmitted.");
    }

    private async Task<ExecutionDescription> RunAsync(string pattern, string parameters) =>
        await Executions.WaitAsync(await StartAsync(pattern, parameters), TimeSpan.FromSeconds(30), Cancelled);

    private async Task<string> StartAsync(string pattern, string parameters)
    {
        var machine = await CreateAsync("parent", $$"""
            {"StartAt":"T","States":{"T":{"Type":"Task","End":true,
            "Resource":"arn:aws:states:::states:startExecution{{pattern}}","Parameters":{{parameters}} } } }
            """);
        return (await Executions.StartAsync(machine, null, JsonObject.Empty, "{}", Cancelled)).ExecutionArn;
    }

    private async Task<string> CreateAsync(string name, string definition) =>
        (await Server.Engine.StateMachines.CreateAsync(
            new NewStateMachine { Name = name, Definition = definition, RoleArn = "arn:aws:iam::000000000000:role/r" },
            Cancelled)).Arn;
}
