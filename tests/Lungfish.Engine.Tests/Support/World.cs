using System.Collections.Concurrent;
using Lungfish.Engine.Api;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Tasks;
using Lungfish.Json;
using Lungfish.States.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lungfish.Engine.Tests.Support;

/// <summary>An engine on a store in memory, with a clock and a task handler that the test holds in its hands.</summary>
internal sealed class World : IAsyncDisposable
{
    public const string Role = "arn:aws:iam::000000000000:role/r";

    private LungfishEngine? _engine;

    public FakeTime Time { get; } = new();

    public MemoryStore Store { get; } = new();

    public FakeHandler Handler { get; } = new();

    public EngineOptions Options { get; init; } = new() { TokenKey = new byte[32] };

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    public LungfishEngine Engine => _engine ?? throw new InvalidOperationException("Not started.");

    public IExecutions Executions => Engine.Executions;

    public IStateMachines Machines => Engine.StateMachines;

    public static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<World> StartAsync(EngineOptions? options = null)
    {
        var world = options is null ? new World() : new World { Options = options };
        await world.StartEngineAsync();
        return world;
    }

    public async Task StartEngineAsync(IStore? store = null) => _engine = await LungfishEngine.StartAsync(
        store ?? Store, [Handler], Options, Time, Loggers, Cancelled);

    /// <summary>Stops the engine in good order and starts another on the same store.</summary>
    public async Task RestartAsync()
    {
        await Engine.DisposeAsync();
        await StartEngineAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }
    }

    public async Task<string> CreateAsync(string name, string definition)
    {
        var machine = await Machines.CreateAsync(
            new NewStateMachine { Name = name, Definition = definition, RoleArn = Role }, Cancelled);
        return machine.Arn;
    }

    public Task<StartedExecution> StartAsync(string machineArn, string? name, string input = "{}") =>
        Executions.StartAsync(machineArn, name, JsonValue.Parse(input), input, Cancelled);

    public Task<ExecutionDescription> WaitAsync(StartedExecution execution) =>
        Executions.WaitAsync(execution.ExecutionArn, Timeout.InfiniteTimeSpan, Cancelled).WaitAsync(
            TimeSpan.FromSeconds(30), Cancelled);

    /// <summary>Waits until the store has the execution at rest. A hand-over may linger, so a little time goes
    /// by.</summary>
    public Task RestsAsync(string executionName) => UntilAsync(
        () =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(10));
            return Store.RestOf(executionName) is Parked;
        },
        $"{executionName} rests");

    /// <summary>Lets a little time go by, again and again, until something has ended that waits for it.</summary>
    public static Task AdvanceUntilAsync(FakeTime time, Task ends, string what) => UntilAsync(
        () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return ends.IsCompleted;
        },
        what);

    /// <summary>Waits for something that other threads are about to do; fails if it does not come.</summary>
    public static async Task UntilAsync(Func<bool> holds, string what)
    {
        for (var i = 0; i < 3_000; i++)
        {
            if (holds())
            {
                return;
            }

            await Task.Delay(5, Cancelled);
        }

        Assert.Fail("It never came: " + what);
    }
}

/// <summary>Carries out what each test says; counts what it was given.</summary>
internal sealed class FakeHandler : ITaskHandler
{
    private readonly TaskCompletionSource<TaskOutcome> _never = new();

    public ConcurrentQueue<TaskAssignment> Given { get; } = new();

    public ConcurrentQueue<TaskAssignment> Stopped { get; } = new();

    public ConcurrentQueue<CancellationToken> Tokens { get; } = new();

    /// <summary>Null: the task goes on for ever.</summary>
    public Func<TaskAssignment, TaskOutcome?> Does { get; set; } = assignment => assignment.Task.AnsweredByToken
        ? new TaskHandedOver(JsonObject.Empty)
        : new TaskCompleted(assignment.Task.Input);

    public bool CanRun(TaskResource resource) =>
        resource is LambdaFunctionResource or ServiceIntegration { Service: "lambda" or "states" };

    public async ValueTask<TaskOutcome> RunSlowlyAsync(CancellationToken cancellationToken) =>
        await _never.Task.WaitAsync(cancellationToken);

    public ValueTask StopAsync(TaskAssignment assignment)
    {
        Stopped.Enqueue(assignment);
        return ValueTask.CompletedTask;
    }

    public ValueTask<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        Given.Enqueue(assignment);
        Tokens.Enqueue(cancellationToken);
        return Does(assignment) is { } outcome ? new(outcome) : RunSlowlyAsync(cancellationToken);
    }
}
