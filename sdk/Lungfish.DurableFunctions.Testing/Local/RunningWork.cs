namespace Lungfish.DurableFunctions.Testing.Local;

/// <summary>Counts the functions that run, and lets others wait until none does, or until something happens.</summary>
internal sealed class RunningWork
{
    private readonly Lock _gate = new();
    private int _count;
    private TaskCompletionSource _idle = new();
    private TaskCompletionSource? _changed;

    public RunningWork() => _idle.SetResult();

    public void Begin()
    {
        lock (_gate)
        {
            if (_count++ == 0)
            {
                _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Called together with what its end leads to, so that there is no idle moment in between.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (--_count == 0)
            {
                _idle.TrySetResult();
            }
        }
    }

    /// <summary>Whoever waits gets the exception, now and later.</summary>
    public void Break(Exception exception)
    {
        lock (_gate)
        {
            _idle.TrySetException(exception);
        }
    }

    public void Changed()
    {
        lock (_gate)
        {
            _changed?.TrySetResult();
            _changed = null;
        }
    }

    /// <summary>Done when something has happened that had not when this was called.</summary>
    public Task NextChangeAsync()
    {
        lock (_gate)
        {
            _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _changed.Task;
        }
    }

    /// <summary>Waits until no function runs.</summary>
    /// <exception cref="TimeoutException">One still runs after that much real time.</exception>
    public async Task WhenIdleAsync(TimeSpan realTimeMax, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task idle;
            lock (_gate)
            {
                idle = _idle.Task;
            }

            await idle.WaitAsync(realTimeMax, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                if (_count == 0)
                {
                    return;
                }
            }
        }
    }
}
