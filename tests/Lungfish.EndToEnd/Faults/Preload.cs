using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Faults;

/// <summary>Libraries that come between a server and its system, so that its disk or its clock can be made to
/// fail.</summary>
internal static class Preload
{
    private const string FiuDirectory = "/usr/lib/fiu";

    /// <summary>The variables for a server whose system calls can be made to fail while it runs.</summary>
    /// <param name="controlPath">Where its control pipe is; the process id follows.</param>
    public static Dictionary<string, string> Fiu(string controlPath)
    {
        var variables = FindFiu(controlPath);
        Assert.SkipWhen(variables is null, "Needs libfiu: apt-get install fiu-utils.");
        return variables;
    }

    /// <returns>Null if it is not installed.</returns>
    public static Dictionary<string, string>? FindFiu(string controlPath) =>
        File.Exists($"{FiuDirectory}/fiu_run_preload.so")
            ? new(StringComparer.Ordinal)
            {
                ["LD_PRELOAD"] = $"{FiuDirectory}/fiu_run_preload.so {FiuDirectory}/fiu_posix_preload.so",
                ["FIU_CTRL_FIFO"] = controlPath,
            }
            : null;

    /// <summary>From now on, such as <c>enable name=posix/io/sync/fsync,failinfo=5</c>.</summary>
    public static async Task TellFiuAsync(string controlPath, ServerProcess server, string command)
    {
        var id = server.Id.ToString(CultureInfo.InvariantCulture);
        _ = (await Command.RunAsync("fiu-ctrl", ["-f", controlPath, "-c", command, id])).OutputOfSuccess;
    }

    /// <summary>The variables for a server whose wall clock is set by a file: its monotonic clock goes on.</summary>
    public static Dictionary<string, string> FakeTime(string timestampFile)
    {
        var variables = FindFakeTime(timestampFile);
        Assert.SkipWhen(variables is null, "Needs libfaketime: apt-get install faketime.");
        return variables;
    }

    /// <returns>Null if it is not installed.</returns>
    public static Dictionary<string, string>? FindFakeTime(string timestampFile)
    {
        const string name = "libfaketimeMT.so.1";
        var library = Directory.Exists("/usr/lib")
            ? Directory.EnumerateDirectories("/usr/lib", "*-linux-*").Append("/usr/lib")
                .Select(directory => Path.Combine(directory, "faketime", name)).FirstOrDefault(File.Exists)
            : null;
        return library is null
            ? null
            : new(StringComparer.Ordinal)
            {
                ["LD_PRELOAD"] = library,
                ["FAKETIME_TIMESTAMP_FILE"] = timestampFile,
                ["FAKETIME_NO_CACHE"] = "1",
                ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
                ["FAKETIME_DONT_RESET"] = "1",
                ["TZ"] = "UTC",
            };
    }

    /// <param name="timestampFile">That of the server.</param>
    /// <param name="time">Relative to the real one, such as <c>-3600</c>; or a moment, at which it stands.</param>
    public static void SetClock(string timestampFile, string time)
    {
        var next = timestampFile + ".next";
        File.WriteAllText(next, time + "\n");
        File.Move(next, timestampFile, overwrite: true); // The server must not read half of it.
    }
}
