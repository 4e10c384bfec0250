using System.Collections.Immutable;
using Lungfish.Durable.Journal;

namespace Lungfish.Durable.Deciding;

/// <summary>What a message leads to: facts, true from now on, and wishes for the shell to carry out.</summary>
/// <param name="After">The execution with the facts applied, kept so as not to fold them twice.</param>
public sealed record Decision(ImmutableArray<Fact> Facts, ImmutableArray<Effect> Effects, DurableExecution After)
{
    /// <summary>Set if the message was refused; then there are no facts.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Set for an accepted checkpoint.</summary>
    public CheckpointAnswer? Checkpoint { get; init; }
}

/// <summary>Why a message is not accepted, with the API's words.</summary>
/// <param name="Code">InvalidParameterValueException, CallbackTimeoutException, ...</param>
public sealed record Refusal(string Code, string Message)
{
    internal static Refusal Invalid(string message) => new(RefusalCodes.InvalidParameterValue, message);
}

internal static class RefusalCodes
{
    public const string InvalidParameterValue = "InvalidParameterValueException";
    public const string CallbackTimeout = "CallbackTimeoutException";
    public const string ResourceConflict = "ResourceConflictException";
}

/// <param name="Token">Null only in the answer that ends the execution.</param>
/// <param name="Operations">All that changed since the invocation last saw it, in the order of creation.</param>
public sealed record CheckpointAnswer(CheckpointToken? Token, ImmutableArray<Operation> Operations);

/// <summary>Where all chance in a decision comes from: same seed, same dice.</summary>
public readonly record struct Seed(ulong Value);

/// <summary>What a decision may ask of the world beside it; what came of the answer stands in the facts.</summary>
public interface ISurroundings
{
    /// <summary>What an execution may grow to.</summary>
    DurableLimits Limits => DurableLimits.Default;

    /// <summary>The id that completes this callback, the same each time it is asked for.</summary>
    string CallbackId(DurableIdentity execution, int sequence);

    /// <summary>What a function name stands for now, or null if there is no such function.</summary>
    /// <param name="chance">Decides where an alias leads to two versions.</param>
    InvokeTarget? FindTarget(string functionName, ulong chance);
}

/// <param name="FunctionArn">Qualified with the version.</param>
/// <param name="Refusal">Why it cannot be invoked in this way (an unqualified durable function); null if it
/// can.</param>
public sealed record InvokeTarget(string FunctionArn, string Version, bool IsDurable, ErrorObject? Refusal = null);

/// <summary>A wish for the shell, carried out when the facts are durable.</summary>
public abstract record Effect
{
    private protected Effect() { }
}

/// <summary>Invoke the function.</summary>
/// <param name="Execution">As the invocation is to see it.</param>
public sealed record InvokeFunction(Invocation Invocation, DurableExecution Execution) : Effect;

/// <summary>Start what a chained invoke asks for; its end comes back as <see cref="ChainedInvokeEnded"/>. May be
/// wished for again after a crash.</summary>
public sealed record SendInvoke(Operation Operation) : Effect;

/// <summary>A callback waits for an answer from now on.</summary>
public sealed record OfferCallback(Operation Operation) : Effect;

/// <summary>It does not any more.</summary>
public sealed record WithdrawCallback(int Sequence) : Effect;

/// <summary>Nobody waits for the end of what this chained invoke started.</summary>
public sealed record AbandonInvoke(Operation Operation) : Effect;

/// <summary>One run of the function's code.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="UpdatedOperationIds">What the server completed since the invocation before ended.</param>
public sealed record Invocation(
    long Number, string RequestId, DateTimeOffset StartedAt, ImmutableArray<string> UpdatedOperationIds);
