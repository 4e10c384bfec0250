namespace Lungfish.DurableFunctions;

/// <summary>Brings updates to the service, in order, in batches, with one call under way at a time.</summary>
/// <remarks>
/// The call is made when the author's code can do no more for now, by the thread that it ran on, and what goes on after
/// it goes on there too: whatever a workflow does at once goes together, and one that does one thing after the other
/// needs no other thread. That thread has taken the turn. Another one takes it over when the author's code keeps it,
/// because it computes, or blocks until an operation is done (<see cref="LateUpdates"/>). An update that nobody waits
/// for goes with the next one that somebody does, or when it has waited for some milliseconds.
/// </remarks>
internal sealed class Checkpointer : IDisposable
{
    private readonly Invocation _invocation;
    private readonly IDurableServiceClient _client;
    private readonly bool _holdsBack;
    private readonly Queue<CheckpointBatch> _waiting = [];
    private string _token;
    private CheckpointBatch? _filling; // The last one of those waiting.
    private int _turn; // Counts who took it: an older one that comes back finds that it has lost it.
    private bool _isTaken;
    private bool _isCalling; // Only the turn calls.
    private bool _codeBlocks; // The author's code waits within the turn for what only the turn brings about.
    private bool _holdsInvocation; // It may not be suspended before what nobody waits for has been stored.
    private CheckpointBatch? _seenWaiting;
    private TaskCompletionSource? _drained;

    public Checkpointer(Invocation invocation, IDurableServiceClient client, string token)
    {
        (_invocation, _client, _token) = (invocation, client, token);

        // Another client may be a test's, which sees each update as soon as there is no other to go with it.
        _holdsBack = client is HttpDurableServiceClient;
    }

    public IDurableServiceClient Client => _client;

    /// <summary>Why nothing can be stored any more.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Runs code that may store updates, and then brings to the service what somebody waits for.</summary>
    public void Run(Func<Task> code)
    {
        LateUpdates.Watch(this);
        int turn;
        lock (_invocation.Gate)
        {
            turn = Take();
        }

        _ = code();
        _ = GoOnAsync(turn);
    }

    /// <summary>Stores an update; the task completes when it is stored, and never if it must not be.</summary>
    public Task StoreAsync(ContextScope scope, OperationUpdate update)
    {
        lock (_invocation.Gate)
        {
            if (!MustNotStore(scope))
            {
                return Await(Add(update));
            }
        }

        _invocation.Exit(); // The operation is at work no longer, and never goes on.
        return new TaskCompletionSource().Task;
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
            if (!_holdsInvocation)
            {
                _holdsInvocation = true;
                _invocation.Enter();
            }

            if (!_holdsBack)
            {
                CallSoon();
            }
        }
    }

    /// <summary>Asks for changes, without an update of its own.</summary>
    public Task PollAsync()
    {
        lock (_invocation.Gate)
        {
            if (_filling is null)
            {
                _waiting.Enqueue(_filling = new CheckpointBatch());
            }

            return Await(_filling);
        }
    }

    /// <summary>Waits until nothing is under way or waiting; a failure shows as the invocation's outcome.</summary>
    public Task DrainAsync()
    {
        TaskCompletionSource drained;
        int turn;
        lock (_invocation.Gate)
        {
            if (Failure is not null || IsDrained)
            {
                return Task.CompletedTask;
            }

            _drained = drained = new TaskCompletionSource();
            if (_isTaken)
            {
                return drained.Task;
            }

            turn = Take();
        }

        _ = GoOnAsync(turn);
        return drained.Task;
    }

    /// <summary>Stores the end of the execution itself: what is too large for the answer.</summary>
    public async Task StoreEndAsync(OperationUpdate update)
    {
        Task stored;
        lock (_invocation.Gate)
        {
            stored = Await(Add(update));
        }

        await Task.WhenAny(stored, DrainAsync()).ConfigureAwait(false);
    }

    /// <summary>Called every some milliseconds: sees to the call that is missing since the last time.</summary>
    public void BringLateOnes()
    {
        lock (_invocation.Gate)
        {
            var first = _isCalling || _waiting.Count == 0 ? null : _waiting.Peek();
            var isLate = first is not null && ReferenceEquals(first, _seenWaiting);
            _seenWaiting = first;
            if (!isLate)
            {
                return;
            }

            _codeBlocks |= _isTaken && first is { IsAwaited: true };
            GoOnSoon(isLate: true);
        }
    }

    public void Dispose() => LateUpdates.Unwatch(this);

    private bool IsDrained => !_isCalling && _waiting.Count == 0;

    private bool MustNotStore(ContextScope scope) => Failure is not null || _invocation.IsOver || scope.IsOrphan;

    // One that waits alone may be of no hurry; a batch behind which others wait is full.
    private bool MustCall => _waiting.Count > 1
        || (_waiting.Count == 1 && (!_holdsBack || _drained is not null || _waiting.Peek().IsAwaited));

    private CheckpointBatch Add(OperationUpdate update)
    {
        if (_filling is null || !_filling.TryAdd(update))
        {
            _filling = new CheckpointBatch(update);
            _waiting.Enqueue(_filling);
        }

        return _filling;
    }

    private Task Await(CheckpointBatch batch)
    {
        var stored = batch.WhenStored();
        CallSoon();
        return stored;
    }

    private int Take()
    {
        _isTaken = true;
        return ++_turn;
    }

    /// <summary>Sees to it that somebody makes a call when the code that runs can do no more.</summary>
    private void CallSoon()
    {
        if (_isTaken && (_isCalling || !_codeBlocks))
        {
            return;
        }

        GoOnSoon(isLate: false);
    }

    private void GoOnSoon(bool isLate) => ThreadPool.UnsafeQueueUserWorkItem(
        static next => _ = next.Checkpointer.GoOnAsync(next.Turn, next.IsLate),
        (Checkpointer: this, Turn: Take(), IsLate: isLate),
        preferLocal: true);

    /// <summary>Makes calls while there is something to bring, and what waits for them goes on in between.</summary>
    private async Task GoOnAsync(int turn, bool isLate = false)
    {
        while (true)
        {
            CheckpointBatch batch;
            lock (_invocation.Gate)
            {
                if (turn != _turn)
                {
                    return; // Another thread has taken over.
                }

                if (!MustCall && !(isLate && _waiting.Count > 0))
                {
                    _isTaken = false;
                    break;
                }

                batch = _waiting.Dequeue();
                _filling = ReferenceEquals(batch, _filling) ? null : _filling;
                (_isCalling, isLate) = (true, false);
            }

            try
            {
                await SendAsync(batch.Updates).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // A border: what a service client throws is the invocation's end, whatever it is.
                Fail(e);
                return;
            }

            bool release;
            lock (_invocation.Gate)
            {
                _isCalling = false;
                release = _holdsInvocation && _waiting.Count == 0;
                _holdsInvocation &= !release;
            }

            if (release)
            {
                _invocation.Exit();
            }

            batch.SetStored();
        }

        SetDrained();
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
            if (Failure is not null || IsDrained)
            {
                (drained, _drained) = (_drained, null);
            }
        }

        drained?.TrySetResult();
    }
}
