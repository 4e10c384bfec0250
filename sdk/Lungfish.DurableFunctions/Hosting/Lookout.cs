using System.Collections.Immutable;

namespace Lungfish.DurableFunctions;

/// <summary>Looks every some milliseconds after what runs in this process, and rests while nothing does.</summary>
/// <remarks>One thread for all of it: a timer wakes two each time, and a machine may run many such processes.</remarks>
internal static class Lookout
{
    private const int MillisecondsApart = 15;

    private static readonly AutoResetEvent s_goOn = new(false);
    private static ImmutableArray<Func<bool>> s_looks = [];
    private static volatile bool s_wasAlerted;
    private static volatile bool s_rests;

    static Lookout() =>
        new Thread(LookAround) { IsBackground = true, Name = "Lungfish lookout" }.UnsafeStart();

    /// <param name="look">Called on a thread that must not be kept; says whether it wants to look again soon.</param>
    public static void Join(Func<bool> look) =>
        ImmutableInterlocked.Update(ref s_looks, static (looks, look) => looks.Add(look), look);

    public static void Leave(Func<bool> look) =>
        ImmutableInterlocked.Update(ref s_looks, static (looks, look) => looks.Remove(look), look);

    /// <summary>Something runs: who looks is to look twice at least.</summary>
    public static void Alert()
    {
        s_wasAlerted = true;
        Interlocked.MemoryBarrier(); // Who sets one of the two flags sees the other.
        if (s_rests)
        {
            s_goOn.Set();
        }
    }

    private static void LookAround()
    {
        while (true)
        {
            Thread.Sleep(MillisecondsApart);
            var goesOn = Interlocked.Exchange(ref s_wasAlerted, false);
            foreach (var look in s_looks)
            {
                goesOn |= look();
            }

            if (!goesOn)
            {
                Rest();
            }
        }
    }

    private static void Rest()
    {
        s_rests = true;
        Interlocked.MemoryBarrier();
        if (!s_wasAlerted)
        {
            s_goOn.WaitOne();
        }

        s_rests = false;
    }
}
