namespace Lungfish.EndToEnd.Soak;

/// <summary>Whether a measured value grows, told from its noise.</summary>
internal static class Trend
{
    /// <summary>By how much the value has risen from the first to the last sample, along the line that fits them.
    /// </summary>
    /// <remarks>Theil and Sen: the median of the slopes between all pairs. A collection of garbage or a burst moves a
    /// few samples far; it moves a mean, and does not move this.</remarks>
    public static double RiseOf(IReadOnlyList<(double At, double Value)> samples)
    {
        var slopes = new List<double>();
        for (var i = 0; i < samples.Count; i++)
        {
            for (var j = i + 1; j < samples.Count; j++)
            {
                slopes.Add((samples[j].Value - samples[i].Value) / (samples[j].At - samples[i].At));
            }
        }

        return slopes.Count == 0 ? 0 : MedianOf(slopes) * (samples[^1].At - samples[0].At);
    }

    public static double MedianOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
