namespace Lungfish.DurableFunctions;

/// <summary>A step: attempts, until one succeeds or the strategy gives up.</summary>
internal sealed class StepOperation<T>(
    DurableContext context,
    OperationKey key,
    Func<IStepContext, CancellationToken, Task<T>> func,
    StepConfig? config,
    CancellationToken cancellationToken) : DurableOperation<T>(context.Scope, key, cancellationToken)
{
    private readonly IRetryStrategy _strategy = config?.RetryStrategy ?? RetryStrategy.Default;
    private readonly bool _atMostOnce = config?.Semantics == StepSemantics.AtMostOncePerRetry;

    protected override T ResultOf(Operation ended) => ended.Status == OperationStatuses.Succeeded
        ? Invocation.Read<T>(config?.Serializer, ended.StepDetails?.Result, Key.Id)
        : throw Failure(ended.StepDetails?.Error);

    protected override async Task<T> ExecuteAsync(Operation? known)
    {
        while (true)
        {
            if (known is { Status: OperationStatuses.Pending })
            {
                known = await WaitForOutsideAsync().ConfigureAwait(false);
            }

            if (known is { IsTerminal: true })
            {
                return ResultOf(known);
            }

            var attempt = (known?.StepDetails?.Attempt ?? 0) + 1;
            if (known is not { Status: OperationStatuses.Started })
            {
                var start = Key.Update(OperationActions.Start);
                await StoreStartAsync(known, start, first: _atMostOnce).ConfigureAwait(false);
            }
            else if (_atMostOnce)
            {
                known = await AfterFailureAsync(Interrupted(attempt), attempt).ConfigureAwait(false);
                continue;
            }

            (var result, var failure) = await AttemptAsync(attempt, known is not null).ConfigureAwait(false);
            if (failure is null)
            {
                return result;
            }

            known = await AfterFailureAsync(failure, attempt).ConfigureAwait(false);
        }
    }

    private async Task<(T Result, Exception? Failure)> AttemptAsync(int attempt, bool isReplay)
    {
        using var token = LinkedToken.Of(CancellationToken, Invocation.Shutdown);
        var stepContext = new StepContext(context, Key, attempt);
        var started = Invocation.Plugins.FunctionStarted(Key, attempt, isReplay, isReplayingChildren: false);
        Ambient.Enter(this);
        T result;
        string? payload;
        try
        {
            result = await func(stepContext, token.Token).ConfigureAwait(false);
            Invocation.Plugins.FunctionEnded(started, failure: null);
        }
        catch (OperationCanceledException) when (CancellationToken.IsCancellationRequested)
        {
            // The author gave the step up: no attempt failed, and a replay may run it again.
            throw;
        }
        catch (Exception e)
        {
            // A border: the author's code may throw anything, and the strategy decides what follows.
            Invocation.Plugins.FunctionEnded(started, e);
            return (Absent<T>.Value, e);
        }

        try
        {
            payload = Invocation.WriteAndReread(config?.Serializer, ref result, Key.Id);
        }
        catch (CheckpointSerializationException e)
        {
            return (Absent<T>.Value, e);
        }

        await StoreAsync(Key.Succeed(payload)).ConfigureAwait(false);
        return (result, null);
    }

    /// <summary>
    /// Stores the failure of an attempt; returns what is known of the step then, if there is another.
    /// </summary>
    private async Task<Operation?> AfterFailureAsync(Exception failure, int attempt)
    {
        var decision = RetryDecision.DoNotRetry();
        try
        {
            // What cannot be written now cannot be written next time.
            decision = failure is CheckpointSerializationException ? decision : _strategy.ShouldRetry(failure, attempt);
        }
        catch (Exception e)
        {
            // A border: the strategy may be the author's own. A replay must find the step as failed as it is now.
            failure = e;
        }

        var error = ErrorObject.FromException(failure);
        if (!decision.ShouldRetry)
        {
            await StoreAsync(Key.Fail(error)).ConfigureAwait(false);
            throw Failure(error);
        }

        await StoreAsync(Key.Retry(error, payload: null, Seconds.AtLeastOne(decision.Delay))).ConfigureAwait(false);
        return await WaitForOutsideAsync().ConfigureAwait(false);
    }

    private static StepInterruptedException Interrupted(int attempt) => new(
        $"The process ended during attempt {attempt} of this step, which runs at most once.");

    private static StepException Failure(ErrorObject? error)
    {
        var message = error?.ErrorMessage ?? "The step failed.";
        return error?.ErrorType == typeof(StepInterruptedException).FullName
            ? new StepInterruptedException(message)
            {
                ErrorType = error?.ErrorType,
                ErrorData = error?.ErrorData,
                OriginalStackTrace = error?.StackTrace,
            }
            : new StepException(message)
            {
                ErrorType = error?.ErrorType,
                ErrorData = error?.ErrorData,
                OriginalStackTrace = error?.StackTrace,
            };
    }
}
