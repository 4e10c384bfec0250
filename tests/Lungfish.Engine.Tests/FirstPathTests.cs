using Lungfish.Engine.Tests.Support;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.Tests;

public sealed class FirstPathTests
{
    [Fact]
    public async Task Start_PassMachine_SucceedsWithItsInput()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Pass);

        var started = await world.StartAsync(machine, "e", """{"a": 1}""");
        var ended = await world.WaitAsync(started);

        Assert.Equal("arn:aws:states:us-east-1:000000000000:execution:m:e", started.ExecutionArn);
        Assert.Equal(ExecutionStatus.Succeeded, ended.Summary.Status);
        Assert.Equal("""{"a":1}""", ended.Output);
        Assert.Equal("""{"a": 1}""", ended.Input);
    }

    [Fact]
    public async Task Start_TaskMachine_SucceedsWithTheHandlersOutput()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => new Tasks.TaskCompleted(JsonValue.Parse("[1]"));
        var machine = await world.CreateAsync("m", Definitions.Task);

        var ended = await world.WaitAsync(await world.StartAsync(machine, null));

        Assert.Equal("[1]", ended.Output);
        _ = Assert.Single(world.Handler.Given);
    }

    [Fact]
    public async Task SucceedTask_CallbackMachine_SucceedsWithThatOutput()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Callback);
        var started = await world.StartAsync(machine, "e");
        await world.RestsAsync("e");
        var token = Assert.Single(world.Handler.Given).Token;
        Assert.NotNull(token);

        await world.Executions.SucceedTaskAsync(token, JsonValue.Parse("\"yes\""), World.Cancelled);
        var ended = await world.WaitAsync(started);

        Assert.Equal("\"yes\"", ended.Output);
    }
}
