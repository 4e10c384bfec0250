namespace Lungfish.Simulation.Programs;

/// <summary>Something that a simulation runs, with all that follows from it: what its work answers, what people outside
/// do, and the ends that may come of it.</summary>
/// <remarks>The outcome of each piece of work follows from the seed and from what the work is, so that the end does not
/// depend on when things happen, on what fails meanwhile or on what is done twice.</remarks>
internal abstract class Workflow
{
    /// <summary>Of the state machine or the function; another one for each workflow of a run.</summary>
    public required string Name { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>JSON text.</summary>
    public required string Input { get; init; }

    /// <summary>The simulation starts it; otherwise another workflow does.</summary>
    public bool IsStarted { get; init; } = true;

    /// <summary>Somebody stops it that long after its start; null: nobody does.</summary>
    public TimeSpan? StopAfter { get; init; }

    /// <summary>One of these comes. More than one where the order of events may rightly decide.</summary>
    public required IReadOnlyList<ExpectedEnd> Ends { get; init; }

    /// <summary>What a person reads and can start by hand.</summary>
    public abstract string Print();

    public bool Allows(WorkflowEnd end) => Ends.Any(expected => expected.Allows(end));

    protected string PrintEnds()
    {
        var stopped = StopAfter is { } after ? $"Stopped after {after.TotalSeconds} s.\n" : "";
        return $"{stopped}Input: {Input}\nMay end as:\n  {string.Join("\n  ", Ends)}\n";
    }
}
