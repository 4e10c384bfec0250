namespace Lungfish.DurableFunctions;

/// <summary>Looks, while invocations run, for updates that wait although nobody brings them to the service.</summary>
/// <remarks>
/// One timer for the process, which rests while nothing runs: a timer for each step would cost more than the step.
/// </remarks>
internal static class LateUpdates
{
    private const int MillisecondsApart = 15;

    private static readonly Lock s_gate = new();
    private static readonly List<Checkpointer> s_running = [];
    private static readonly Timer s_timer = MakeTimer();
    private static bool s_isTicking;
    private static bool s_hadWork;

    public static void Watch(Checkpointer checkpointer)
    {
        lock (s_gate)
        {
            s_running.Add(checkpointer);
            s_hadWork = true;
            if (!s_isTicking)
            {
                s_isTicking = s_timer.Change(MillisecondsApart, MillisecondsApart);
            }
        }
    }

    public static void Unwatch(Checkpointer checkpointer)
    {
        lock (s_gate)
        {
            s_running.Remove(checkpointer);
        }
    }

    private static Timer MakeTimer()
    {
        using (ExecutionContext.SuppressFlow()) // It is nobody's in particular.
        {
            return new Timer(
                static _ => Look(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private static void Look()
    {
        Checkpointer[] running;
        lock (s_gate)
        {
            if (!s_hadWork)
            {
                s_isTicking = !s_timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            running = [.. s_running];
            s_hadWork = running.Length > 0; // One that ended between two looks keeps the timer for one more.
        }

        foreach (var checkpointer in running)
        {
            checkpointer.BringLateOnes();
        }
    }
}
