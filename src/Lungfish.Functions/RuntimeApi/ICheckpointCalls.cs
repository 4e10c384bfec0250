using System.Text.Json;
using Lungfish.Engine;

namespace Lungfish.Functions;

/// <summary>Takes the checkpoints that processes bring over their channels.</summary>
public interface ICheckpointCalls
{
    /// <summary>Reads and takes them together: what is wrong with one is its own affair.</summary>
    /// <param name="calls">JSON: the body of CheckpointDurableExecution, and the execution as DurableExecutionArn. Read
    /// before this returns.</param>
    /// <param name="isAlone">There is one, and nothing else runs that it could share a commit with.</param>
    /// <returns>An answer for each, in their order, when it is durable; none of them fails.</returns>
    IReadOnlyList<Task<CheckpointAnswer>> Take(IReadOnlyList<ReadOnlyMemory<byte>> calls, bool isAlone);
}

/// <param name="Status">As of HTTP.</param>
/// <param name="Body">JSON: the answer of CheckpointDurableExecution if the status is 200, else <c>ErrorType</c> and
/// <c>Message</c>.</param>
public readonly record struct CheckpointAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    public static CheckpointAnswer Refused(ApiException refusal) => new(
        refusal.HttpStatus,
        JsonSerializer.SerializeToUtf8Bytes(new { ErrorType = refusal.Code, refusal.Message }));
}
