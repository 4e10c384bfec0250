using System.Collections.Immutable;
using Lungfish.Durable.Deciding;

namespace Lungfish.Durable.Journal;

/// <summary>The function was invoked, and is shown all that changed so far.</summary>
internal sealed record InvocationStarted(long Number, string RequestId, DateTimeOffset At) : Fact;

/// <summary>An invocation failed and is tried again at that moment.</summary>
internal sealed record InvocationRetryScheduled(DateTimeOffset RetryAt) : Fact;

/// <summary>A checkpoint was accepted: its token is spent, and the function is shown all that changed so far.</summary>
/// <param name="Token">The token that it came with.</param>
internal sealed record CheckpointAccepted(CheckpointToken Token, string? ClientToken, DateTimeOffset At) : Fact;

/// <summary>The delay before the next attempt of a step is over.</summary>
internal sealed record RetryDelayEnded(int Sequence) : Fact;

internal sealed record HeartbeatReceived(int Sequence, DateTimeOffset At) : Fact;

/// <summary>A chained invoke was handed to the shell.</summary>
internal sealed record InvokeSent(int Sequence) : Fact;

/// <summary>A redrive forgets these operations: the function does them again.</summary>
internal sealed record OperationsReset(ImmutableArray<int> Sequences) : Fact
{
    public bool Equals(OperationsReset? other) =>
        other is not null && Sequences.AsSpan().SequenceEqual(other.Sequences.AsSpan());

    public override int GetHashCode() => Sequences.Length;
}
