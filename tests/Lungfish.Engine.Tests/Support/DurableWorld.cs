using System.Collections.Immutable;
using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Engine.Api;
using Lungfish.Engine.Durable;
using Lungfish.Engine.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lungfish.Engine.Tests.Support;

/// <summary>An engine with durable functions on a store in memory, with a clock and functions that the test holds in
/// its hands.</summary>
internal sealed class DurableWorld : IAsyncDisposable
{
    private LungfishEngine? _engine;

    public FakeTime Time { get; } = new();

    public MemoryStore Store { get; } = new();

    public FakeFunctions Functions { get; } = new();

    public EngineOptions Options { get; init; } = new() { TokenKey = new byte[32] };

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    public LungfishEngine Engine => _engine ?? throw new InvalidOperationException("Not started.");

    public IDurableExecutions Executions => Engine.DurableExecutions;

    public static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static string ArnOf(string function, string version = "$LATEST") =>
        $"arn:aws:lambda:us-east-1:000000000000:function:{function}:{version}";

    public static async Task<DurableWorld> StartAsync(EngineOptions? options = null)
    {
        var world = options is null ? new DurableWorld() : new DurableWorld { Options = options };
        await world.StartEngineAsync();
        return world;
    }

    public async Task StartEngineAsync(IStore? store = null) => _engine = await LungfishEngine.StartAsync(
        store ?? Store, [], Options with { Functions = Functions }, Time, Loggers, Cancelled);

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

    public Task<StartedDurableExecution> StartAsync(
        string? name,
        string? input = "{}",
        string function = "f",
        string version = "$LATEST",
        int timeoutSeconds = 3_600,
        int retentionDays = 14) =>
        Executions.StartAsync(
            New(name, input, function, version, timeoutSeconds, retentionDays), Cancelled);

    /// <summary>Starts it, and waits for its end.</summary>
    public async Task<DurableDescription> RunAsync(
        string? name, string? input = "{}", CancellationToken? cancelled = null) =>
        await Executions.RunAsync(New(name, input, "f", "$LATEST", 3_600, 14), cancelled ?? Cancelled).WaitAsync(
            TimeSpan.FromSeconds(30), Cancelled);

    /// <summary>Starts the execution e of a function that checkpoints and is pending; waits until it rests.</summary>
    public async Task<string> StartPendingAsync(params ImmutableArray<OperationUpdate> updates)
    {
        Functions.Does = CheckpointThenPending(updates);
        var started = await StartAsync("e");
        await RestsAsync("e");
        return started.ExecutionArn;
    }

    /// <summary>Waits until the execution rests. What lingers becomes durable when somebody asks for it.</summary>
    public Task RestsAsync(string executionName) => World.UntilAsync(
        () =>
        {
            if (Functions.Invoked.FirstOrDefault(one => one.Execution.Name == executionName) is { } invoked)
            {
                _ = Executions.DescribeAsync(invoked.Execution.Arn, Cancelled);
            }

            return Store.RestOf(executionName) is Parked;
        },
        $"{executionName} rests");

    public Func<DurableInvocation, CancellationToken, Task<InvocationOutcome>> CheckpointThenPending(
        params ImmutableArray<OperationUpdate> updates) => async (invocation, cancelled) =>
    {
        cancelled.ThrowIfCancellationRequested();
        if (invocation.Operations.Count == 1)
        {
            _ = await CheckpointAsync(invocation, updates);
        }

        return new ReturnedPending();
    };

    public Task<CheckpointResult> CheckpointAsync(
        DurableInvocation invocation, params ImmutableArray<OperationUpdate> updates) =>
        CheckpointAsync(invocation.Execution.Arn, invocation.CheckpointToken, updates);

    public Task<CheckpointResult> CheckpointAsync(
        string executionArn, string? token, params ImmutableArray<OperationUpdate> updates) =>
        Executions.CheckpointAsync(executionArn, token ?? "", null, updates, Cancelled);

    public Task<DurableDescription> WaitAsync(string executionArn) =>
        Executions.WaitAsync(executionArn, Timeout.InfiniteTimeSpan, Cancelled).WaitAsync(
            TimeSpan.FromSeconds(30), Cancelled);

    public Task<DurableDescription> WaitAsync(StartedDurableExecution started) => WaitAsync(started.ExecutionArn);

    public async Task<IReadOnlyList<HistoryEvent>> HistoryAsync(string executionArn) =>
        (await Executions.ReadHistoryAsync(executionArn, 1_000, false, null, Cancelled)).Items;

    /// <summary>The types of the history's events, in their order.</summary>
    public async Task<string> TypesAsync(string executionArn) =>
        string.Join(' ', (await HistoryAsync(executionArn)).Select(e => e.Type));

    public async Task<Operation> OperationAsync(string executionArn, string id) =>
        (await Executions.ReadOperationsAsync(executionArn, Cancelled)).Single(operation => operation.Id == id);

    private static NewDurableExecution New(
        string? name, string? input, string function, string version, int timeoutSeconds, int retentionDays) => new()
        {
            FunctionArn = ArnOf(function, version),
            Version = version,
            Name = name,
            Input = input,
            ExecutionTimeoutSeconds = timeoutSeconds,
            RetentionDays = retentionDays,
        };
}

/// <summary>Updates as SDKs send them.</summary>
internal static class Updates
{
    public static OperationUpdate StepStart(string id) => Update(id, OperationType.Step, OperationAction.Start);

    public static OperationUpdate StepSucceed(string id, string payload) =>
        Update(id, OperationType.Step, OperationAction.Succeed) with { Payload = payload };

    public static OperationUpdate StepFail(string id) =>
        Update(id, OperationType.Step, OperationAction.Fail) with
        {
            Error = new ErrorObject { ErrorType = "Broken", ErrorMessage = "it broke" },
        };

    public static OperationUpdate Wait(string id, int seconds) =>
        Update(id, OperationType.Wait, OperationAction.Start) with { WaitSeconds = seconds };

    public static OperationUpdate Callback(string id, int? timeoutSeconds = null, string? name = null) =>
        Update(id, OperationType.Callback, OperationAction.Start) with
        {
            Name = name,
            TimeoutSeconds = timeoutSeconds,
        };

    public static OperationUpdate Invoke(string id, string function, string payload = "{}") =>
        Update(id, OperationType.ChainedInvoke, OperationAction.Start) with
        {
            FunctionName = function,
            Payload = payload,
        };

    private static OperationUpdate Update(string id, OperationType type, OperationAction action) =>
        new() { Id = id, Type = type, Action = action, SubType = type.ToString() };
}
