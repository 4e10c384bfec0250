namespace Lungfish.DurableFunctions.Testing.Tests.Local;

public sealed class VirtualClockTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly VirtualClock _clock = new(s_noon);
    private readonly List<string> _fired = [];

    [Fact]
    public void GetUtcNow_NobodyMovesIt_StandsStill()
    {
        using var timer = After(TimeSpan.FromTicks(1), "first");

        Assert.Equal(s_noon, _clock.GetUtcNow());
        Assert.Empty(_fired);
    }

    [Fact]
    public void Advance_OneTickTooLittle_DoesNotFire()
    {
        using var timer = After(TimeSpan.FromSeconds(5), "five");

        _clock.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.Empty(_fired);

        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(["five at 5"], _fired);
    }

    [Fact]
    public void Advance_PastSeveral_FiresInOrderOfTimeAndThenOfMaking()
    {
        using var nine = After(TimeSpan.FromSeconds(9), "nine");
        using var three = After(TimeSpan.FromSeconds(3), "three");
        using var alsoNine = After(TimeSpan.FromSeconds(9), "also nine");

        _clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(["three at 3", "nine at 9", "also nine at 9"], _fired);
        Assert.Equal(s_noon.AddSeconds(60), _clock.GetUtcNow());
    }

    [Fact]
    public void Advance_TimerMadeByATimer_FiresOnTheWayToo()
    {
        using var first = _clock.CreateTimer(
            _ => After(TimeSpan.FromSeconds(2), "second"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(["second at 3"], _fired);
    }

    [Fact]
    public void Advance_PeriodicTimer_FiresEachTime()
    {
        using var timer = _clock.CreateTimer(
            _ => Note("tick"), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["tick at 1", "tick at 3", "tick at 5"], _fired);
    }

    [Fact]
    public void Change_TimerMovedBack_FiresAtItsNewTimeOnly()
    {
        using var timer = After(TimeSpan.FromSeconds(1), "moved");
        timer.Change(TimeSpan.FromSeconds(4), Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["moved at 4"], _fired);
    }

    [Fact]
    public void Dispose_TimerNotYetDue_NeverFires()
    {
        After(TimeSpan.FromSeconds(1), "gone").Dispose();

        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Empty(_fired);
    }

    [Fact]
    public void Advance_Backwards_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromTicks(-1)));

    [Fact]
    public async Task Delay_OnThisClock_EndsWhenItIsMoved()
    {
        var delay = Task.Delay(TimeSpan.FromDays(30), _clock);
        Assert.False(delay.IsCompleted);

        _clock.Advance(TimeSpan.FromDays(30));

        await delay;
    }

    private ITimer After(TimeSpan dueTime, string name) =>
        _clock.CreateTimer(_ => Note(name), null, dueTime, Timeout.InfiniteTimeSpan);

    private void Note(string name) => _fired.Add($"{name} at {(_clock.GetUtcNow() - s_noon).TotalSeconds}");
}
