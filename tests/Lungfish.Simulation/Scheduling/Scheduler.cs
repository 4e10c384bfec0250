namespace Lungfish.Simulation.Scheduling;

/// <summary>Runs everything on one thread, in an order that follows from the seed: of what is ready any may be next,
/// and time passes when nothing is ready.</summary>
internal sealed class Scheduler(ulong seed, int lagPercent)
{
    private const long LagTicksMax = 50 * TimeSpan.TicksPerMillisecond;

    private readonly Random _random = Dice.Make(seed, "scheduler");
    private readonly List<Item> _ready = [];
    private readonly PriorityQueue<Alarm, (long DueTicks, long Order)> _alarms = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _order;
    private int _contexts;

    /// <summary>Virtual time since the run began.</summary>
    public long NowTicks { get; private set; }

    public long Steps { get; private set; }

    /// <summary>What has happened so far, as one number.</summary>
    public ulong Hash { get; private set; } = 0xCBF29CE484222325;

    /// <summary>What something threw that nobody awaits; or that something ran on another thread.</summary>
    public Exception? Failure { get; private set; }

    public SimContext NewContext(string name) => new(this, name, ++_contexts);

    /// <summary>Lets something run when it is its turn.</summary>
    public void Add(SimContext context, SendOrPostCallback callback, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            Failure ??= new InvalidOperationException(
                $"Work for {context.Name} comes from another thread: {Environment.StackTrace}");
            return;
        }

        _ready.Add(new Item(context, callback, state));
    }

    public void SetAlarm(Alarm alarm, long dueTicks) => _alarms.Enqueue(alarm, (dueTicks, ++_order));

    public void After(TimeSpan delay, SimContext context, Action action) =>
        SetAlarm(
            new Alarm(() => context.Post(static state => ((Action?)state)?.Invoke(), action)), NowTicks + delay.Ticks);

    /// <summary>Runs what comes next.</summary>
    /// <returns>False if nothing is left to do until that moment.</returns>
    public bool Step(long untilTicks)
    {
        // A machine that is slow: time passes although there is something to do.
        var isSlow = lagPercent > 0 && _random.Next(100) < lagPercent;
        if (_ready.Count == 0 ? !Ring(untilTicks) : isSlow && !Ring(Math.Min(untilTicks, NowTicks + LagTicksMax)))
        {
            return _ready.Count > 0;
        }

        if (_ready.Count == 0)
        {
            return true;
        }

        var place = _random.Next(_ready.Count);
        var item = _ready[place];
        _ready[place] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Steps++;
        Mix((ulong)place);
        Mix((ulong)NowTicks);
        Run(item);
        return true;
    }

    public void Mix(ulong value) => Hash = unchecked((Hash ^ value) * 0x100000001B3);

    private void Run(Item item)
    {
        if (item.Context.IsDead)
        {
            return; // It was the work of a process that is no more.
        }

        Mix((ulong)item.Context.Number);
        SynchronizationContext.SetSynchronizationContext(item.Context);
        try
        {
            item.Callback(item.State);
        }
        catch (Exception e)
        {
            Failure ??= e;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    private bool Ring(long untilTicks)
    {
        while (_alarms.TryPeek(out var alarm, out var at) && at.DueTicks <= untilTicks)
        {
            _ = _alarms.Dequeue();
            if (!alarm.IsCancelled)
            {
                NowTicks = Math.Max(NowTicks, at.DueTicks);
                alarm.Ring();
                return true;
            }
        }

        return false;
    }

    private readonly record struct Item(SimContext Context, SendOrPostCallback Callback, object? State);
}

/// <summary>Something that happens at a moment.</summary>
internal sealed class Alarm(Action ring)
{
    public bool IsCancelled { get; set; }

    public void Ring() => ring();
}

/// <summary>What belongs to one simulated process. What is awaited in it comes back to it, until it is
/// killed.</summary>
internal sealed class SimContext(Scheduler scheduler, string name, int number) : SynchronizationContext
{
    public string Name => name;

    public int Number => number;

    public bool IsDead { get; private set; }

    public Scheduler Scheduler => scheduler;

    public static SimContext Here => Current as SimContext
        ?? throw new InvalidOperationException("This must run inside the simulation.");

    /// <summary>Nothing of it runs ever again.</summary>
    public void Kill() => IsDead = true;

    public override void Post(SendOrPostCallback d, object? state) => scheduler.Add(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("There is one thread: nobody can wait for another.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Lets work of this process begin. Nobody awaits it: an exception fails the run.</summary>
    public void Begin(Func<Task> work) => Post(static state => Run((Func<Task>?)state), work);

    private static async void Run(Func<Task>? work)
    {
        if (work is not null)
        {
            await work();
        }
    }
}

/// <summary>Dice that depend on the seed and on what they are for.</summary>
internal static class Dice
{
    public static Random Make(ulong seed, string what)
    {
        var hash = 0xCBF29CE484222325 ^ seed;
        foreach (var c in what)
        {
            hash = unchecked((hash ^ c) * 0x100000001B3);
        }

        hash = unchecked((hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9);
        return new Random(unchecked((int)(hash ^ (hash >> 31))));
    }
}
