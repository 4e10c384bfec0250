namespace Lungfish.States.Deciding;

/// <summary>What DescribeMapRun tells of a map run at a moment.</summary>
public sealed record MapRunSnapshot
{
    public required string Arn { get; init; }

    /// <summary>The execution whose Map state it is.</summary>
    public required string ExecutionArn { get; init; }

    /// <summary>That of its child executions.</summary>
    public required string StateMachineArn { get; init; }

    /// <summary>True if its children are EXPRESS executions, which nobody can list or describe.</summary>
    public required bool IsExpress { get; init; }

    public required MapRunStatus Status { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset? StoppedAt { get; init; }

    public required MapRunLimits Limits { get; init; }

    public required MapRunCounts Items { get; init; }

    public required MapRunCounts Executions { get; init; }
}

/// <summary>The numbers are stored.</summary>
public enum MapRunStatus
{
    Running = 0,
    Succeeded = 1,
    Failed = 2,
    Aborted = 3,
}

/// <param name="ConcurrencyMax">How many children run at once; 0 for the engine's own limit.</param>
/// <param name="ToleratedCount">How many items may fail; 0 for not set.</param>
/// <param name="ToleratedPercentage">How many of a hundred items may fail; 0 for not set.</param>
public sealed record MapRunLimits(long ConcurrencyMax, long ToleratedCount, double ToleratedPercentage)
{
    /// <summary>True if more items have failed than may. Measured: a limit of 0 is no limit, and with neither limit a
    /// single failure is too much.</summary>
    /// <param name="itemCount">Null while it is not known.</param>
    internal bool AreExceededBy(long failed, long? itemCount) =>
        (ToleratedCount == 0 && ToleratedPercentage == 0 && failed > 0)
        || (ToleratedCount > 0 && failed > ToleratedCount)
        || (ToleratedPercentage > 0 && failed * 100.0 > ToleratedPercentage * itemCount);
}

/// <summary>How many children, or items, are where.</summary>
public sealed record MapRunCounts
{
    public long Pending { get; init; }

    public long Running { get; init; }

    public long Succeeded { get; init; }

    public long Failed { get; init; }

    public long TimedOut { get; init; }

    public long Aborted { get; init; }

    public long Total => Pending + Running + Succeeded + Failed + TimedOut + Aborted;
}
