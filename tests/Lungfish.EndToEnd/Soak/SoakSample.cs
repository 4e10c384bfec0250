using System.Text.Json.Nodes;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Soak;

/// <summary>What the server takes of the machine at one moment.</summary>
internal sealed record SoakSample
{
    private const double Megabyte = 1024 * 1024;
    private const double TicksPerSecond = 100; // What Linux tells user space, whatever the kernel uses.

    /// <summary>Seconds since the beginning of the run.</summary>
    public required double At { get; init; }

    public required double ResidentMb { get; init; }

    public required double HeapMb { get; init; }

    public required int Files { get; init; }

    public required int Threads { get; init; }

    public required double LogMb { get; init; }

    public required double DatabaseMb { get; init; }

    /// <summary>Processes of functions, their own children too.</summary>
    public required int Processes { get; init; }

    /// <summary>Seconds of a core that the server has taken so far, without its functions.</summary>
    public required double CpuSeconds { get; init; }

    public int Open { get; init; }

    public int Ended { get; init; }

    public static async Task<SoakSample> TakeAsync(TimeSpan at, int serverId, string dataDirectory, AwsApi api)
    {
        var info = (await api.RestAsync(HttpMethod.Get, "/api/info")).Body;
        var status = (await File.ReadAllLinesAsync($"/proc/{serverId}/status"))
            .Select(line => line.Split(':', 2)).ToDictionary(p => p[0], p => p[1].Trim(), StringComparer.Ordinal);
        var stat = await File.ReadAllTextAsync($"/proc/{serverId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return new SoakSample
        {
            At = at.TotalSeconds,
            ResidentMb = Number(status["VmRSS"].Split(' ')[0]) / 1024,
            HeapMb = (info["memory"] as JsonObject)?["heapBytes"]?.GetValue<long>() / Megabyte ?? 0,
            Files = Directory.GetFileSystemEntries($"/proc/{serverId}/fd").Length,
            Threads = (int)Number(status["Threads"]),
            LogMb = SizeOf(Path.Combine(dataDirectory, "lungfish.db-wal")) / Megabyte,
            DatabaseMb = SizeOf(Path.Combine(dataDirectory, "lungfish.db")) / Megabyte,
            Processes = ProcessesUnder(dataDirectory),
            CpuSeconds = (Number(fields[11]) + Number(fields[12])) / TicksPerSecond,
        };
    }

    /// <summary>All processes that were started with a folder of this server, wherever they belong by now.</summary>
    private static int ProcessesUnder(string dataDirectory)
    {
        var mark = $"TMPDIR={dataDirectory}";
        return Directory.EnumerateDirectories("/proc")
            .Count(process => char.IsAsciiDigit(Path.GetFileName(process)[0])
                && ReadOrEmpty(Path.Combine(process, "environ")).Contains(mark, StringComparison.Ordinal));
    }

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ""; // It has ended, or belongs to somebody else.
        }
    }

    private static long SizeOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
