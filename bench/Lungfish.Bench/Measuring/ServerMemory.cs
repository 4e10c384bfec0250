using System.Globalization;

namespace Lungfish.Bench.Measuring;

/// <summary>The resident memory of a process, in bytes.</summary>
internal static class ServerMemory
{
    public static long Of(int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(6).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture);
    }
}
