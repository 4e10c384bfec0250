namespace Lungfish.DurableFunctions;

/// <summary>One call of a durable operation, from the call to its result.</summary>
/// <typeparam name="T">What the author awaits.</typeparam>
internal abstract class DurableOperation<T>(ContextScope scope, OperationKey key, CancellationToken cancellationToken)
{
    // The author's code goes on within the operation that completes: no other thread, and no moment at which nothing
    // seems to be at work.
    private readonly TaskCompletionSource<T> _completion = new();

    protected OperationKey Key => key;

    protected ContextScope Scope => scope;

    protected Invocation Invocation => scope.Invocation;

    protected CancellationToken CancellationToken => cancellationToken;

    /// <summary>Begins; a result that is known already is there at once.</summary>
    public Task<T> Start()
    {
        var known = Invocation.Find(key.Id);
        if (known is not null)
        {
            Verify(known);
            Invocation.Plugins.OperationReplayed(known);
            if (IsKnownResult(known))
            {
                SeeEnd();
                return Replay(known);
            }
        }

        if (Invocation.TryBeginOperation(scope))
        {
            _ = RunAsync(known);
        }

        return _completion.Task;
    }

    /// <summary>Goes on from what the journal knows, null for nothing, to the result.</summary>
    protected abstract Task<T> ExecuteAsync(Operation? known);

    /// <summary>The result of an operation that has ended.</summary>
    /// <exception cref="DurableExecutionException">It has failed.</exception>
    protected abstract T ResultOf(Operation ended);

    /// <summary>Whether the result can be had without running anything.</summary>
    protected virtual bool IsKnownResult(Operation known) => known.IsTerminal;

    /// <summary>Whether its result shows how the operation ended.</summary>
    protected virtual bool SeesEnd => true;

    protected Task StoreAsync(OperationUpdate update) => Invocation.Checkpoints.StoreAsync(scope, update);

    /// <summary>Stores the start, before anything else happens if <paramref name="first"/>.</summary>
    protected Task StoreStartAsync(Operation? known, OperationUpdate update, bool first)
    {
        Invocation.Plugins.OperationStarted(key, known);
        if (first)
        {
            return StoreAsync(update);
        }

        Invocation.Checkpoints.StoreSoon(scope, update);
        return Task.CompletedTask;
    }

    protected Task<Operation> WaitForOutsideAsync() =>
        Invocation.WaitForOutsideAsync(scope, key.Id, cancellationToken);

    private void SeeEnd()
    {
        if (SeesEnd)
        {
            scope.SeeEnd(key.Id);
        }
        else
        {
            scope.SeeEndLater(key.Id);
        }
    }

    private Task<T> Replay(Operation known)
    {
        try
        {
            return Task.FromResult(ResultOf(known));
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }

    private void Verify(Operation known)
    {
        try
        {
            key.VerifyAgainst(known);
        }
        catch (NonDeterministicExecutionException e)
        {
            // The author's code may catch it, and would then go on astray: the execution ends here.
            Invocation.End(new InvocationOutcome(InvocationEnd.Failed, Exception: e));
            throw;
        }
    }

    private async Task RunAsync(Operation? known)
    {
        try
        {
            var result = await ExecuteAsync(known).ConfigureAwait(false);
            BeforeResult();
            _completion.TrySetResult(result);
        }
        catch (OperationCanceledException e)
        {
            BeforeResult();
            _completion.TrySetCanceled(e.CancellationToken);
        }
        catch (Exception e)
        {
            BeforeResult();
            _completion.TrySetException(e);
        }

        Invocation.Exit();
    }

    private void BeforeResult()
    {
        SeeEnd();
        Invocation.EndOperation(scope);
    }
}
