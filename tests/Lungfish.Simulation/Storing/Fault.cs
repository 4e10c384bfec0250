namespace Lungfish.Simulation.Storing;

internal enum FaultKind
{
    // At a commit, by its number:
    CommitRefused,
    CommitLost,
    CommitAnswerLost,
    CommitSlow,
    CrashBeforeCommit,
    CrashAfterCommit,
    CrashAfterAnswer,
    LeaseLost,

    // At a read, by its number:
    ReadFails,
    ReadSlow,

    // At a request from outside, by its number:
    RequestLost,
    ReplyLost,

    // At a moment, in milliseconds:
    Crash,
    Restart,
    ClockSet,
    StoreAway,
    Damage,
}

/// <summary>One thing that goes wrong.</summary>
/// <param name="Number">Its place in the plan of its seed: names it when a run is replayed with some of them.</param>
/// <param name="At">The number of the commit, read or request; or the moment in milliseconds.</param>
/// <param name="Amount">How long, or by how much.</param>
internal sealed record Fault(int Number, FaultKind Kind, long At, TimeSpan Amount)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Number}: {Kind} at {At}, {Amount.TotalSeconds:0.###} s");
}

/// <summary>All that goes wrong in one run, known before it begins: faults can be left out one by one.</summary>
internal sealed class FaultPlan
{
    private readonly Dictionary<(FaultKind Kind, long At), Fault> _byNumber = [];

    public FaultPlan(IReadOnlyList<Fault> faults)
    {
        Faults = faults;
        foreach (var fault in faults)
        {
            _ = _byNumber.TryAdd((fault.Kind, fault.At), fault);
        }
    }

    public IReadOnlyList<Fault> Faults { get; }

    public IEnumerable<Fault> AtMoments => Faults.Where(fault => fault.Kind >= FaultKind.Crash);

    public Fault? AtCommit(long number) => Find(number, FaultKind.CommitRefused, FaultKind.LeaseLost);

    public Fault? AtRead(long number) => Find(number, FaultKind.ReadFails, FaultKind.ReadSlow);

    public Fault? AtRequest(long number) => Find(number, FaultKind.RequestLost, FaultKind.ReplyLost);

    public FaultPlan Only(IReadOnlySet<int> numbers) => new([.. Faults.Where(fault => numbers.Contains(fault.Number))]);

    private Fault? Find(long number, FaultKind first, FaultKind last)
    {
        for (var kind = first; kind <= last; kind++)
        {
            if (_byNumber.TryGetValue((kind, number), out var fault))
            {
                return fault;
            }
        }

        return null;
    }
}
