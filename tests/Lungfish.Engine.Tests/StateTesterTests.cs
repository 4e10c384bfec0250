using Lungfish.Engine.Tasks;
using Lungfish.Engine.Tests.Support;
using Lungfish.Json;
using Lungfish.States.Testing;

namespace Lungfish.Engine.Tests;

public sealed class StateTesterTests
{
    private const string Call = """
        {
          "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:work", "End": true,
          "ResultPath": "$.out", "TimeoutSeconds": 600
        }
        """;

    [Fact]
    public async Task Run_TaskWithoutMock_IsCarriedOutByItsHandler()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => new TaskCompleted(42);

        var result = await RunAsync(world, Of(Call) with { Input = JsonObject.Of("a", 1) });

        Assert.Equal("""{"a":1,"out":42}""", result.Output?.ToText());
        var given = Assert.Single(world.Handler.Given);
        Assert.Equal("""{"a":1}""", given.Task.Input.ToText());
        Assert.Contains(":express:", given.Execution.ExecutionArn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TaskFails_TellsItsError()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => new TaskFaulted("Odd", "so it is");

        var result = await RunAsync(world, Of(Call));

        Assert.Equal(
            (StateTestStatus.Failed, "Odd", "so it is"), (result.Status, result.Error, result.Cause));
    }

    [Fact]
    public async Task Run_HandlerThrows_FailsAsInAnExecution()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => throw new InvalidOperationException("a bug");

        var result = await RunAsync(world, Of(Call));

        Assert.Equal(("States.TaskFailed", "a bug"), (result.Error, result.Cause));
    }

    [Fact]
    public async Task Run_MockedTask_ReachesNoHandlerAndLeavesNothing()
    {
        await using var world = await World.StartAsync();

        await RunAsync(world, Of(Call) with { Mock = new MockRequest { Result = "1" } });

        Assert.Empty(world.Handler.Given);
        Assert.Empty((await world.Machines.ListAsync(10, null, World.Cancelled)).Items);
    }

    [Fact]
    public async Task Run_Wait_TakesItsTime()
    {
        await using var world = await World.StartAsync();
        var running = RunAsync(world, Of("""{ "Type": "Wait", "Seconds": 100, "End": true }"""));

        world.Time.Advance(TimeSpan.FromSeconds(99));
        Assert.False(running.IsCompleted);
        world.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(StateTestStatus.Succeeded, (await running).Status);
    }

    [Fact]
    public async Task Run_TaskTimesOut_FailsAndWithdrawsTheTask()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => null;
        var definition = Call.Replace("600", "60", StringComparison.Ordinal);
        var running = RunAsync(world, Of(definition));
        await World.UntilAsync(() => !world.Handler.Tokens.IsEmpty, "the task");

        world.Time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal("States.Timeout", (await running).Error);
        Assert.True(Assert.Single(world.Handler.Tokens).IsCancellationRequested);
    }

    // Documented: a test runs at most five minutes.
    [Fact]
    public async Task Run_LongerThanFiveMinutes_FailsWithStatesTimeout()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => null;
        var running = RunAsync(world, Of(Call));
        await World.UntilAsync(() => !world.Handler.Tokens.IsEmpty, "the task");

        world.Time.Advance(TimeSpan.FromSeconds(299));
        Assert.False(running.IsCompleted);
        world.Time.Advance(TimeSpan.FromSeconds(1));

        var result = await running;
        Assert.Equal((StateTestStatus.Failed, "States.Timeout"), (result.Status, result.Error));
    }

    [Fact]
    public async Task Run_CallerGoesAway_WithdrawsTheTask()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => null;
        using var caller = new CancellationTokenSource();
        var running = world.Engine.StateTests.RunAsync(Of(Call), caller.Token);
        await World.UntilAsync(() => !world.Handler.Tokens.IsEmpty, "the task");

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.True(Assert.Single(world.Handler.Tokens).IsCancellationRequested);
    }

    [Theory]
    [InlineData("{}", "InvalidDefinition", "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: ")]
    [InlineData(
        """{ "Type": "Task", "Resource": "arn:aws:states:us-east-1:000000000000:activity:a", "End": true }""",
        "InvalidDefinition", "TestState API does not support")]
    public async Task Run_DefinitionCannotBeTested_IsRefused(string definition, string code, string beginning)
    {
        await using var world = await World.StartAsync();

        var refusal = await Assert.ThrowsAsync<ApiException>(() => RunAsync(world, Of(definition)));

        Assert.Equal(code, refusal.Code);
        Assert.StartsWith(beginning, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MockDoesNotFit_IsAValidationException()
    {
        await using var world = await World.StartAsync();

        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => RunAsync(world, Of(Call) with { Mock = new MockRequest { Result = "nope" } }));

        Assert.Equal(("ValidationException", "Mocked result must be valid JSON"), (refusal.Code, refusal.Message));
    }

    private static StateTestRequest Of(string definition) => new() { Definition = definition, RoleArn = World.Role };

    private static Task<StateTestResult> RunAsync(World world, StateTestRequest request) =>
        world.Engine.StateTests.RunAsync(request, World.Cancelled).WaitAsync(TimeSpan.FromSeconds(30), World.Cancelled);
}
