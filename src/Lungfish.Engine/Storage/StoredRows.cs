using System.Collections.Immutable;
using Lungfish.Engine.Identifiers;
using Lungfish.Journal;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.Storage;

/// <summary>An execution without its journal: what lists and descriptions need.</summary>
public sealed record ExecutionHeader
{
    public required ExecutionId Id { get; init; }

    public required ExecutionKey Key { get; init; }

    public required string Revision { get; init; }

    public required ExecutionStatus Status { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>JSON text in UTF-8; not filled by lists.</summary>
    public ReadOnlyMemory<byte>? Output { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    /// <summary>Set for child executions of a map run.</summary>
    public MapRunChild? Child { get; init; }
}

/// <summary>What makes an execution a child of a map run.</summary>
/// <param name="MapRun">The UUID at the end of the map run's ARN.</param>
/// <param name="ItemCount">How many items it was given.</param>
public sealed record MapRunChild(Guid MapRun, int ItemCount);

/// <summary>A map run, as it was when it started or, once it has stopped, for ever.</summary>
/// <param name="Execution">The execution whose Map state it is.</param>
/// <param name="Snapshot">What is told of it; a store does not look into it.</param>
public sealed record StoredMapRun(
    Guid Id, Guid Execution, DateTimeOffset StartedAt, DateTimeOffset? StoppedAt, ReadOnlyMemory<byte> Snapshot);

public sealed record StoredExecution(ExecutionHeader Header, ImmutableArray<StoredSegment> Journal);

/// <param name="Content">With the content of every blob that the segment names.</param>
public sealed record StoredSegment(int Sequence, long FirstEventId, int EventCount, JournalSegment Content)
{
    /// <summary>The content of a blob that the segment names.</summary>
    /// <exception cref="CorruptJournalException">It is not there.</exception>
    public ReadOnlyMemory<byte> ContentOf(BlobId id)
    {
        foreach (var blob in Content.Blobs)
        {
            if (blob.Id == id)
            {
                return blob.Content;
            }
        }

        throw new CorruptJournalException($"The payload {id.Hex} that the journal names is missing.");
    }
}

public readonly record struct Wakeup(ExecutionId Id, DateTimeOffset WakeAt);

/// <summary>A task that waits for SendTaskSuccess or SendTaskFailure, or a callback of a durable execution.</summary>
/// <param name="TaskId">Of a callback: its sequence.</param>
/// <param name="StateName">Of a callback: its name, or its operation's id if it has none.</param>
/// <param name="Kind"><c>task-token</c>, <c>activity</c> or <c>durable-callback</c>.</param>
/// <param name="Resource">The task's resource ARN; of a callback the id of its operation.</param>
/// <param name="Deadline">When it times out, by timeout or heartbeat as known when it was written; null: never.</param>
public sealed record StoredCallback(
    ExecutionId Execution,
    long TaskId,
    ExecutionKey Key,
    string StateName,
    string Kind,
    string Resource,
    DateTimeOffset Since,
    DateTimeOffset? Deadline);

/// <summary>Which executions to list: of state machines, or durable ones.</summary>
public sealed record ExecutionQuery
{
    /// <summary>A prefix that more names of a machine have than this finds only the first of them in their order: it
    /// is there for people, who type more until it is narrow.</summary>
    public const int PrefixedNamesMax = 1_000;

    /// <summary>Null: of all machines, without the child executions of map runs.</summary>
    public string? StateMachineArn { get; init; }

    /// <summary>The child executions of this map run, and no others.</summary>
    public Guid? MapRun { get; init; }

    /// <summary>Null: all.</summary>
    public ExecutionStatus? Status { get; init; }

    /// <summary>Only names that begin with this.</summary>
    public string? NamePrefix { get; init; }

    /// <summary>Durable executions, and no others: nothing but the cursor and the count counts beside this.</summary>
    public DurableFilter? Durable { get; init; }

    /// <summary>Continue after this row of an earlier answer.</summary>
    public ExecutionCursor? After { get; init; }

    public required int CountMax { get; init; }
}

/// <summary>Which durable executions to list.</summary>
public sealed record DurableFilter
{
    /// <summary>Unqualified; null: of all functions.</summary>
    public string? FunctionArn { get; init; }

    /// <summary>With the function: executions of this version only.</summary>
    public string? Version { get; init; }

    public string? Name { get; init; }

    /// <summary>Empty: all.</summary>
    public ImmutableArray<ExecutionStatus> Statuses { get; init; } = [];

    public DateTimeOffset? StartedAfter { get; init; }

    public DateTimeOffset? StartedBefore { get; init; }

    /// <summary>Oldest first; otherwise newest first.</summary>
    public bool OldestFirst { get; init; }
}

/// <summary>A place in a list by the time of the start; the id decides between equal times.</summary>
public readonly record struct ExecutionCursor(DateTimeOffset StartedAt, Guid Uuid);

/// <summary>Which callbacks to list: those of state machines, or those of durable executions.</summary>
public sealed record CallbackQuery
{
    /// <summary>Of state machines: null means all.</summary>
    public string? StateMachineArn { get; init; }

    /// <summary>Of state machines.</summary>
    public string? ExecutionName { get; init; }

    /// <summary>Callbacks of durable executions in place of those of state machines.</summary>
    public bool Durable { get; init; }

    /// <summary>Unqualified. Of durable executions: null means those of all functions.</summary>
    public string? FunctionArn { get; init; }

    /// <summary>Of this execution only.</summary>
    public ExecutionId? Execution { get; init; }

    public required int CountMax { get; init; }
}

/// <param name="Version">1 when it was first written, one more with each change.</param>
public sealed record CatalogEntry(string Kind, string Key, long Version, ReadOnlyMemory<byte> Value);

/// <param name="ExpectedVersion">0: the entry must not exist; null: whatever is there.</param>
/// <param name="Value">Null removes the entry.</param>
public sealed record CatalogChange(string Kind, string Key, long? ExpectedVersion, ReadOnlyMemory<byte>? Value);
