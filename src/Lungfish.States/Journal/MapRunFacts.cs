using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.States.Journal;

/// <summary>All that was evaluated for a map run when it started; part of its MapRunStarted event.</summary>
internal sealed record MapRunPlan
{
    public required string Arn { get; init; }

    /// <summary>What ItemSelector reads as <c>$</c>.</summary>
    public required JsonValue Input { get; init; }

    /// <summary>The array or object that is iterated; null if the items are read from a source.</summary>
    public JsonValue? Items { get; init; }

    public required MapRunLimits Limits { get; init; }

    public bool IsExpress { get; init; }

    /// <summary>0 for all.</summary>
    public long ItemsMax { get; init; }

    /// <summary>True if a child's input is a batch of items.</summary>
    public bool IsBatched { get; init; }

    /// <summary>0 for any number.</summary>
    public long BatchItemsMax { get; init; }

    /// <summary>0 for the limit of any payload.</summary>
    public long BatchBytesMax { get; init; }

    public JsonValue? BatchInput { get; init; }

    /// <summary>The evaluated Parameters of the ItemReader.</summary>
    public JsonValue? ReaderParameters { get; init; }

    /// <summary>The evaluated Parameters of the ResultWriter.</summary>
    public JsonValue? WriterParameters { get; init; }
}

/// <summary>A page of items came from the source: from now on they are those of this run, whatever becomes of the
/// source.</summary>
/// <param name="MapRun">The id of the run's MapRunStarted event, here and below.</param>
/// <param name="Items">An array, or an object whose members are the items.</param>
/// <param name="Next">Where the next page begins; null if this is the last one.</param>
/// <param name="Origin">What Map.Item.Source says.</param>
internal sealed record ItemsRead(long MapRun, JsonValue Items, string? Next, string Origin) : Fact;

/// <summary>A child execution is to run on the next items.</summary>
/// <param name="Input">Null: the next item as it is, which is in the journal already.</param>
internal sealed record ChildStarted(long MapRun, long Index, int ItemCount, JsonValue? Input) : Fact;

/// <summary>A child execution has closed.</summary>
/// <param name="Result">Its place in the state's result; null where results are not collected.</param>
internal sealed record ChildClosed(long MapRun, long Index, ExecutionStatus Status, JsonValue? Result) : Fact;

/// <summary>Somebody changed the limits of a map run while it ran.</summary>
internal sealed record MapRunUpdated(long MapRun, MapRunLimits Limits) : Fact;
