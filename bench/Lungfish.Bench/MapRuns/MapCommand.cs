using System.Diagnostics;
using System.Globalization;
using Lungfish.Bench.Measuring;

namespace Lungfish.Bench.MapRuns;

/// <summary>Map states of two sizes each: whether an item costs more, and the memory grows, where there are ten times
/// as many.</summary>
/// <remarks>Each is measured in a process of its own, so that its peak of memory is its own as well.</remarks>
internal static class MapCommand
{
    private static readonly (string Kind, int Small, int Large)[] s_maps =
    [
        (MapChild.Inline, 1_000, 10_000),
        (MapChild.Standard, 10_000, 100_000),
        (MapChild.Express, 10_000, 100_000),
    ];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var shrink = arguments.Contains("--quick") ? 10 : 1;
        Console.WriteLine(Machine.Describe(Environment.CurrentDirectory));
        Console.WriteLine(
            $"{"map",-24}{"items",10}{"seconds",10}{"us/item",10}{"ratio",8}{"heap MB",10}{"RSS MB",10}");
        foreach (var (kind, small, large) in s_maps)
        {
            double? smallMicroseconds = null;
            foreach (var count in (int[])[small / shrink, large / shrink])
            {
                var taken = await MeasureAsync(kind, count);
                var each = taken.Seconds * 1e6 / count;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{kind,-24}{count,10:N0}{taken.Seconds,10:N2}{each,10:N1}{each / (smallMicroseconds ?? each),8:N2}"
                    + $"{taken.HeapMegabytes,10:N0}{taken.ResidentMegabytes,10:N0}"));
                smallMicroseconds ??= each;
            }
        }

        return 0;
    }

    private static async Task<MapTaken> MeasureAsync(string kind, int count)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("This program has no path.");
        var countText = count.ToString(CultureInfo.InvariantCulture);
        using var child = Process.Start(new ProcessStartInfo(
            program, [typeof(MapCommand).Assembly.Location, "map-child", kind, countText])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("No process was started.");
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        return child.ExitCode == 0
            ? MapTaken.Parse(output)
            : throw new InvalidOperationException($"{kind} over {count} items ended with {child.ExitCode}.");
    }
}

/// <summary>What one Map took.</summary>
/// <param name="HeapMegabytes">The largest that the managed heap was after a collection.</param>
/// <param name="ResidentMegabytes">The most memory of the whole process.</param>
internal sealed record MapTaken(double Seconds, double HeapMegabytes, double ResidentMegabytes)
{
    public static MapTaken Parse(string line)
    {
        var numbers = line.Split(' ', StringSplitOptions.TrimEntries)
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToList();
        return new MapTaken(numbers[0], numbers[1], numbers[2]);
    }

    public string ToLine() => string.Create(
        CultureInfo.InvariantCulture, $"{Seconds:F4} {HeapMegabytes:F1} {ResidentMegabytes:F1}");
}
