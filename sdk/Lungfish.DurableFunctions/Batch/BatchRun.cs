namespace Lungfish.DurableFunctions;

/// <summary>
/// Starts the branches of a batch in order, so many at a time, until its policy says that it is done.
/// </summary>
internal sealed class BatchRun<T>
{
    private readonly DurableContext _context;
    private readonly BatchPlan<T> _plan;
    private readonly CompletionPolicy _policy;
    private readonly int _concurrency;
    private readonly OperationKey[] _keys;
    private readonly IBatchItem<T>?[] _items;
    private readonly CancellationTokenSource _shortCircuit;
    private readonly TaskCompletionSource<IBatchResult<T>> _done = new();
    private readonly Lock _lock = new();
    private int _started;
    private int _succeeded;
    private int _failed;
    private bool _isAdvancing;
    private bool _isDone;

    public BatchRun(DurableContext context, BatchPlan<T> plan, CancellationToken cancellationToken)
    {
        (_context, _plan) = (context, plan);
        _policy = new CompletionPolicy(plan.Completion, plan.Count);
        _concurrency = Math.Min(plan.MaxConcurrency ?? plan.Count, plan.Count);
        _items = new IBatchItem<T>?[plan.Count];

        // By index, not by the order in which they happen to start. A namer may throw: here that fails the batch.
        _keys = Enumerable.Range(0, plan.Count).Select(index => new OperationKey(
            context.Scope.IdOf(index + 1),
            OperationTypes.Context,
            plan.ItemSubType,
            plan.NameOf(index),
            context.Scope.ParentId)).ToArray();
        _shortCircuit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    public Task<IBatchResult<T>> RunAsync(Operation? known)
    {
        if (known is not null)
        {
            return RebuildAsync(BatchSummary.Read(known.ContextDetails?.Result, _plan.Count));
        }

        Advance();
        return _done.Task;
    }

    /// <summary>
    /// Starts what may start. Only one caller at a time does: branches may end while they are being started.
    /// </summary>
    private void Advance()
    {
        lock (_lock)
        {
            if (_isAdvancing)
            {
                return;
            }

            _isAdvancing = true;
        }

        while (true)
        {
            int index;
            lock (_lock)
            {
                if (!_isDone && _policy.IsDone(_succeeded, _failed))
                {
                    _isDone = true;
                    break;
                }

                if (_isDone || _started == _plan.Count || _started - _succeeded - _failed >= _concurrency)
                {
                    _isAdvancing = false;
                    return;
                }

                index = _started++;
            }

            Begin(index);
        }

        Finish();
    }

    private void Begin(int index)
    {
        var invocation = _context.Scope.Invocation;
        var key = _keys[index];

        // What is known already needs no thread; nor does the only branch that may run.
        if (_concurrency == 1 || invocation.Find(key.Id) is { IsTerminal: true })
        {
            _ = RunBranchAsync(index, key);
            return;
        }

        // Branches run side by side even if their code computes without awaiting anything.
        invocation.Enter();
        ThreadPool.QueueUserWorkItem(
            static state =>
            {
                _ = state.Batch.RunBranchAsync(state.Index, state.Key);
                state.Batch._context.Scope.Invocation.Exit();
            },
            (Batch: this, Index: index, Key: key),
            preferLocal: false);
    }

    private async Task RunBranchAsync(int index, OperationKey key)
    {
        IBatchItem<T> item;
        try
        {
            item = BatchResult.Succeeded(index, await StartBranch(index, key).ConfigureAwait(false), key.Name);
        }
        catch (NonDeterministicExecutionException)
        {
            return; // The invocation has ended with it.
        }
        catch (DurableExecutionException e)
        {
            item = BatchResult.Failed<T>(index, e, key.Name);
        }
        catch (OperationCanceledException e)
        {
            GiveUp(e.CancellationToken);
            return;
        }

        lock (_lock)
        {
            if (_isDone)
            {
                return;
            }

            _items[index] = item;
            if (item.Status == BatchItemStatus.Succeeded)
            {
                _succeeded++;
            }
            else
            {
                _failed++;
            }
        }

        Advance();
    }

    /// <summary>The caller's token was cancelled, unless the batch cancelled its own when it was done.</summary>
    private void GiveUp(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_isDone)
            {
                return;
            }

            _isDone = true;
        }

        _done.TrySetCanceled(cancellationToken);
    }

    private void Finish()
    {
        // First of all nothing below it may be stored any more: the cancelled branches would store their failures.
        lock (_context.Scope.Invocation.Gate)
        {
            _context.Scope.Close();
        }

        var items = new List<IBatchItem<T>>(_started);
        for (var i = 0; i < _started; i++)
        {
            items.Add(_items[i] ?? BatchResult.Started<T>(i, _keys[i].Name));
        }

        // What the author registered for it may be slow or throw: the batch is done nevertheless.
        _ = _shortCircuit.CancelAsync();
        _done.TrySetResult(BatchResult.Create(items, _policy.Reason(_succeeded, _failed)));
    }

    /// <summary>Rebuilds a result that was too large to keep, from what is kept of the branches.</summary>
    private async Task<IBatchResult<T>> RebuildAsync(BatchSummary summary)
    {
        var items = new List<IBatchItem<T>>(summary.TotalCount);
        for (var i = 0; i < summary.TotalCount; i++)
        {
            var key = _keys[i];
            if (summary.Started.Contains(i))
            {
                items.Add(BatchResult.Started<T>(i, key.Name));
                continue;
            }

            try
            {
                items.Add(BatchResult.Succeeded(i, await StartBranch(i, key).ConfigureAwait(false), key.Name));
            }
            catch (DurableExecutionException e) when (e is not NonDeterministicExecutionException)
            {
                items.Add(BatchResult.Failed<T>(i, e, key.Name));
            }
        }

        return BatchResult.Create(items, summary.Reason);
    }

    private Task<T> StartBranch(int index, OperationKey key)
    {
        var body = new ChildBody<T>
        {
            Run = (context, _, token) => _plan.Run(index, context, token),
            Serializer = _plan.ItemSerializer,
            Failure = error => Failures.OfContext(_plan.ItemSubType, error),
            IsFlat = _plan.IsFlat,
        };
        return new ChildContextOperation<T>(_context, key, body, _shortCircuit.Token).Start();
    }
}
