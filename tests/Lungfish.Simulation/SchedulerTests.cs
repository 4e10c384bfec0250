using Lungfish.Simulation.Scheduling;

namespace Lungfish.Simulation;

public sealed class SchedulerTests
{
    private readonly Scheduler _scheduler = new(seed: 1, lagPercent: 0);

    [Fact]
    public void Post_FromAnotherThread_FailsTheRun()
    {
        var context = _scheduler.NewContext("server");
        var thread = new Thread(() => context.Post(static _ => { }, null));
        thread.Start();
        thread.Join();

        Assert.Contains("another thread", _scheduler.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kill_ContextWithWorkAndTimers_RunsNoneOfIt()
    {
        var context = _scheduler.NewContext("server");
        var time = new SimTime(_scheduler);
        var begun = false;
        var ended = false;
        context.Begin(async () =>
        {
            begun = true;
            await Task.Delay(TimeSpan.FromSeconds(1), time);
            ended = true;
        });
        _ = _scheduler.Step(untilTicks: 0);

        context.Kill();
        RunAll();

        Assert.True(begun);
        Assert.False(ended);
    }

    [Fact]
    public void Delay_OfManyLengths_EndsInTheirOrder()
    {
        var context = _scheduler.NewContext("server");
        var time = new SimTime(_scheduler);
        var ended = new List<int>();
        foreach (var seconds in (ReadOnlySpan<int>)[3, 1, 2])
        {
            context.Begin(async () =>
            {
                await Task.Delay(TimeSpan.FromSeconds(seconds), time);
                ended.Add(seconds);
            });
        }

        RunAll();

        Assert.Equal([1, 2, 3], ended);
        Assert.Equal(TimeSpan.FromSeconds(3).Ticks, _scheduler.NowTicks);
    }

    private void RunAll()
    {
        while (_scheduler.Step(TimeSpan.FromHours(1).Ticks))
        {
            // Until nothing is left to do.
        }
    }
}
