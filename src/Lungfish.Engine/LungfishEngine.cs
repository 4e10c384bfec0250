using Lungfish.Engine.Activities;
using Lungfish.Engine.Api;
using Lungfish.Engine.Durable;
using Lungfish.Engine.Faults;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.MapRuns;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.StateMachines;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Tasks;
using Lungfish.Engine.Testing;
using Lungfish.Engine.Timing;
using Lungfish.States.Model;
using Lungfish.States.Parsing;
using Microsoft.Extensions.Logging;

namespace Lungfish.Engine;

/// <summary>The engine on a store: what a server, or an application that embeds it, starts and stops.</summary>
public sealed class LungfishEngine : IAsyncDisposable
{
    private readonly PartitionMap _partitions;
    private readonly Lane _lane;
    private readonly AlarmClock _alarm;
    private readonly CommitFeed _feed;
    private readonly StateMachineRegistry _machines;
    private readonly ActivityRegistry _activities;
    private readonly ActivityTasks _activityTasks;
    private readonly SetAsideExecutions _setAside = new();
    private readonly EngineSurroundings _surroundings;
    private readonly CancellationTokenSource _stopped = new();
    private Task _retention = Task.CompletedTask;
    private bool _disposed;

    private LungfishEngine(
        IStore store, IReadOnlyList<ITaskHandler> handlers, EngineOptions options, TimeProvider time, ILogger logger)
    {
        _surroundings = options.Surroundings;
        var clock = new EngineClock(time);
        var pages = new PageTokens(options.TokenKey, time);
        var dispatcher = new TaskDispatcher(handlers, options.RunningTasksMax, logger);
        _activityTasks = new ActivityTasks(time);
        var mapRuns = new MapRunServices(options, new ChildResults(store), time, logger);
        var names = new TakenNames(store, options, logger, _stopped.Token);
        var services = new StateMachineServices(
            new TaskTokens(options.TokenKey), dispatcher, _activityTasks, options.Quotas, mapRuns, names, logger);
        var refusing = new RefusingStore(store, Refusals.StoreFailed);
        var catalog = new StateMachineCatalog(refusing, new DefinitionOptions
        {
            CanRun = CanRun,
            CanReadItems = resource => mapRuns.FindReader(resource) is not null,
            CanWriteResults = resource => mapRuns.FindWriter(resource) is not null,
        });
        _feed = new CommitFeed();
        var durableTokens = new DurableTokens(options.TokenKey);
        var durable = options.Functions is { } functions
            ? new DurableServices(
                functions,
                new InvocationDispatcher(functions, options.RunningInvocationsMax, logger),
                durableTokens,
                pages,
                time,
                logger)
            : null;
        _partitions = MakePartitions(new PartitionServices
        {
            Store = store,
            Loader = new DurableLoader(store, durable, new StateMachineLoader(catalog, services)),
            SetAside = _setAside,
            Clock = clock,
            Options = options,
            Logger = logger,
            IsCrowded = () => durable is { Dispatcher.IsCrowded: true },
        });
        if (durable is not null)
        {
            durable.Dispatcher.HasRoom = _partitions.RunAll;
        }

        _lane = new Lane(store, _partitions.All, _feed, _surroundings, time, logger);
        _alarm = new AlarmClock(time, clock, _partitions.All);
        foreach (var partition in _partitions.All)
        {
            partition.Connect(_lane, _alarm);
        }

        _machines = new StateMachineRegistry(catalog, options.Account, clock, pages, _surroundings);
        _activities = new ActivityRegistry(refusing, _activityTasks, options.Account, clock, pages);
        Deletion = new StateMachineDeletion(
            catalog, store, _partitions, options.Account, time, logger, _stopped.Token);
        Stops = new ChildStops(store, _partitions, time, logger, _stopped.Token);
        names.PassBarrier = _partitions.PassBarrierAsync;
        mapRuns.Connect(_partitions, Stops);
        MapRuns = new MapRunService(refusing, _partitions, pages);
        Retention = new Retention(store, options, clock, time, logger);
        _machines.DeletionBegan = Deletion.Begin;
        Executions = new ExecutionService(
            refusing,
            catalog,
            services,
            _partitions,
            _setAside,
            _feed,
            options.Account,
            pages,
            _surroundings,
            time);
        DurableExecutions = new DurableExecutionService(
            new RefusingStore(store, e => DurableErrors.Translate(Refusals.StoreFailed(e))),
            durable,
            durableTokens,
            pages,
            _partitions,
            _feed,
            options,
            clock,
            time);
        StateTests = new StateTester(dispatcher, options, clock, time);

        bool CanRun(TaskResource resource) => resource is ActivityResource || dispatcher.CanRun(resource);
    }

    public IExecutions Executions { get; }

    public IDurableExecutions DurableExecutions { get; }

    public IStateMachines StateMachines => _machines;

    public IActivities Activities => _activities;

    public IStateTests StateTests { get; }

    public IMapRuns MapRuns { get; }

    /// <summary>Executions that are left alone until the next start, because they cannot be gone on with.</summary>
    public IReadOnlyCollection<SetAsideExecution> SetAside => _setAside.All;

    /// <summary>For those who look into its memory: the simulation does.</summary>
    internal PartitionMap Partitions => _partitions;

    private StateMachineDeletion Deletion { get; }

    private ChildStops Stops { get; }

    private Retention Retention { get; }

    /// <summary>Takes the store's partitions, recovers what was in flight and begins to work.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public static async Task<LungfishEngine> StartAsync(
        IStore store,
        IReadOnlyList<ITaskHandler> handlers,
        EngineOptions options,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        var engine = new LungfishEngine(store, handlers, options, time, loggers.CreateLogger("Lungfish.Engine"));
        try
        {
            await engine._activities.LoadAsync(cancellationToken); // Deciders ask which activities exist.
            await engine._lane.TakePartitionsAsync(cancellationToken);
            await engine.Deletion.ResumeAsync();
            await engine.Stops.ResumeAsync();
            engine._retention = engine.Retention.RunAsync(engine._stopped.Token);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes nothing new, lets what is being decided become durable, and stops. Tasks in flight are cancelled
    /// and handed out again at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _surroundings.CancelAsync(_stopped);
        _lane.Stop();
        _alarm.Dispose();
        _activityTasks.Stop();
        var drained = new List<Task>();
        foreach (var partition in _partitions.All)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            drained.Add(done.Task);
            partition.PostControl(new Drain(done));
        }

        CrashPoints.Pass(CrashPoint.InDrain);
        foreach (var done in drained)
        {
            await done;
        }

        await _retention;
        _feed.Complete();
        _machines.Dispose();
        _activities.Dispose();
        _stopped.Dispose();
    }

    private static PartitionMap MakePartitions(PartitionServices services)
    {
        var count = services.Options.PartitionCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 1024);
        var partitions = new Partition[count];
        for (var i = 0; i < count; i++)
        {
            partitions[i] = new Partition(new PartitionId(i), PartitionMap.RangeOf(i, count), services);
        }

        return new PartitionMap(partitions);
    }

    private sealed class Drain(TaskCompletionSource done) : ControlMessage
    {
        public override void Handle(Partition partition) => partition.Drain(done);
    }
}
