using Lungfish.Simulation.Scheduling;

namespace Lungfish.Simulation.Running;

/// <summary>What happened, line by line: the last lines are kept for who looks into a failure.</summary>
internal sealed class Trace(Scheduler scheduler, TextWriter? output)
{
    private const int Kept = 60;

    private readonly Queue<string> _lines = new();

    public IEnumerable<string> Last => _lines;

    public void Add(string line)
    {
        foreach (var c in line)
        {
            scheduler.Mix(c);
        }

        var now = TimeSpan.FromTicks(scheduler.NowTicks);
        var text = string.Create(CultureInfo.InvariantCulture, $"{now.TotalSeconds,10:F4} {line}");
        output?.WriteLine(text);
        _lines.Enqueue(text);
        if (_lines.Count > Kept)
        {
            _ = _lines.Dequeue();
        }
    }
}

/// <summary>Something has happened that never may.</summary>
/// <param name="Invariant">Which one does not hold.</param>
internal sealed record Violation(string Invariant, string Problem)
{
    public override string ToString() => $"{Invariant}: {Problem}";
}
