using System.Collections.Immutable;
using Lungfish.Durable.Deciding;
using Core = Lungfish.Durable;

namespace Lungfish.DurableFunctions.Testing.Local;

/// <summary>
/// One run of a function's code, and the only way in which that code reaches the service. An invocation that died gets
/// no answer any more, for good: as in a process that was killed, nothing after its next durable operation happens, no
/// catch and no finally either.
/// </summary>
internal sealed class LocalInvocation(LocalService service, LocalExecution execution, InvokeFunction effect)
{
    private readonly TaskCompletionSource<Core.ErrorObject> _died =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LocalExecution Execution { get; } = execution;

    public long Number { get; } = effect.Invocation.Number;

    public string RequestId { get; } = effect.Invocation.RequestId;

    public DateTimeOffset StartedAt { get; } = effect.Invocation.StartedAt;

    public ImmutableArray<string> UpdatedOperationIds { get; } = effect.Invocation.UpdatedOperationIds;

    /// <summary>The execution as the invocation is to see it.</summary>
    public DurableExecution Seen { get; } = effect.Execution;

    /// <summary>Done when the invocation died, with the error that the history shows.</summary>
    public Task<Core.ErrorObject> Died => _died.Task;

    public bool IsDead => _died.Task.IsCompleted;

    /// <summary>As when somebody ends the process from outside.</summary>
    public void Kill() => Die(new Core.ErrorObject
    {
        ErrorType = "Runtime.ExitError",
        ErrorMessage = $"RequestId: {RequestId} Error: Runtime exited with error: signal: killed",
    });

    public void Die(Core.ErrorObject error) => _died.TrySetResult(error);

    public async Task<CheckpointAnswer> CheckpointAsync(
        CheckpointToken token, ImmutableArray<Core.OperationUpdate> updates)
    {
        if (IsDead)
        {
            return await NeverAsync<CheckpointAnswer>().ConfigureAwait(false);
        }

        var (request, fault, index) = service.TakeFault(Execution, updates);
        var clientToken = $"{RequestId}/{request}";
        switch (fault)
        {
            // How many updates go in one request is a matter of the function's timing. It could have sent those before
            // this one on their own, and that is what happens: so a crash between two updates is always the same.
            case FaultKind.CrashBefore when index == 0:
                Kill();
                return await NeverAsync<CheckpointAnswer>().ConfigureAwait(false);

            case FaultKind.CrashBefore:
                Answer(new CheckpointReceived(token, clientToken, updates[..index]));
                Kill();
                return await NeverAsync<CheckpointAnswer>().ConfigureAwait(false);

            case FaultKind.CrashAfter:
                Answer(new CheckpointReceived(token, clientToken, updates[..(index + 1)]));
                Kill();
                return await NeverAsync<CheckpointAnswer>().ConfigureAwait(false);

            case FaultKind.LoseRequest:
                throw new DurableServiceException("The test lost this checkpoint on its way to the service.");

            case FaultKind.LoseAnswer:
                Answer(new CheckpointReceived(token, clientToken, updates));
                throw new DurableServiceException("The test lost the answer to this checkpoint.");

            case FaultKind.DeliverTwice:
                Answer(new CheckpointReceived(token, clientToken, updates));
                return Answer(new CheckpointReceived(token, clientToken, updates));

            default:
                return Answer(new CheckpointReceived(token, clientToken, updates));
        }
    }

    /// <summary>A page of the operations that this invocation is to see.</summary>
    /// <param name="token">Must be the one that the next checkpoint would send.</param>
    /// <param name="fromSequence">The place of the page's first operation.</param>
    public async Task<ImmutableArray<Core.Operation>> ReadStateAsync(CheckpointToken token, int fromSequence)
    {
        if (IsDead)
        {
            return await NeverAsync<ImmutableArray<Core.Operation>>().ConfigureAwait(false);
        }

        return service.ReadState(Execution, token, fromSequence);
    }

    private CheckpointAnswer Answer(CheckpointReceived message)
    {
        var decision = service.Post(Execution, message);
        return decision.Checkpoint ?? throw LocalService.Refused(decision.Refusal);
    }

    private static Task<T> NeverAsync<T>() => new TaskCompletionSource<T>().Task;
}
