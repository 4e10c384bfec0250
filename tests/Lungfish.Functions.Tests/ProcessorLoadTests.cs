using Lungfish.Functions.Processes;

namespace Lungfish.Functions.Tests;

/// <summary>How the pools know whether the machine has time left.</summary>
public sealed class ProcessorLoadTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly SteppedTime _time = new();
    private readonly FakeMeter _meter = new();

    [Fact]
    public void Look_Once_KnowsNothingAndSaysThatThereIsTime()
    {
        var load = new ProcessorLoad(_meter, _time);

        load.Look();

        Assert.False(load.IsSaturated);
    }

    [Theory]
    [InlineData(1.0, true)]
    [InlineData(0.95, true)]
    [InlineData(0.85, false)]
    [InlineData(0.0, false)]
    public void Look_ForAWhile_TellsTheShareOfAllCores(double share, bool isSaturated)
    {
        var load = new ProcessorLoad(_meter, _time);

        Watch(load, share, looks: 12);

        Assert.Equal(isSaturated, load.IsSaturated);
    }

    [Fact]
    public void Look_WorkHasEnded_SaysSoWithinAFewLooks()
    {
        var load = new ProcessorLoad(_meter, _time);
        Watch(load, share: 1, looks: 20);

        Watch(load, share: 0, looks: 2);

        Assert.False(load.IsSaturated);
    }

    [Fact]
    public void Look_AfterALongTime_ForgetsWhatWas()
    {
        var load = new ProcessorLoad(_meter, _time);
        Watch(load, share: 1, looks: 20);

        _time.Advance(TimeSpan.FromMinutes(1));
        load.Look();

        Assert.False(load.IsSaturated);
    }

    [Fact]
    public void Look_ProcessHasEnded_ItsTimeIsNotTakenAsNegative()
    {
        var load = new ProcessorLoad(_meter, _time);
        Watch(load, share: 1, looks: 20);

        _meter.Used = TimeSpan.Zero;
        Watch(load, share: 1, looks: 12);

        Assert.True(load.IsSaturated);
    }

    [Fact]
    public void UsedOf_LineOfTheKernel_CountsAllButIdleAndWaitingForADisk()
    {
        // user nice system idle iowait irq softirq steal guest guest_nice
        var used = LinuxMeter.UsedOf("cpu  100 20 300 99999 88888 4 50 6 7 8\ncpu0 1 2 3"u8);

        Assert.Equal(TimeSpan.FromSeconds(4.8), used);
    }

    private void Watch(ProcessorLoad load, double share, int looks)
    {
        for (var i = 0; i < looks; i++)
        {
            _time.Advance(Interval);
            _meter.Used += Interval * _meter.Cores * share;
            load.Look();
        }
    }

    private sealed class FakeMeter : IProcessorMeter
    {
        public int Cores => 4;

        public TimeSpan Used { get; set; } = TimeSpan.FromHours(1);

        public TimeSpan ReadUsed() => Used;
    }

    private sealed class SteppedTime : TimeProvider
    {
        private TimeSpan _now = TimeSpan.FromDays(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now.Ticks;

        public void Advance(TimeSpan by) => _now += by;
    }
}
