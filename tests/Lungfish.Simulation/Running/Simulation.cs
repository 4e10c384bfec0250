using Lungfish.Engine;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Tests.Support;
using Lungfish.Engine.Timing;
using Lungfish.Journal;
using Lungfish.Simulation.Checking;
using Lungfish.Simulation.Planting;
using Lungfish.Simulation.Programs;
using Lungfish.Simulation.Scheduling;
using Lungfish.Simulation.Storing;

namespace Lungfish.Simulation.Running;

/// <summary>One run: a server, its store, and everybody around them, until all that was started has ended as it
/// must.</summary>
internal sealed class Simulation : IWorld, IStoreWorld
{
    private const int WorkflowsMax = 8;
    private const long StepsMax = 300_000;
    private const int ExecutionSetAside = 1; // And the following: ids in Log.cs.
    private const int PartitionFailed = 2;
    private const int LaneDown = 4;
    private const int LaneRecovered = 5;

    private static readonly TimeSpan s_limit = TimeSpan.FromHours(12);
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(30);
    private static readonly byte[] s_tokenKey = new byte[32];

    private readonly SimConfig _config;
    private readonly Plant _plant;
    private readonly Scheduler _scheduler;
    private readonly SimTime _time;
    private readonly SimDisk _disk = new();
    private readonly StoreFates _fates;
    private readonly Book _book;
    private readonly Witness _witness;
    private readonly Workload _workload;
    private readonly SimContext _outside;
    private readonly Random _random;
    private readonly HashSet<string> _damaged = [];
    private SimContext _process;
    private LungfishEngine? _engine;
    private Api? _api;
    private EngineClock _clock;
    private long _requests;
    private int _checks;

    public Simulation(SimConfig config, Plant plant, TextWriter? output)
    {
        _config = config;
        _plant = plant;
        _scheduler = new Scheduler(config.Seed, config.LagPercent);
        _time = new SimTime(_scheduler);
        _clock = new EngineClock(_time);
        Trace = new Trace(_scheduler, output);
        Random = Dice.Make(config.Seed, "world");
        _random = Dice.Make(config.Seed, "checks");
        Store = _scheduler.NewContext("store");
        _outside = _scheduler.NewContext("outside");
        _process = _scheduler.NewContext("server");
        _fates = new StoreFates(_disk, config, this);
        _book = new Book(
            _disk, () => _clock.Now.AddMilliseconds(1), config.Quotas, Violate); // They round at other moments.
        _witness = new Witness(_book, s_tokenKey, Violate);
        var swarm = new Swarm(config.Seed);
        var count = 1 + Dice.Make(config.Seed, "count").Next(WorkflowsMax);
        _workload = new Workload(WorkloadGenerator.Make(config.Seed, swarm, count, config.Quotas), swarm, this);
    }

    public SimContext Store { get; }

    public Trace Trace { get; }

    public TimeProvider Time => _time;

    public Random Random { get; }

    public int Disturbances { get; private set; }

    public Violation? Found { get; private set; }

    private bool IsOver => Found is not null || _scheduler.Failure is not null || _scheduler.Steps > StepsMax;

    public RunResult Run()
    {
        var before = SynchronizationContext.Current;
        try
        {
            Go();
        }
        catch (Exception e)
        {
            Violate("Crash", e.ToString());
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        return new RunResult(_config, Found, _scheduler.Hash, _scheduler.Steps, _book.Events, [.. Trace.Last]);
    }

    /// <summary>Calls the server from outside. If it crashes meanwhile, there is no answer.</summary>
    public Task<T> AskAsync<T>(Func<Api, Task<T>> call)
    {
        if (_api is not { } api)
        {
            throw new ServerIsDownException();
        }

        var fault = _config.Faults.AtRequest(++_requests);
        var answer = new TaskCompletionSource<T>();
        if (fault?.Kind != FaultKind.RequestLost)
        {
            _process.Begin(AnswerAsync);
        }

        return answer.Task;

        async Task AnswerAsync()
        {
            try
            {
                var value = await call(api);
                Send(() => answer.SetResult(value));
            }
            catch (Exception e) when (_damaged.Count > 0 && TellsOfDamage(e))
            {
                // What is damaged is left alone, and whoever asks for it asks in vain.
            }
            catch (Exception e)
            {
                Send(() => answer.SetException(e));
            }
        }

        void Send(Action send)
        {
            if (fault is null)
            {
                _outside.Post(static state => ((Action?)state)?.Invoke(), send);
            }
        }
    }

    public void BeginOutside(Func<Task> work) => _outside.Begin(work);

    public void Violate(string problem) => Violate("World", problem);

    public void Disturb() => Disturbances++;

    public void Committed(LaneBatch batch)
    {
        _book.Commit(batch);
        if (++_checks % 4 == 0)
        {
            foreach (var delta in batch.Partitions.SelectMany(partition => partition.Executions))
            {
                if (_disk.Find(delta.Id.Uuid) is { } row)
                {
                    _book.CheckRows(row);
                }
            }
        }
    }

    public void Crash(TimeSpan downTime)
    {
        if (_process.IsDead)
        {
            return;
        }

        Trace.Add("crash");
        Leave(_process);
        StartLater(downTime);
    }

    public void RestartLater(TimeSpan delay)
    {
        var process = _process;
        _scheduler.After(delay, Store, () =>
        {
            if (process == _process)
            {
                Restart();
            }
        });
    }

    private void Violate(string invariant, string problem) => Found ??= new Violation(invariant, problem);

    private void Go()
    {
        StartServer();
        foreach (var fault in _config.Faults.AtMoments)
        {
            _scheduler.After(TimeSpan.FromMilliseconds(fault.At), Store, () => Meet(fault));
        }

        _outside.Begin(() => _workload.RunAsync(CancellationToken.None));
        RunUntil(() => _workload.OpenNames.All(_damaged.Contains), s_limit);
        if (Found is null && _workload.OpenNames.Except(_damaged).Any())
        {
            var open = string.Join(", ", _workload.OpenNames.Except(_damaged));
            Violate("L1", $"After {_scheduler.NowTicks / TimeSpan.TicksPerSecond} s these have not ended: {open}.\n"
                + _workload.PrintOpen());
        }

        var settled = _scheduler.NowTicks + s_settling.Ticks;
        RunUntil(() => _scheduler.NowTicks >= settled, s_settling);
        RunUntil(() => _engine is not null, s_settling);
        var stopped = StopServer();
        RunUntil(() => stopped.IsCompleted, s_settling);
        if (!IsOver && !stopped.IsCompletedSuccessfully)
        {
            Violate("L3", $"The server was told to stop, and does not. {stopped.Exception?.InnerException}");
        }

        foreach (var row in _disk.Rows)
        {
            _book.CheckRows(row);
        }
    }

    private void RunUntil(Func<bool> isReached, TimeSpan atMost)
    {
        var until = _scheduler.NowTicks + atMost.Ticks;
        while (!IsOver && !isReached() && _scheduler.Step(until))
        {
            if (_engine is { } engine && _random.Next(2_000) == 0)
            {
                Memory.Compare(engine, _book, _disk, Violate);
                Memory.Count(engine, _config.RestingMaxOfAPartition, Violate);
            }
        }

        if (_scheduler.Failure is { } failure)
        {
            Violate("Crash", failure.ToString());
        }
        else if (_scheduler.Steps > StepsMax)
        {
            Violate("L1", $"After {_scheduler.Steps} steps it is not over.");
        }
    }

    private void StartServer()
    {
        var process = _process;
        process.Begin(async () =>
        {
            try
            {
                await StartAsync(process);
            }
            catch (Exception e) when (e is StoreUnavailableException or ApiException { HttpStatus: >= 500 })
            {
                Trace.Add("start failed");
                Leave(_process);
                StartLater(TimeSpan.FromSeconds(1));
            }
        });
    }

    private async Task StartAsync(SimContext process)
    {
        var random = Dice.Make(_config.Seed, $"server {process.Number}");
        var attachment = _workload.Attach();
        var tasks = new Crowd("tasks", _config.RunningTasksMax, problem => Violate("L4", problem));
        var invocations = new Crowd("invocations", _config.RunningInvocationsMax, problem => Violate("L4", problem));
        _clock = new EngineClock(_time);
        var engine = await LungfishEngine.StartAsync(
            _plant.Between(new SimStore(_disk, _fates, process), _disk),
            [.. attachment.Handlers.Select(handler => new WatchedTasks(handler, _witness, tasks))],
            _plant.Between(_config.Options() with
            {
                TokenKey = s_tokenKey,
                NamesLookedUpFirst = 3, // Else no run is long enough to come to where they are not looked up.
                Functions = new WatchedFunctions(attachment.Functions, _witness, invocations),
                ItemReaders = [attachment.Items],
                ResultWriters = [attachment.Items],
                Surroundings = _plant.Between(process, random, _config.InlinePercent),
            }),
            _plant.Between(_time),
            new Logged(WhenLogged),
            CancellationToken.None);
        _engine = engine;
        _api = new Api(engine, _witness);
        attachment.Connect(_api);
        Trace.Add("server is up");
    }

    private Task StopServer()
    {
        var stopped = new TaskCompletionSource();
        var engine = _engine;
        (_engine, _api) = (null, null);
        if (engine is null)
        {
            return Task.CompletedTask;
        }

        Trace.Add("server stops");
        Disturb();
        var process = _process;
        process.Begin(async () =>
        {
            await engine.DisposeAsync();
            Leave(process); // What was handed out until here is handed out again.
            stopped.SetResult();
        });
        return stopped.Task;
    }

    private void Restart()
    {
        var process = _process;
        _outside.Begin(async () =>
        {
            await StopServer(); // If it crashes meanwhile, this never comes back, and the crash starts it again.
            if (process == _process)
            {
                StartLater(TimeSpan.FromMilliseconds(10));
            }
        });
    }

    private void Leave(SimContext process)
    {
        Disturb();
        process.Kill();
        (_engine, _api) = (null, null);
    }

    private void StartLater(TimeSpan delay)
    {
        var process = _scheduler.NewContext("server");
        _process = process;
        _scheduler.After(delay, Store, () =>
        {
            if (!process.IsDead) // It has not crashed again before it was up.
            {
                StartServer();
            }
        });
    }

    private void Meet(Fault fault)
    {
        Trace.Add($"{fault.Kind}");
        switch (fault.Kind)
        {
            case FaultKind.Crash:
                Crash(fault.Amount);
                break;
            case FaultKind.Restart when _engine is not null:
                Restart();
                break;
            case FaultKind.ClockSet:
                _ = _clock.NowMs; // What has been seen does not come back.
                _time.SetWallClock(fault.Amount);
                break;
            case FaultKind.StoreAway:
                _fates.GoAway(fault.Amount);
                break;
            case FaultKind.Damage:
                Damage();
                break;
        }
    }

    /// <summary>One execution of those that nobody else waits for.</summary>
    private void Damage()
    {
        var rows = _disk.Rows
            .Where(row => row.Key.Name == Workload.ExecutionName && row.Rest is not Closed && row.Journal.Count > 0)
            .ToList();
        if (rows.Count > 0)
        {
            var row = rows[_random.Next(rows.Count)];
            row.Damage(_random);
            _ = _damaged.Add(Workload.NameOf(row.Key.OwnerArn));
            Trace.Add($"{row.Key} is damaged");
        }
    }

    private static bool TellsOfDamage(Exception e) => e is CorruptJournalException
        || (e is ApiException && e.Message.Contains("set aside", StringComparison.Ordinal));

    private void WhenLogged(int id, string line)
    {
        Trace.Add($"log: {line}");
        if (id is LaneDown or LaneRecovered)
        {
            Disturb();
        }
        else if (id is PartitionFailed or ExecutionSetAside && _damaged.Count == 0)
        {
            Violate("I22", line);
        }
    }
}
