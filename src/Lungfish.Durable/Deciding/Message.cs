using System.Collections.Immutable;

namespace Lungfish.Durable.Deciding;

/// <summary>Something that happened outside of the execution.</summary>
public abstract record Message
{
    private protected Message() { }
}

/// <param name="Input">JSON text as the caller wrote it; null: there was none.</param>
public sealed record Start(DurableIdentity Identity, string? Input) : Message;

/// <summary>The running invocation reports progress, or asks what is new with no updates at all.</summary>
/// <param name="ClientToken">The same in each try of one request; null: unknown.</param>
public sealed record CheckpointReceived(
    CheckpointToken Token, string? ClientToken, ImmutableArray<OperationUpdate> Updates) : Message;

/// <param name="Number">Of the invocation; one that is not the running one is out of date and changes
/// nothing.</param>
public sealed record InvocationEnded(long Number, InvocationOutcome Outcome) : Message;

/// <summary>All timers up to now are due.</summary>
public sealed record TimersDue : Message;

/// <param name="Sequence">Of the callback's operation.</param>
/// <param name="Payload">Null: the body was empty.</param>
public sealed record CallbackSucceeded(int Sequence, string? Payload) : Message;

public sealed record CallbackFailed(int Sequence, ErrorObject Error) : Message;

public sealed record CallbackHeartbeat(int Sequence) : Message;

/// <summary>What a chained invoke started has ended.</summary>
/// <param name="Status">Succeeded, Failed, TimedOut or Stopped.</param>
public sealed record ChainedInvokeEnded(
    int Sequence, OperationStatus Status, string? Payload, ErrorObject? Error) : Message;

public sealed record Stop(ErrorObject? Error) : Message;

/// <summary>Resumes a failed, timed-out or stopped execution from what failed.</summary>
public sealed record Redrive : Message;

/// <summary>How an invocation of the function ended.</summary>
public abstract record InvocationOutcome
{
    private protected InvocationOutcome() { }
}

/// <param name="Result">Null or empty: none was given.</param>
public sealed record ReturnedSuccess(string? Result) : InvocationOutcome;

public sealed record ReturnedFailure(ErrorObject? Error) : InvocationOutcome;

/// <summary>The function has nothing to do until something happens outside.</summary>
public sealed record ReturnedPending : InvocationOutcome;

/// <summary>It answered something that is no answer of a durable function: trying again would not help.</summary>
public sealed record ReturnedNonsense(ErrorObject Error) : InvocationOutcome;

/// <summary>It threw, crashed, timed out or could not start: it is invoked again after a while.</summary>
public sealed record InvocationFaulted(ErrorObject Error) : InvocationOutcome;

/// <summary>The server ended while it ran, or could not invoke for a reason of its own: it is invoked again at once,
/// and that counts as no failure of the function.</summary>
public sealed record InvocationLost(ErrorObject Error) : InvocationOutcome;

/// <summary>Which invocation, and which of its checkpoints, a token stands for.</summary>
/// <param name="Invocation">The invocation's number.</param>
/// <param name="Checkpoint">How many checkpoints that invocation had made when the token was given out.</param>
public readonly record struct CheckpointToken(long Invocation, long Checkpoint);
