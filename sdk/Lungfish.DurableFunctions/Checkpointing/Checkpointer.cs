namespace Lungfish.DurableFunctions;

/// <summary>Brings updates to the service, in order, in batches, with one call under way at a time.</summary>
/// <remarks>
/// Whoever needs its update stored makes the call itself if none is under way: a workflow that does one thing after
/// the other needs no other thread. Who comes meanwhile joins the next batch.
/// </remarks>
internal sealed class Checkpointer
{
    private readonly Invocation _invocation;
    private readonly IDurableServiceClient _client;
    private readonly Queue<CheckpointBatch> _waiting = [];
    private string _token;
    private CheckpointBatch? _filling; // The last one of those waiting.
    private bool _isCalling;
    private bool _isKicked;
    private TaskCompletionSource? _drained;

    public Checkpointer(Invocation invocation, IDurableServiceClient client, string token) =>
        (_invocation, _client, _token) = (invocation, client, token);

    public IDurableServiceClient Client => _client;

    /// <summary>Stores an update; the task completes when it is stored, and never if it must not be.</summary>
    public Task StoreAsync(ContextScope scope, OperationUpdate update)
    {
        CheckpointBatch mine;
        lock (_invocation.Gate)
        {
            if (MustNotStore(scope))
            {
                return Abandon();
            }

            mine = Add(update);
            if (_isCalling)
            {
                return mine.Stored;
            }

            _isCalling = true;
        }

        return CallAsync(mine);
    }

    /// <summary>Stores an update soon; nobody waits for it.</summary>
    public void StoreSoon(ContextScope scope, OperationUpdate update)
    {
        lock (_invocation.Gate)
        {
            if (MustNotStore(scope))
            {
                return;
            }

            Add(update);
            if (_isCalling || _isKicked)
            {
                return;
            }

            _isKicked = true;
        }

        // On another thread: what comes next on this one may be quick, and then both go in one call, or it may be
        // slow, and then this must not wait for it.
        _invocation.Enter();
        ThreadPool.UnsafeQueueUserWorkItem(
            static checkpointer => _ = checkpointer.CallSoonAsync(), this, preferLocal: false);
    }

    /// <summary>Asks for changes, without an update of its own.</summary>
    public Task PollAsync()
    {
        CheckpointBatch mine;
        lock (_invocation.Gate)
        {
            if (_filling is null)
            {
                _waiting.Enqueue(_filling = new CheckpointBatch());
            }

            mine = _filling;
            if (_isCalling)
            {
                return mine.Stored;
            }

            _isCalling = true;
        }

        return CallAsync(mine);
    }

    /// <summary>Waits until nothing is under way or waiting; a failure shows as the invocation's outcome.</summary>
    public Task DrainAsync()
    {
        TaskCompletionSource drained;
        lock (_invocation.Gate)
        {
            if (Failure is not null || (!_isCalling && _waiting.Count == 0))
            {
                return Task.CompletedTask;
            }

            _drained = drained = new TaskCompletionSource();
            if (_isCalling)
            {
                return drained.Task;
            }

            _isCalling = true;
        }

        _ = CallAsync(null);
        return drained.Task;
    }

    /// <summary>Stores the end of the execution itself: what is too large for the answer.</summary>
    public async Task StoreEndAsync(OperationUpdate update)
    {
        CheckpointBatch mine;
        lock (_invocation.Gate)
        {
            mine = Add(update);
            _isCalling = true; // After draining nothing is.
        }

        await Task.WhenAny(CallAsync(mine), DrainAsync()).ConfigureAwait(false);
    }

    /// <summary>Why nothing can be stored any more.</summary>
    public Exception? Failure { get; private set; }

    private bool MustNotStore(ContextScope scope) => Failure is not null || _invocation.IsOver || scope.IsOrphan;

    /// <summary>The operation is at work no longer, and never goes on.</summary>
    private Task Abandon()
    {
        _invocation.Exit();
        return new TaskCompletionSource().Task;
    }

    private CheckpointBatch Add(OperationUpdate update)
    {
        if (_filling is null || !_filling.TryAdd(update))
        {
            _filling = new CheckpointBatch(update);
            _waiting.Enqueue(_filling);
        }

        return _filling;
    }

    private async Task CallSoonAsync()
    {
        var call = false;
        lock (_invocation.Gate)
        {
            _isKicked = false;
            if (!_isCalling && _waiting.Count > 0)
            {
                call = _isCalling = true;
            }
        }

        if (call)
        {
            await CallAsync(null).ConfigureAwait(false);
        }

        _invocation.Exit();
    }

    /// <summary>Makes calls until the caller's batch is stored, or, for nobody's, until none waits.</summary>
    private async Task CallAsync(CheckpointBatch? mine)
    {
        while (true)
        {
            CheckpointBatch batch;
            lock (_invocation.Gate)
            {
                batch = _waiting.Dequeue();
                if (ReferenceEquals(batch, _filling))
                {
                    _filling = null;
                }
            }

            try
            {
                await SendAsync(batch.Updates).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // A border: what a service client throws is the invocation's end, whatever it is.
                Fail(e);
                await new TaskCompletionSource().Task.ConfigureAwait(false);
            }

            bool more;
            lock (_invocation.Gate)
            {
                more = _isCalling = _waiting.Count > 0;
            }

            if (ReferenceEquals(batch, mine) && more)
            {
                _ = CallAsync(null);
                more = false;
            }

            batch.SetStored();
            if (!more)
            {
                SetDrained();
                return;
            }
        }
    }

    private async Task SendAsync(IReadOnlyList<OperationUpdate> updates)
    {
        var arn = _invocation.ExecutionArn;
        var result = await _client.CheckpointAsync(arn, _token, updates, CancellationToken.None).ConfigureAwait(false);
        _token = result.CheckpointToken ?? _token;
        _invocation.Apply(result.NewExecutionState.Operations);
        var marker = result.NewExecutionState.NextMarker;
        while (!string.IsNullOrEmpty(marker))
        {
            var page = await _client.GetStateAsync(arn, _token, marker, CancellationToken.None).ConfigureAwait(false);
            _invocation.Apply(page.Operations);
            marker = page.NextMarker;
        }
    }

    private void Fail(Exception exception)
    {
        lock (_invocation.Gate)
        {
            Failure = exception;
            _waiting.Clear();
            _filling = null;
        }

        _invocation.End(new InvocationOutcome(InvocationEnd.Broken, Exception: exception));
        SetDrained();
    }

    private void SetDrained()
    {
        TaskCompletionSource? drained = null;
        lock (_invocation.Gate)
        {
            if (Failure is not null || (!_isCalling && _waiting.Count == 0))
            {
                (drained, _drained) = (_drained, null);
            }
        }

        drained?.TrySetResult();
    }
}
