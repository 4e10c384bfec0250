using Lungfish.Functions.Invoking;

namespace Lungfish.Functions.Tests;

/// <summary>When a pool starts one more process.</summary>
public sealed class GrowthRuleTests
{
    private const int Cores = 2;

    private static readonly PoolSituation Busy = new()
    {
        Waiting = 100,
        OldestWaits = TimeSpan.FromSeconds(30),
        Starting = 0,
        Running = 2,
        WithoutProgress = TimeSpan.Zero,
        PerProcess = 1,
        PlacesLeft = 0,
        SinceReady = TimeSpan.FromMinutes(1),
        Start = TimeSpan.FromMilliseconds(300),
        Run = TimeSpan.FromMilliseconds(50),
        IsSaturated = false,
    };

    [Fact]
    public void WantsOneMore_NoProcessYet_AlsoOnASaturatedMachine() =>
        Assert.True(Wants(Busy with { Waiting = 1, Running = 0, OldestWaits = TimeSpan.Zero, IsSaturated = true }));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public void WantsOneMore_AsManyStartAsWait_No(int waiting, int starting) =>
        Assert.False(Wants(Busy with { Waiting = waiting, Starting = starting }));

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void WantsOneMore_Burst_StartsOneForEachCoreAtATime(int starting, bool wants) =>
        Assert.Equal(wants, Wants(Busy with { Starting = starting, Running = 10 }));

    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(1, 1, false)]
    [InlineData(2, 0, false)]
    [InlineData(40, 0, false)]
    public void WantsOneMore_Saturated_NoMoreThanCores(int running, int starting, bool wants) =>
        Assert.Equal(wants, Wants(Busy with { Running = running, Starting = starting, IsSaturated = true }));

    [Fact]
    public void WantsOneMore_SaturatedAndNothingMoves_StartsOneByOne()
    {
        // As when each of them waits for an invocation of its own function, while others keep the machine busy.
        var stuck = Busy with
        {
            Running = 10,
            Run = null,
            WithoutProgress = TimeSpan.FromSeconds(2),
            IsSaturated = true,
        };

        Assert.True(Wants(stuck));
        Assert.False(Wants(stuck with { Starting = 1 }));
        Assert.False(Wants(stuck with { OldestWaits = TimeSpan.FromMilliseconds(10) }));
        Assert.False(Wants(stuck with { Start = TimeSpan.FromSeconds(10) }));
    }

    [Theory]
    [InlineData(10, 100, true)] // 500 ms of work for each of two, and a start takes 300 ms.
    [InlineData(10, 10, false)]
    [InlineData(5_000, 10, true)] // But one has waited for longer than four starts.
    public void WantsOneMore_ProcessorIsIdle_IfTheyWouldWaitLongerThanAStartTakes(
        int oldestMilliseconds, int runMilliseconds, bool wants) =>
        Assert.Equal(wants, Wants(Busy with
        {
            Waiting = 10,
            OldestWaits = TimeSpan.FromMilliseconds(oldestMilliseconds),
            Run = TimeSpan.FromMilliseconds(runMilliseconds),
        }));

    [Theory]
    [InlineData(100, 1, false)]
    [InlineData(101, 1, true)]
    [InlineData(201, 2, false)] // As many start as may.
    public void WantsOneMore_SeveralAtOnce_CountsWhatThoseThatStartWillTake(int waiting, int starting, bool wants) =>
        Assert.Equal(wants, Wants(Busy with { Waiting = waiting, Starting = starting, PerProcess = 100 }));

    [Theory]
    [InlineData(1, 10, true)]
    [InlineData(2, 300, false)]
    [InlineData(2, 301, true)]
    public void WantsOneMore_SeveralAtOnceAndAProcessForEachCore_IfOneHasWaitedForAsLongAsAStart(
        int running, int oldestMilliseconds, bool wants) =>
        Assert.Equal(wants, Wants(Busy with
        {
            Waiting = 1_000,
            OldestWaits = TimeSpan.FromMilliseconds(oldestMilliseconds),
            Running = running,
            PerProcess = 32,
            Run = TimeSpan.FromMilliseconds(60), // As it is told while all processes are full.
        }));

    [Theory]
    [InlineData(60, 299, false)]
    [InlineData(61, 299, true)]
    [InlineData(60, 1_300, true)] // They were not asked for within four starts: its runtime takes no more.
    public void WantsOneMore_ProcessesHaveNotAskedForAllTheyMay_GivesThemTimeTo(
        int waiting, int oldestMilliseconds, bool wants) =>
        Assert.Equal(wants, Wants(Busy with
        {
            Waiting = waiting,
            OldestWaits = TimeSpan.FromMilliseconds(oldestMilliseconds),
            Running = 1,
            PerProcess = 64,
            PlacesLeft = 60,
            Run = TimeSpan.FromSeconds(1),
        }));

    [Theory]
    [InlineData(299, false)] // They have waited for longer than a start takes, and all of it was that start.
    [InlineData(300, true)]
    public void WantsOneMore_ProcessHasJustBecomeReady_GivesItTimeToAsk(int readyMilliseconds, bool wants) =>
        Assert.Equal(wants, Wants(Busy with
        {
            Waiting = 3,
            OldestWaits = TimeSpan.FromSeconds(2),
            Running = 1,
            PerProcess = 8,
            PlacesLeft = 7,
            SinceReady = TimeSpan.FromMilliseconds(readyMilliseconds),
            Run = null,
        }));

    private static bool Wants(PoolSituation pool) => GrowthRule.WantsOneMore(pool, Cores);
}
