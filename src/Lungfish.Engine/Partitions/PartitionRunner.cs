namespace Lungfish.Engine.Partitions;

/// <summary>Runs partitions on the thread that calls it: what was decided is committed, what that lets go is carried
/// out, what follows from it is decided, and so on, without a hand-over to another thread.</summary>
internal static class PartitionRunner
{
    [ThreadStatic]
    private static bool t_runs;

    /// <param name="reserved">What is to be run.</param>
    /// <param name="here">On this thread, for as long as one commit takes; else on another one.</param>
    public static void Start(Partition reserved, bool here)
    {
        if (here)
        {
            RunFrom(reserved, commitsMax: 1); // Then the sender has its answer.
        }
        else
        {
            reserved.Surroundings.Queue(reserved);
        }
    }

    /// <summary>Goes on until there is nothing more, or others have taken over.</summary>
    /// <param name="next">Reserved for this thread; null: there is nothing to begin with.</param>
    /// <param name="commitsMax">For how many commits this thread may wait.</param>
    public static void RunFrom(Partition? next, int commitsMax = int.MaxValue)
    {
        if (next is null)
        {
            return;
        }

        // What an effect posts is handled within it, but not committed there: its effects might post in their turn.
        var isNested = t_runs;
        var commitsLeft = isNested ? 0 : commitsMax;
        t_runs = true;
        try
        {
            while (next is not null)
            {
                var ran = next;
                next = null;
                if (!ran.Run())
                {
                    continue;
                }

                if (commitsLeft > 0)
                {
                    commitsLeft--;
                    next = ran.Lane?.Commit(goesOn: commitsLeft > 0);
                }
                else
                {
                    ran.Lane?.Kick();
                }
            }
        }
        finally
        {
            t_runs = isNested;
        }
    }
}
