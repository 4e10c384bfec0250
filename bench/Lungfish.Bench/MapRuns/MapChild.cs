using System.Diagnostics;
using System.Globalization;

namespace Lungfish.Bench.MapRuns;

/// <summary>Measures one Map in this process and prints what it took.</summary>
internal static class MapChild
{
    public const string Inline = "INLINE, decider alone";
    public const string Standard = "DISTRIBUTED, STANDARD";
    public const string Express = "DISTRIBUTED, EXPRESS";

    private const int WarmUpItems = 1_000; // Until the compiler has done most of its work.
    private const int InlineTakes = 5;
    private const double Megabyte = 1 << 20;
    private static readonly TimeSpan s_samplePause = TimeSpan.FromMilliseconds(50);

    public static async Task<int> RunAsync(string kind, string countText)
    {
        var count = int.Parse(countText, CultureInfo.InvariantCulture);
        using var over = new CancellationTokenSource();
        var heap = Task.Run(() => SampleHeapAsync(over.Token));
        var elapsed = kind == Inline
            ? RunInline(count)
            : await DistributedMap.RunAsync(kind == Express ? "EXPRESS" : "STANDARD", WarmUpItems, count);
        await over.CancelAsync();
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(
            new MapTaken(elapsed.TotalSeconds, await heap / Megabyte, process.PeakWorkingSet64 / Megabyte).ToLine());
        return 0;
    }

    /// <summary>The fastest of a few: one is over so soon that whatever else the machine does would show.</summary>
    private static TimeSpan RunInline(int count)
    {
        InlineMap.Run(WarmUpItems);
        return Enumerable.Range(0, InlineTakes).Min(_ =>
        {
            var clock = Stopwatch.StartNew();
            InlineMap.Run(count);
            return clock.Elapsed;
        });
    }

    private static async Task<long> SampleHeapAsync(CancellationToken over)
    {
        var most = 0L;
        while (!over.IsCancellationRequested)
        {
            most = Math.Max(most, GC.GetGCMemoryInfo().HeapSizeBytes);
            await Task.Delay(s_samplePause, over).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        return most;
    }
}
