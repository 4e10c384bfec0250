namespace Lungfish.DurableFunctions;

/// <summary>Looks, while invocations run, for updates that wait although nobody brings them to the service.</summary>
internal static class LateUpdates
{
    private static readonly Lock s_gate = new();
    private static readonly List<Checkpointer> s_running = [];

    static LateUpdates() => Lookout.Join(Look);

    public static void Watch(Checkpointer checkpointer)
    {
        lock (s_gate)
        {
            s_running.Add(checkpointer);
        }

        Lookout.Alert();
    }

    public static void Unwatch(Checkpointer checkpointer)
    {
        lock (s_gate)
        {
            s_running.Remove(checkpointer);
        }
    }

    private static bool Look()
    {
        Checkpointer[] running;
        lock (s_gate)
        {
            running = [.. s_running];
        }

        foreach (var checkpointer in running)
        {
            checkpointer.BringLateOnes();
        }

        return running.Length > 0;
    }
}
