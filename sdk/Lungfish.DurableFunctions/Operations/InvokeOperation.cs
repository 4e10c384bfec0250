namespace Lungfish.DurableFunctions;

/// <summary>An invocation of another function, made by the service.</summary>
internal sealed class InvokeOperation<TPayload, TResult>(
    ContextScope scope,
    OperationKey key,
    string functionName,
    TPayload payload,
    InvokeConfig? config,
    CancellationToken cancellationToken) : DurableOperation<TResult>(scope, key, cancellationToken)
{
    protected override TResult ResultOf(Operation ended) => ended.Status == OperationStatuses.Succeeded
        ? Invocation.Read<TResult>(config?.ResultSerializer, ended.ChainedInvokeDetails?.Result, Key.Id)
        : throw Failure(ended.Status, ended.ChainedInvokeDetails?.Error);

    protected override async Task<TResult> ExecuteAsync(Operation? known)
    {
        if (known is null)
        {
            var start = new OperationUpdate
            {
                Id = Key.Id,
                Type = Key.Type,
                Action = OperationActions.Start,
                SubType = Key.SubType,
                Name = Key.Name,
                ParentId = Key.ParentId,
                FunctionName = functionName,
                TenantId = config?.TenantId,
                Payload = Invocation.Write(config?.PayloadSerializer, payload, Key.Id),
            };
            await StoreStartAsync(known, start, first: true).ConfigureAwait(false);
        }

        return ResultOf(await WaitForOutsideAsync().ConfigureAwait(false));
    }

    private InvokeException Failure(string status, ErrorObject? error)
    {
        var message = error?.ErrorMessage ?? $"The function '{functionName}' ended as {status}.";
        var (type, data, stack) = (error?.ErrorType, error?.ErrorData, error?.StackTrace);
        return status switch
        {
            OperationStatuses.TimedOut => new InvokeTimedOutException(message)
            {
                FunctionName = functionName,
                ErrorType = type,
                ErrorData = data,
                OriginalStackTrace = stack,
            },
            OperationStatuses.Stopped or OperationStatuses.Cancelled => new InvokeStoppedException(message)
            {
                FunctionName = functionName,
                ErrorType = type,
                ErrorData = data,
                OriginalStackTrace = stack,
            },
            _ => new InvokeFailedException(message)
            {
                FunctionName = functionName,
                ErrorType = type,
                ErrorData = data,
                OriginalStackTrace = stack,
            },
        };
    }
}
