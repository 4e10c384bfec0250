namespace Lungfish.EndToEnd.Soak;

public sealed class TrendTests
{
    [Fact]
    public void RiseOf_SteadyGrowth_IsFoundDespiteOutliers()
    {
        var samples = Enumerable.Range(0, 100)
            .Select(i => ((double)i, i % 10 == 0 ? 10_000.0 : 100 + (2.0 * i)))
            .ToList();

        Assert.Equal(198, Trend.RiseOf(samples), tolerance: 20);
    }

    [Fact]
    public void RiseOf_NoiseAndABurst_IsNoGrowth()
    {
        var random = new Random(1);
        var samples = Enumerable.Range(0, 100)
            .Select(i => ((double)i, random.Next(90, 110) + (i > 90 ? 500.0 : 0)))
            .ToList();

        Assert.InRange(Trend.RiseOf(samples), -10, 10);
    }

    [Fact]
    public void RiseOf_NoPair_IsNothing() => Assert.Equal(0, Trend.RiseOf([(1, 1)]));
}
