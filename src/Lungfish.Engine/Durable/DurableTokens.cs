using Lungfish.Durable.Deciding;
using Lungfish.Engine.Identifiers;

namespace Lungfish.Engine.Durable;

/// <summary>What functions and those who answer callbacks get to hold: nobody else can make one, and none needs a
/// look-up to be routed or refused.</summary>
internal sealed class DurableTokens(ReadOnlyMemory<byte> key)
{
    private readonly SignedTokens _checkpoints = new(key, "checkpoint-token"u8, numbers: 2, isForUrls: false);
    private readonly SignedTokens _callbacks = new(key, "callback-id"u8, numbers: 1, isForUrls: false);

    public string MakeCheckpointToken(ExecutionId execution, CheckpointToken token) =>
        _checkpoints.Make(execution, token.Invocation, token.Checkpoint);

    /// <exception cref="ApiException">Invalid Checkpoint Token: we never gave it out, or for another
    /// execution.</exception>
    public (ExecutionId Execution, CheckpointToken Token) OpenCheckpointToken(string token, DurableArn arn)
    {
        Span<long> numbers = stackalloc long[2];
        return _checkpoints.TryOpen(token, out var execution, numbers) && execution == arn.Id
            ? (execution, new CheckpointToken(numbers[0], numbers[1]))
            : throw DurableErrors.InvalidCheckpointToken();
    }

    public string MakeCallbackId(ExecutionId execution, int sequence) => _callbacks.Make(execution, sequence);

    /// <exception cref="ApiException">We never gave it out.</exception>
    public (ExecutionId Execution, int Sequence) OpenCallbackId(string callbackId)
    {
        Span<long> sequence = stackalloc long[1];
        return _callbacks.TryOpen(callbackId, out var execution, sequence)
            ? (execution, (int)sequence[0])
            : throw DurableErrors.InvalidCallbackId();
    }
}
