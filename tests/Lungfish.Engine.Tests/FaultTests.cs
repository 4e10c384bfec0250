using Lungfish.Engine.Api;
using Lungfish.Engine.Tasks;
using Lungfish.Engine.Tests.Support;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;

namespace Lungfish.Engine.Tests;

/// <summary>Executions of all kinds while commits are lost at random: the store checks each batch, the test the
/// ends.</summary>
public sealed class FaultTests
{
    private const int ExecutionCount = 120;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task CommitsLostAtRandom_EveryExecutionEndsOnceWithItsResult(int seed)
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = Handle;
        var machines = new[]
        {
            await world.CreateAsync("pass", Definitions.Pass),
            await world.CreateAsync("task", Definitions.Task),
            await world.CreateAsync("wait", Definitions.Wait(5)),
            await world.CreateAsync("callback", Definitions.Callback),
        };
        var random = new Random(seed);
        var faults = 0;
        world.Store.Dice = () =>
        {
            var fate = random.Next(100) switch
            {
                < 5 => Fate.LostBeforeCommit,
                < 10 => Fate.CommittedButReplyLost,
                _ => Fate.Ok,
            };
            faults += fate == Fate.Ok ? 0 : 1;
            return fate;
        };
        using var done = CancellationTokenSource.CreateLinkedTokenSource(World.Cancelled);
        var clock = Task.Run(() => MoveTimeAsync(world, done.Token));
        var answerer = Task.Run(() => AnswerAsync(world, done.Token));

        var ends = await Task.WhenAll(Enumerable.Range(0, ExecutionCount)
            .Select(i => Task.Run(() => RunAsync(world, machines[i % machines.Length], $"e{i}", $"{i}"))));
        await done.CancelAsync();
        await Task.WhenAll(clock, answerer);

        Assert.True(faults > 0, "No commit was lost.");
        Assert.Equal(ExecutionCount, world.Store.ExecutionCount);
        for (var i = 0; i < ExecutionCount; i++)
        {
            Assert.Equal((ExecutionStatus.Succeeded, $"{i}"), (ends[i].Summary.Status, ends[i].Output));
            var events = world.Store.EventsOf($"e{i}");
            Assert.Equal(1, events.Count(e => e.Type == HistoryEventType.ExecutionSucceeded));
            Assert.True(events.Count(e => e.Type == HistoryEventType.TaskSucceeded) <= 1);
        }

        Assert.Empty(await world.Executions.ListCallbacksAsync(null, null, 100, World.Cancelled));
    }

    private static TaskOutcome? Handle(TaskAssignment assignment) => assignment.Task.AnsweredByToken
        ? new TaskHandedOver(JsonObject.Empty)
        : new TaskCompleted(assignment.Task.Input);

    /// <summary>Starts until the start is acknowledged, as AWS SDKs do, and waits for the end.</summary>
    private static async Task<ExecutionDescription> RunAsync(World world, string machine, string name, string input)
    {
        StartedExecution? started = null;
        while (true)
        {
            try
            {
                started ??= await world.StartAsync(machine, name, input);
                return await world.Executions.WaitAsync(
                    started.ExecutionArn, TimeSpan.FromHours(1), World.Cancelled) is { Summary.StopDate: not null } end
                    ? end
                    : throw new ApiException("Late", "Not ended yet.", 503);
            }
            catch (ApiException e) when (e.HttpStatus == 503 || (e.Code == "ExecutionAlreadyExists" && started is null))
            {
                // An execution that has ended meanwhile is the one of the start whose answer was lost.
                started = e.Code == "ExecutionAlreadyExists"
                    ? new StartedExecution(machine.Replace(":stateMachine:", ":execution:") + ":" + name, default)
                    : started;
                await Task.Yield();
            }
        }
    }

    /// <summary>Answers each token, some of them twice, until the engine says that it took the answer.</summary>
    private static async Task AnswerAsync(World world, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            foreach (var given in world.Handler.Given.Where(given => given.Token is not null))
            {
                try
                {
                    var execution = given.Execution.ExecutionName;
                    await world.Executions.SucceedTaskAsync(
                        given.Token ?? "", JsonValue.Parse(execution[1..]), CancellationToken.None);
                }
                catch (ApiException e) when (e.HttpStatus == 503 || e.Code == "TaskTimedOut")
                {
                    // Lost or late: the next round tries again.
                }
            }

            await Task.Yield();
        }
    }

    private static async Task MoveTimeAsync(World world, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            world.Time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Delay(1, CancellationToken.None);
        }
    }
}
