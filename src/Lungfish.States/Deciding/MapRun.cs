using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.States.Journal;

namespace Lungfish.States.Deciding;

/// <summary>One run of a distributed Map state: which items are left, which children run, what came of the
/// others.</summary>
/// <remarks>Its size does not grow with the number of items: a page or two of them, the children that run, and results
/// up to the limit of a payload.</remarks>
internal sealed record MapRun
{
    /// <summary>How many children run at once where the definition sets no limit.</summary>
    private const int ConcurrencyDefault = 1_000;

    /// <summary>Documented: the most children that run at once.</summary>
    private const int ConcurrencyLimit = 10_000;

    /// <summary>With fewer items at hand the next page is asked for.</summary>
    private const int ReadAheadItems = 500;

    /// <summary>The id of its MapRunStarted event.</summary>
    public required long Id { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required MapRunPlan Plan { get; init; }

    /// <summary>The limits as they were last updated.</summary>
    public required MapRunLimits Limits { get; init; }

    /// <summary>Read, and not given to a child yet.</summary>
    public ItemBuffer Items { get; init; } = ItemBuffer.Empty;

    public long ItemsRead { get; init; }

    /// <summary>Where the next page begins, in the reader's words; null for the first page.</summary>
    public string? Position { get; init; }

    public bool AllRead { get; init; }

    public long ChildrenStarted { get; init; }

    /// <summary>Children that were started and have not closed, by index.</summary>
    public ImmutableSortedDictionary<long, PendingChild> Running { get; init; } =
        ImmutableSortedDictionary<long, PendingChild>.Empty;

    public MapRunOutcomes Executions { get; init; }

    public MapRunOutcomes ItemOutcomes { get; init; }

    /// <summary>What the closed children gave, by index; dropped once it is too large for an output.</summary>
    public ImmutableSortedDictionary<long, JsonValue> Results { get; init; } =
        ImmutableSortedDictionary<long, JsonValue>.Empty;

    public long ResultBytes { get; init; }

    /// <summary>False once they were too large together, or if they are written elsewhere.</summary>
    public bool HasResults { get; init; } = true;

    /// <summary>Every item has had its child, and every child has closed.</summary>
    public bool HasEnded => AllRead && Items.Count == 0 && Running.IsEmpty;

    /// <summary>The next page should be on its way.</summary>
    public bool WantsItems => !AllRead && (Items.Count < ReadAheadItems || !HasBatch);

    public bool CanStartMore => Items.Count > 0 && Running.Count < ConcurrencyMax && HasBatch;

    /// <summary>Tells whether the items at hand fill the input of a child, or no more will come.</summary>
    private bool HasBatch => AllRead
        || Items.Count >= (Plan.BatchItemsMax > 0 ? Plan.BatchItemsMax : Plan.IsBatched ? long.MaxValue : 1)
        || (Plan.BatchBytesMax > 0 && Items.Bytes >= Plan.BatchBytesMax);

    private int ConcurrencyMax => Limits.ConcurrencyMax == 0
        ? ConcurrencyDefault
        : (int)Math.Min(Limits.ConcurrencyMax, ConcurrencyLimit);

    /// <summary>True if more items have failed than may.</summary>
    public bool HasFailedTooOften => Limits.AreExceededBy(ItemOutcomes.NotSucceeded, AllRead ? ItemsRead : null);

    public MapRunSnapshot Snapshot(ExecutionIdentity parent, MapRunStatus status, DateTimeOffset? stoppedAt)
    {
        var itemsRunning = 0L;
        foreach (var (_, child) in Running)
        {
            itemsRunning += child.ItemCount;
        }

        var isOver = stoppedAt is not null;
        return new MapRunSnapshot
        {
            Arn = Plan.Arn,
            ExecutionArn = parent.ExecutionArn,
            StateMachineArn = MapRunNames.ChildMachineArn(Plan.Arn),
            IsExpress = Plan.IsExpress,
            Status = status,
            StartedAt = StartedAt,
            StoppedAt = stoppedAt,
            Limits = Limits,
            Items = Count(ItemOutcomes, Items.Count, itemsRunning, isOver),
            Executions = Count(Executions, 0, Running.Count, isOver),
        };
    }

    private static MapRunCounts Count(MapRunOutcomes outcomes, long pending, long running, bool isOver) => new()
    {
        Pending = pending,
        Running = isOver ? 0 : running,
        Succeeded = outcomes.Succeeded,
        Failed = outcomes.Failed,
        TimedOut = outcomes.TimedOut,
        Aborted = outcomes.Aborted + (isOver ? running : 0),
    };
}

/// <summary>A child execution that was started and has not closed.</summary>
internal sealed record PendingChild(long Index, JsonValue Input, int ItemCount);

/// <summary>How many children, or items, ended how.</summary>
internal readonly record struct MapRunOutcomes(long Succeeded, long Failed, long TimedOut, long Aborted)
{
    public long NotSucceeded => Failed + TimedOut + Aborted;

    public MapRunOutcomes Add(ExecutionStatus status, long count) => status switch
    {
        ExecutionStatus.Succeeded => this with { Succeeded = Succeeded + count },
        ExecutionStatus.Failed => this with { Failed = Failed + count },
        ExecutionStatus.TimedOut => this with { TimedOut = TimedOut + count },
        _ => this with { Aborted = Aborted + count },
    };
}
