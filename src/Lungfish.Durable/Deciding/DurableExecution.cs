using Lungfish.Durable.Journal;

namespace Lungfish.Durable.Deciding;

/// <summary>A durable execution as its facts have made it. Immutable: a later state shares what did not change.
/// </summary>
public sealed partial record DurableExecution
{
    /// <summary>Before its first fact.</summary>
    public static readonly DurableExecution Blank = new();

    private DurableExecution() { }

    public DurableIdentity? Identity { get; private init; }

    public DurableStatus Status { get; private init; } = DurableStatus.Running;

    public DateTimeOffset StartedAt { get; private init; }

    public DateTimeOffset? EndedAt { get; private init; }

    /// <summary>Null: there was none.</summary>
    public string? Input { get; private init; }

    /// <summary>Of an execution that succeeded.</summary>
    public string? Result { get; private init; }

    /// <summary>Of one that failed, timed out or was stopped.</summary>
    public ErrorObject? Error { get; private init; }

    public long LastEventId { get; private init; }

    /// <summary>The invocation that runs, or null.</summary>
    public Invocation? Running { get; private init; }

    /// <summary>The earliest moment at which <see cref="TimersDue"/> changes something, or null. Of waits, retries,
    /// callbacks, invocations that are to be tried again, chained invokes that are to be sent, the execution's
    /// time-out.</summary>
    public DateTimeOffset? NextDueAt => throw new NotSupportedException();

    /// <summary>The token that the running invocation must send next.</summary>
    public CheckpointToken Token => throw new NotSupportedException();

    public Operation? Find(string operationId) => throw new NotSupportedException();

    public Operation? Find(int sequence) => throw new NotSupportedException();

    /// <summary>The operations that an invocation is to see, in the order of creation, from that place on: not the
    /// children of a completed context whose result is stored.</summary>
    public IEnumerable<Operation> OperationsToReplay(int fromSequence = 0) => throw new NotSupportedException();

    /// <summary>Operations in the order of creation.</summary>
    public IEnumerable<Operation> Operations => throw new NotSupportedException();

    /// <summary>Chained invokes that were sent and have not ended: what recovery sends again.</summary>
    public IEnumerable<Operation> SentInvokes => throw new NotSupportedException();

    /// <summary>Callbacks that wait for an answer.</summary>
    public IEnumerable<Operation> OpenCallbacks => throw new NotSupportedException();

    /// <summary>The state with one more fact.</summary>
    public DurableExecution Apply(Fact fact) => throw new NotSupportedException(fact.ToString());
}
