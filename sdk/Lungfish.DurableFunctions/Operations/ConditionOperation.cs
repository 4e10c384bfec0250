namespace Lungfish.DurableFunctions;

/// <summary>
/// A condition that is polled: each check is an attempt of one step, and hands its state to the next.
/// </summary>
internal sealed class ConditionOperation<TState>(
    DurableContext context,
    OperationKey key,
    Func<TState, IConditionCheckContext, CancellationToken, Task<TState>> check,
    WaitForConditionConfig<TState> config,
    CancellationToken cancellationToken) : DurableOperation<TState>(context.Scope, key, cancellationToken)
{
    protected override TState ResultOf(Operation ended) => ended.Status == OperationStatuses.Succeeded
        ? Read(ended.StepDetails?.Result)
        : throw Failure(ended.StepDetails?.Error, ended.StepDetails?.Attempt ?? 0);

    protected override async Task<TState> ExecuteAsync(Operation? known)
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

            if (known is not { Status: OperationStatuses.Started })
            {
                await StoreStartAsync(known, Key.Update(OperationActions.Start), first: false).ConfigureAwait(false);
            }

            var attempt = (known?.StepDetails?.Attempt ?? 0) + 1;
            var before = known?.StepDetails?.Result is { } text ? Read(text) : config.InitialState;
            var state = await CheckAsync(before, attempt, known is not null).ConfigureAwait(false);
            string? payload;
            try
            {
                payload = Invocation.WriteAndReread(config.Serializer, ref state, Key.Id);
            }
            catch (CheckpointSerializationException e)
            {
                throw await FailAsync(ErrorObject.FromException(e), attempt).ConfigureAwait(false);
            }

            var decision = await DecideAsync(state, attempt).ConfigureAwait(false);
            if (!decision.ShouldContinue)
            {
                await StoreAsync(Key.Succeed(payload)).ConfigureAwait(false);
                return state;
            }

            await StoreAsync(Key.Retry(error: null, payload, Seconds.AtLeastOne(decision.Delay))).ConfigureAwait(false);
            known = await WaitForOutsideAsync().ConfigureAwait(false);
        }
    }

    private async Task<TState> CheckAsync(TState before, int attempt, bool isReplay)
    {
        using var token = LinkedToken.Of(CancellationToken, Invocation.Shutdown);
        var started = Invocation.Plugins.FunctionStarted(Key, attempt, isReplay, isReplayingChildren: false);
        Ambient.Enter(this);
        try
        {
            var state = await check(before, new StepContext(context, Key, attempt), token.Token).ConfigureAwait(false);
            Invocation.Plugins.FunctionEnded(started, failure: null);
            return state;
        }
        catch (OperationCanceledException) when (CancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            // A border: a check has no retries of its own.
            Invocation.Plugins.FunctionEnded(started, e);
            throw await FailAsync(ErrorObject.FromException(e), attempt).ConfigureAwait(false);
        }
    }

    private async Task<WaitDecision> DecideAsync(TState state, int attempt)
    {
        try
        {
            return config.WaitStrategy.Decide(state, attempt);
        }
        catch (Exception e)
        {
            // A border: the strategy may be the author's own.
            var error = ErrorObject.FromException(e);
            error = e is WaitForConditionException
                ? new ErrorObject
                {
                    ErrorType = error.ErrorType,
                    ErrorMessage = error.ErrorMessage,
                    StackTrace = error.StackTrace,
                    ErrorData = Invocation.Write(config.Serializer, state, Key.Id), // So that a replay knows it.
                }
                : error;
            throw await FailAsync(error, attempt).ConfigureAwait(false);
        }
    }

    private async Task<DurableOperationException> FailAsync(ErrorObject error, int attempt)
    {
        await StoreAsync(Key.Fail(error)).ConfigureAwait(false);
        return Failure(error, attempt);
    }

    private DurableOperationException Failure(ErrorObject? error, int attempts)
    {
        var message = error?.ErrorMessage ?? "The check failed.";
        return error?.ErrorType == typeof(WaitForConditionException).FullName
            ? new WaitForConditionException(message)
            {
                AttemptsExhausted = attempts,
                LastState = Read(error?.ErrorData),
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

    private TState Read(string? text) => Invocation.Read<TState>(config.Serializer, text, Key.Id);
}
