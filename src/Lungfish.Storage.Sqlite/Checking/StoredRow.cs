using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Checking;

/// <summary>A row of <c>lf_execution</c> as it is, whether or not it makes sense.</summary>
internal sealed record StoredRow
{
    /// <summary>From an id to an id, so many.</summary>
    public const string Select =
        """
        SELECT e.id, e.slot, e.machine, m.arn, e.state, e.started_at, e.stopped_at, e.wake_at, e.name, e.revision,
            e.error, e.cause, e.output, e.map_run, e.item_count, e.remove_at, e.kind, length(e.id)
        FROM lf_execution e LEFT JOIN lf_machine m ON m.id = e.machine
        WHERE e.id >= ?1 AND e.id <= ?2 ORDER BY e.id LIMIT ?3
        """;

    private static readonly long TicksMax = Instants.ToStored(DateTimeOffset.MaxValue);
    private static readonly long TicksMin = Instants.ToStored(DateTimeOffset.MinValue);

    public required UInt128 Id { get; init; }

    public required long IdBytes { get; init; }

    public required long Slot { get; init; }

    public required long Machine { get; init; }

    public required string? OwnerArn { get; init; }

    public required long State { get; init; }

    public required long StartedAt { get; init; }

    public required long? StoppedAt { get; init; }

    public required long? WakeAt { get; init; }

    public required string Name { get; init; }

    public required string Revision { get; init; }

    public required string? Error { get; init; }

    public required string? Cause { get; init; }

    public required ReadOnlyMemory<byte>? Output { get; init; }

    public required Guid? MapRun { get; init; }

    public required long? ItemCount { get; init; }

    public required long? RemoveAt { get; init; }

    public required long Kind { get; init; }

    public string Subject => $"execution {RowsByExecution.ToGuid(Id)}";

    public static StoredRow Read(Rows rows) => new()
    {
        Id = RowsByExecution.ReadKey(rows.Bytes(0)),
        Slot = rows.Int64(1),
        Machine = rows.Int64(2),
        OwnerArn = rows.TextOrNull(3),
        State = rows.Int64(4),
        StartedAt = rows.Int64(5),
        StoppedAt = Number(rows, 6),
        WakeAt = Number(rows, 7),
        Name = rows.Text(8),
        Revision = rows.Text(9),
        Error = rows.TextOrNull(10),
        Cause = rows.TextOrNull(11),
        Output = rows.BytesOrNull(12),
        MapRun = rows.IsNull(13) ? null : RowsByExecution.ToGuid(RowsByExecution.ReadKey(rows.Bytes(13))),
        ItemCount = Number(rows, 14),
        RemoveAt = Number(rows, 15),
        Kind = rows.Int64(16),
        IdBytes = rows.Int64(17),
    };

    /// <returns>Null if it can be read as an execution.</returns>
    public string? FindProblem() =>
        IdBytes != 16 ? $"Its id has {IdBytes} bytes in place of 16."
        : OwnerArn is null ? $"It belongs to machine {Machine}, which is not there."
        : State is < 0 or > 5 ? $"Its state is {State}, which is none."
        : Slot is < 0 or >= Engine.Identifiers.Slot.Count ? $"Its slot is {Slot}, which is none."
        : ItemCount is < 0 or > int.MaxValue ? $"It has {ItemCount} items."
        : !new[] { StartedAt, StoppedAt, WakeAt, RemoveAt }.All(IsInstant) ? "One of its instants is out of range."
        : State >= ExecutionState.FirstClosed && StoppedAt is null ? "It has ended at no time."
        : null;

    public ExecutionHeader Header() => new()
    {
        Id = new ExecutionId(new Slot((short)Slot), RowsByExecution.ToGuid(Id)),
        Key = new ExecutionKey(OwnerArn ?? "", Name),
        Revision = Revision,
        Status = Status,
        StartedAt = Instants.FromStored(StartedAt),
        StoppedAt = Instant(StoppedAt),
        Error = Error,
        Cause = Cause,
        Output = Output,
        Child = MapRun is { } run ? new MapRunChild(run, (int)(ItemCount ?? 0)) : null,
    };

    public Resting Rest() => State switch
    {
        ExecutionState.Active => new Active(),
        ExecutionState.Parked => new Parked(Instant(WakeAt)),
        _ => new Closed(Status, Instant(StoppedAt) ?? default, Output, Error, Cause) { RemoveAt = Instant(RemoveAt) },
    };

    private ExecutionStatus Status => ExecutionState.ToStatus((int)State);

    private static long? Number(Rows rows, int column) => rows.IsNull(column) ? null : rows.Int64(column);

    private static DateTimeOffset? Instant(long? stored) => stored is { } value ? Instants.FromStored(value) : null;

    private static bool IsInstant(long? stored) => stored is null || (stored >= TicksMin && stored <= TicksMax);
}
