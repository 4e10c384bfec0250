namespace Lungfish.DurableFunctions;

/// <summary>Makes a callback; the service makes its id.</summary>
internal sealed class CreateCallbackOperation<T>(
    ContextScope scope, OperationKey key, CallbackConfig? config, CancellationToken cancellationToken)
    : DurableOperation<ICallback<T>>(scope, key, cancellationToken)
{
    // That it has ended shows when its result is awaited: the code in between must run the same each time.
    protected override bool IsKnownResult(Operation known) => true;

    protected override bool SeesEnd => false;

    protected override ICallback<T> ResultOf(Operation ended) => new Callback<T>(
        Scope,
        Key,
        ended.CallbackDetails?.CallbackId ?? throw new DurableExecutionException(
            $"The service made no id for the callback '{Key.Id}'."),
        config?.Serializer);

    protected override async Task<ICallback<T>> ExecuteAsync(Operation? known)
    {
        var start = new OperationUpdate
        {
            Id = Key.Id,
            Type = Key.Type,
            Action = OperationActions.Start,
            SubType = Key.SubType,
            Name = Key.Name,
            ParentId = Key.ParentId,
            CallbackTimeoutSeconds = Seconds.OrNone(config?.Timeout ?? TimeSpan.Zero),
            CallbackHeartbeatTimeoutSeconds = Seconds.OrNone(config?.HeartbeatTimeout ?? TimeSpan.Zero),
        };
        await StoreStartAsync(known, start, first: true).ConfigureAwait(false);
        return ResultOf(Invocation.Find(Key.Id) ?? throw new DurableExecutionException(
            $"The service did not show the callback '{Key.Id}' that it was asked to make."));
    }
}

/// <summary>Waits for a callback that has been made.</summary>
internal sealed class AwaitCallbackOperation<T>(
    ContextScope scope,
    OperationKey key,
    string callbackId,
    ICheckpointSerializer? serializer,
    CancellationToken cancellationToken) : DurableOperation<T>(scope, key, cancellationToken)
{
    protected override T ResultOf(Operation ended) => ended.Status == OperationStatuses.Succeeded
        ? Read(ended.CallbackDetails?.Result)
        : throw Failure(ended.Status, ended.CallbackDetails?.Error);

    protected override async Task<T> ExecuteAsync(Operation? known) =>
        ResultOf(await WaitForOutsideAsync().ConfigureAwait(false));

    // People and shell scripts send bare words: for a string those are the value, though they are not JSON.
    private T Read(string? text) =>
        text is T word
        && (serializer ?? Invocation.Options.Serializer) is JsonCheckpointSerializer
        && !IsJsonString(text)
            ? word
            : Invocation.Read<T>(serializer, text, Key.Id);

    private static bool IsJsonString(string text)
    {
        var trimmed = text.AsSpan().Trim();
        return trimmed.StartsWith("\"") || trimmed.SequenceEqual("null");
    }

    private CallbackException Failure(string status, ErrorObject? error)
    {
        var (type, data, stack) = (error?.ErrorType, error?.ErrorData, error?.StackTrace);
        return status == OperationStatuses.TimedOut
            ? new CallbackTimeoutException(error?.ErrorMessage ?? "The callback was not completed in time.")
            {
                CallbackId = callbackId,
                ErrorType = type,
                ErrorData = data,
                OriginalStackTrace = stack,
            }
            : new CallbackFailedException(error?.ErrorMessage ?? "The callback was completed with a failure.")
            {
                CallbackId = callbackId,
                ErrorType = type,
                ErrorData = data,
                OriginalStackTrace = stack,
            };
    }
}

internal sealed class Callback<T>(
    ContextScope scope, OperationKey key, string callbackId, ICheckpointSerializer? serializer) : ICallback<T>
{
    public string CallbackId => callbackId;

    public Task<T> GetResultAsync(CancellationToken cancellationToken = default)
    {
        // A branch may await what the context around it has made: then it is the branch that waits.
        var awaiting = Ambient.ContextOr(scope);
        if (!ReferenceEquals(awaiting, scope))
        {
            scope.SeeNoEnd(key.Id);
        }

        return new AwaitCallbackOperation<T>(awaiting, key, callbackId, serializer, cancellationToken).Start();
    }
}
