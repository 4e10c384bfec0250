using Lungfish.Bench.Measuring;

namespace Lungfish.Bench;

/// <summary>Where results are kept.</summary>
internal static class Reports
{
    public const string Baselines = "bench/baselines";

    /// <param name="saveAs">Null: until the next run.</param>
    public static async Task PublishAsync(Report report, string? saveAs)
    {
        Console.WriteLine(report.ToTable());
        var path = saveAs is { } name
            ? Path.Combine(Baselines, name + ".json")
            : Path.Combine("artifacts", "bench", "last.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? ".");
        await File.WriteAllTextAsync(path, report.ToJson() + "\n");
        Console.WriteLine($"Written to {path}.");
    }
}
