namespace Lungfish.DurableFunctions;

/// <summary>
/// Asks the service, while one branch is busy, whether another one that waits can go on: without it a branch that
/// waits a second would wait for its sibling's hour.
/// </summary>
internal sealed class ResumeTimer : IDisposable
{
    private readonly Invocation _invocation;
    private readonly ITimer _timer;
    private DateTimeOffset _planned = DateTimeOffset.MaxValue;

    public ResumeTimer(Invocation invocation)
    {
        _invocation = invocation;
        _timer = invocation.Options.TimeProvider.CreateTimer(
            static timer => _ = ((ResumeTimer?)timer)?.PollAsync(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Called under the invocation's lock.</summary>
    public void Plan(DateTimeOffset at)
    {
        if (at >= _planned)
        {
            return;
        }

        _planned = at;
        var delay = at - _invocation.Options.TimeProvider.GetUtcNow();
        _timer.Change(delay > TimeSpan.Zero ? delay : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private async Task PollAsync()
    {
        lock (_invocation.Gate)
        {
            _planned = DateTimeOffset.MaxValue;
        }

        if (_invocation.IsOver)
        {
            return;
        }

        _invocation.Enter();
        await _invocation.Checkpoints.PollAsync().ConfigureAwait(false);
        if (_invocation.NextPollAfter(_invocation.Options.TimeProvider.GetUtcNow()) is { } next)
        {
            lock (_invocation.Gate)
            {
                Plan(next);
            }
        }

        _invocation.Exit();
    }
}
