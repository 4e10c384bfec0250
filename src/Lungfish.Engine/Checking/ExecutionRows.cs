using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Checking;

/// <summary>All that a store has of one execution, as of one moment.</summary>
public sealed record ExecutionRows
{
    public required ExecutionHeader Header { get; init; }

    /// <summary>How its row says that it rests.</summary>
    public required Resting Rest { get; init; }

    /// <summary>In the order of their sequences.</summary>
    public required IReadOnlyList<StoredSegment> Journal { get; init; }

    public IReadOnlyList<CallbackRow> Callbacks { get; init; } = [];

    public IReadOnlyList<MapRunRow> MapRuns { get; init; } = [];
}

/// <summary>That a task, or a callback of a durable execution, is listed as waiting for an answer.</summary>
public readonly record struct CallbackRow(long TaskId, string Kind, string StateName);

/// <param name="ChildCount">How many child executions of it there are; null: nobody counted.</param>
public sealed record MapRunRow(StoredMapRun Run, long? ChildCount);
