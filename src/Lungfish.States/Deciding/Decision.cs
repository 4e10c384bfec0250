using System.Collections.Immutable;
using Lungfish.States.Journal;
using Lungfish.States.Quotas;

namespace Lungfish.States.Deciding;

/// <summary>What a message leads to: facts, true from now on, and wishes for the shell to carry out.</summary>
/// <param name="After">The execution with the facts applied, kept so as not to fold them twice.</param>
public sealed record Decision(ImmutableArray<Fact> Facts, ImmutableArray<Effect> Effects, Execution After);

/// <summary>Where all chance in a decision comes from: same seed, same dice.</summary>
public readonly record struct Seed(ulong Value);

/// <summary>What a decision may ask of the world beside it; what came of the answer stands in the facts.</summary>
public interface ISurroundings
{
    /// <summary>How strictly this execution is held to which limits.</summary>
    QuotaPolicy Quotas { get; }

    bool ActivityExists(string activityArn);

    /// <summary>The token that completes this task, the same each time it is asked for.</summary>
    string TaskToken(ExecutionIdentity execution, long taskId);
}
