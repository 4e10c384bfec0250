using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Lungfish.Bench.Measuring;

/// <summary>Where the figures come from; they mean little without it.</summary>
internal sealed record Machine(
    string ProcessorName,
    int Cores,
    long MemoryMegabytes,
    string System,
    string Runtime,
    string FileSystem,
    string Commit)
{
    public static Machine Describe(string dataDirectory) => new(
        ReadProcessor(),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1_048_576,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        new DriveInfo(dataDirectory).DriveFormat,
        ReadCommit());

    private static string ReadProcessor() => File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1] ?? "unknown";

    private static string ReadCommit()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["rev-parse", "--short", "HEAD"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        });
        return git?.StandardOutput.ReadToEnd().Trim() ?? "unknown";
    }
}
