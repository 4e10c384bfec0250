namespace Lungfish.DurableFunctions.Testing;

/// <summary>A fault that waits for its place, and tells afterwards whether it came.</summary>
public sealed class InjectedFault
{
    private volatile string? _struck;

    internal InjectedFault(FaultKind kind, CheckpointPlace place, int times) =>
        (Kind, Place, Left) = (kind, place, times);

    /// <summary>What goes wrong.</summary>
    public FaultKind Kind { get; }

    /// <summary>Where.</summary>
    public CheckpointPlace Place { get; }

    /// <summary>Whether it has happened.</summary>
    public bool HasStruck => _struck is not null;

    /// <summary>The update at which it happened first; null: not yet.</summary>
    public string? StruckAt => _struck;

    internal int Left { get; private set; }

    /// <summary>The fault in words.</summary>
    public override string ToString() => $"{Kind} at {StruckAt ?? Place.ToString()}";

    internal void Strike(string at)
    {
        Left--;
        _struck ??= at;
    }
}

/// <summary>All faults of a runner, for all of its executions.</summary>
internal sealed class FaultPlan
{
    /// <summary>Nothing goes wrong.</summary>
    public static readonly FaultPlan None = new();

    private readonly Lock _gate = new();
    private readonly List<InjectedFault> _faults = [];

    public InjectedFault Add(FaultKind kind, CheckpointPlace place, int times)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        var fault = new InjectedFault(kind, place, times);
        lock (_gate)
        {
            _faults.Add(fault);
        }

        return fault;
    }

    /// <summary>What goes wrong at this update, or null. The first that was injected has precedence.</summary>
    public FaultKind? Take(int number, string? operationName, string action)
    {
        lock (_gate)
        {
            var fault = _faults.Find(fault => fault.Left > 0 && fault.Place.Matches(number, operationName, action));
            fault?.Strike($"update {number} ({action} of {operationName ?? "an operation without a name"})");
            return fault?.Kind;
        }
    }
}
