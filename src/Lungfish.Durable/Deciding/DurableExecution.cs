using System.Collections.Immutable;
using System.Diagnostics;
using Lungfish.Durable.Journal;

namespace Lungfish.Durable.Deciding;

/// <summary>A durable execution as its facts have made it. Immutable: a later state shares what did not change.
/// </summary>
public sealed record DurableExecution
{
    /// <summary>Before its first fact.</summary>
    public static readonly DurableExecution Blank = new();

    private readonly long _endedAt;
    private readonly long _retryAt;

    private DurableExecution() { }

    public DurableIdentity? Identity { get; internal init; }

    public DurableStatus Status { get; internal init; } = DurableStatus.Running;

    public DateTimeOffset StartedAt { get; internal init; }

    public DateTimeOffset? EndedAt
    {
        get => Moment.ToTime(_endedAt);
        internal init => _endedAt = Moment.ToTicks(value);
    }

    /// <summary>Null: there was none.</summary>
    public string? Input { get; internal init; }

    /// <summary>Of an execution that succeeded.</summary>
    public string? Result { get; internal init; }

    /// <summary>Of one that failed, timed out or was stopped.</summary>
    public ErrorObject? Error { get; internal init; }

    public long LastEventId { get; internal init; }

    /// <summary>The invocation that runs, or null.</summary>
    public Invocation? Running { get; internal init; }

    /// <summary>The earliest moment at which <see cref="TimersDue"/> changes something, or null. Of waits, retries,
    /// callbacks, invocations that are to be tried again, chained invokes that are to be sent, the execution's
    /// time-out.</summary>
    public DateTimeOffset? NextDueAt => Timers.IsEmpty ? null : Timers.Min.At;

    /// <summary>The token that the running invocation must send next; that of no invocation if none runs.</summary>
    public CheckpointToken Token => Running is null ? default : new(Running.Number, Checkpoints);

    /// <summary>How many operations there are beside the EXECUTION operation.</summary>
    public int OperationCount => BySequence.Count;

    /// <summary>Operations in the order of creation.</summary>
    public IEnumerable<Operation> Operations
    {
        get
        {
            if (Root is { } root)
            {
                yield return root;
                foreach (var (_, operation) in BySequence)
                {
                    yield return operation;
                }
            }
        }
    }

    /// <summary>Chained invokes that were sent and have not ended: what recovery sends again.</summary>
    public IEnumerable<Operation> SentInvokes => FindAwaited(static operation =>
        operation is { Type: OperationType.ChainedInvoke, Status: OperationStatus.Started, Target.IsSent: true });

    /// <summary>Callbacks that wait for an answer.</summary>
    public IEnumerable<Operation> OpenCallbacks => FindAwaited(static operation =>
        operation is { Type: OperationType.Callback, Status: OperationStatus.Started });

    /// <summary>While no invocation runs: something will change that makes the next one begin.</summary>
    public bool AwaitsSomething => AwaitedCount > 0 || RetryAt is not null;

    /// <summary>All but the EXECUTION operation, by their places in the order of creation. A redrive leaves gaps there:
    /// no number is used twice.</summary>
    internal ImmutableSortedDictionary<int, Operation> BySequence { get; init; } =
        ImmutableSortedDictionary<int, Operation>.Empty;

    internal ImmutableDictionary<string, int> SequenceById { get; init; } = ImmutableDictionary<string, int>.Empty;

    internal int NextSequence { get; init; } = 1;

    /// <summary>The last change of an operation.</summary>
    internal long LastChange { get; init; }

    /// <summary>What changed and the function has not been shown: neither in an envelope nor in the answer to a
    /// checkpoint. Between decisions, these are changes that the server made.</summary>
    internal ImmutableSortedSet<int> Unshown { get; init; } = [];

    /// <summary>What will happen by itself. Follows from the operations, but for the execution's own timers.</summary>
    internal ImmutableSortedSet<ExecutionTimer> Timers { get; init; } = [];

    /// <summary>Chained invokes that wait for the caller's invocation to return.</summary>
    internal ImmutableSortedSet<int> UnsentInvokes { get; init; } = [];

    /// <summary>How many operations something outside of the function will change.</summary>
    internal int AwaitedCount { get; init; }

    /// <summary>The size of all payloads and errors that were written so far, in UTF-16 characters: it only grows.
    /// </summary>
    internal long WrittenCharacters { get; init; }

    /// <summary>The number of the last invocation: it only grows, also across redrives.</summary>
    internal long LastInvocation { get; init; }

    /// <summary>How many checkpoints the running invocation has made.</summary>
    internal long Checkpoints { get; init; }

    /// <summary>How many invocations in a row have failed without a checkpoint.</summary>
    public int Failures { get; init; }

    /// <summary>When the invocation that failed is tried again, or null.</summary>
    internal DateTimeOffset? RetryAt
    {
        get => Moment.ToTime(_retryAt);
        init => _retryAt = Moment.ToTicks(value);
    }

    /// <summary>What a repeated request is answered from.</summary>
    internal LastCheckpoint? LastCheckpoint { get; init; }

    internal bool IsOver => Status != DurableStatus.Running;

    /// <summary>The EXECUTION operation.</summary>
    private Operation? Root => Identity is null ? null : new Operation
    {
        Id = Identity.Id,
        Sequence = 0,
        Type = OperationType.Execution,
        Status = Status switch
        {
            DurableStatus.Running => OperationStatus.Started,
            DurableStatus.Succeeded => OperationStatus.Succeeded,
            DurableStatus.Failed => OperationStatus.Failed,
            DurableStatus.TimedOut => OperationStatus.TimedOut,
            DurableStatus.Stopped => OperationStatus.Stopped,
            _ => throw new UnreachableException($"No status of an operation is {Status}."),
        },
        Name = Identity.Name,
        StartedAt = StartedAt,
        EndedAt = EndedAt,
        Payload = Input,
        Change = 0,
    };

    public Operation? Find(string operationId) =>
        SequenceById.TryGetValue(operationId, out var sequence) ? BySequence[sequence]
        : operationId == Identity?.Id ? Root
        : null;

    public Operation? Find(int sequence) => sequence == 0 ? Root : BySequence.GetValueOrDefault(sequence);

    /// <summary>The operations that an invocation is to see, in the order of creation, from that place on: not the
    /// children of a completed context whose result is stored.</summary>
    public IEnumerable<Operation> OperationsToReplay(int fromSequence = 0)
    {
        var shownParents = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operation in Operations)
        {
            if (operation.Sequence >= fromSequence && IsReplayed(operation, shownParents))
            {
                yield return operation;
            }
        }
    }

    /// <summary>The state with one more fact.</summary>
    public DurableExecution Apply(Fact fact) => ExecutionFold.Apply(this, fact);

    /// <summary>Of what something outside of the function will change. Most often that is nothing, and there is no need
    /// to look.</summary>
    private IEnumerable<Operation> FindAwaited(Func<Operation, bool> isOne) =>
        AwaitedCount == 0 ? [] : BySequence.Values.Where(isOne);

    /// <param name="shownParents">Contexts that are known to be replayed with their children; grows.</param>
    private bool IsReplayed(Operation operation, HashSet<string> shownParents)
    {
        // After a redrive a context may come after its children, so that order says nothing of parents.
        for (var parentId = operation.ParentId; parentId is not null && !shownParents.Contains(parentId);)
        {
            var parent = Find(parentId);
            if (parent is { IsOpen: false, ReplayChildren: false })
            {
                return false;
            }

            parentId = parent?.ParentId;
        }

        if (operation.ParentId is { } shown)
        {
            _ = shownParents.Add(shown);
        }

        return true;
    }
}

/// <summary>The last checkpoint that was accepted of the running invocation, or of the one that ended the execution.
/// </summary>
/// <param name="Token">The token that it came with.</param>
/// <param name="Shown">The operations that its answer showed.</param>
internal sealed record LastCheckpoint(
    CheckpointToken Token, string ClientToken, DateTimeOffset At, ImmutableSortedSet<int> Shown);
