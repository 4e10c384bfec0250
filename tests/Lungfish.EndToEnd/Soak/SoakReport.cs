namespace Lungfish.EndToEnd.Soak;

/// <summary>The samples of a run as a table, and what they say.</summary>
internal sealed class SoakReport(IReadOnlyList<SoakSample> samples)
{
    private const double WarmUpShare = 0.3; // Pools fill, code is compiled, caches grow to their bounds.
    private const double PageCacheMb = 32;  // What the store keeps of its database: it fills as that grows.
    private const double LogMbMax = 64;     // It is written over from its start at 16 MB, as soon as readers allow.

    // What may rise over the whole run: a share of the median, and at least so much.
    private static readonly IReadOnlyList<Column> s_columns =
    [
        new("resident MB", s => s.ResidentMb, Share: double.PositiveInfinity, AtLeast: 0), // With that cache.
        new("without it", s => s.ResidentMb - Math.Min(s.DatabaseMb, PageCacheMb), Share: 0.08, AtLeast: 16),
        new("heap MB", s => s.HeapMb, Share: 0.15, AtLeast: 10),
        new("files", s => s.Files, Share: 0.05, AtLeast: 8),
        new("threads", s => s.Threads, Share: 0.1, AtLeast: 6),
        new("WAL MB", s => s.LogMb, Share: 1, AtLeast: 32),
        new("db MB", s => s.DatabaseMb, Share: double.PositiveInfinity, AtLeast: 0), // Durable ones stay for a day.
        new("open", s => s.Open, Share: 0.3, AtLeast: 20),
        new("processes", s => s.Processes, Share: 0.3, AtLeast: 6),
    ];

    private sealed record Column(string Name, Func<SoakSample, double> Value, double Share, double AtLeast)
    {
        public double RiseMax(double median) => Math.Max(AtLeast, Share * median);
    }

    public static string Heading =>
        "   time " + string.Concat(s_columns.Select(c => $"{c.Name,12}")) + "       ended    CPU";

    public static string LineOf(SoakSample sample, SoakSample? before)
    {
        var share = before is null ? 0 : (sample.CpuSeconds - before.CpuSeconds) / (sample.At - before.At);
        return $"{sample.At,6:0} s" + string.Concat(s_columns.Select(c => $"{c.Value(sample),12:0.#}"))
            + $"{sample.Ended,12}{share,7:0%}";
    }

    /// <summary>What grew that should not have; also says so for each column.</summary>
    public IEnumerable<string> FindGrowth(Action<string> tell)
    {
        SoakSample[] settled = [.. samples.SkipWhile(s => s.At < samples[^1].At * WarmUpShare)];
        foreach (var column in s_columns)
        {
            var median = Trend.MedianOf(settled.Select(column.Value));
            var rise = Trend.RiseOf([.. settled.Select(s => (s.At, column.Value(s)))]);
            var most = column.RiseMax(median);
            tell($"soak: {column.Name}: median {median:0.#}, rise {rise:0.#} of at most {most:0.#}, "
                + $"highest {settled.Max(column.Value):0.#}");
            if (rise > most)
            {
                yield return $"{column.Name} rises by {rise:0.#} over the run (at most {most:0.#})";
            }
        }

        if (samples.Max(s => s.LogMb) is var log and > LogMbMax)
        {
            yield return $"the write-ahead log was {log:0.#} MB (at most {LogMbMax})";
        }
    }
}
