using System.Globalization;

namespace Lungfish.Cli.Dev;

/// <summary>Finds out which process listens on a port, as far as this system tells.</summary>
internal static class PortOwner
{
    private const string Listening = "0A";

    /// <returns>Such as <c>python3 (process 4711)</c>, or null if nobody listens or it cannot be told.</returns>
    public static string? Find(int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            var inode = ((string[])["/proc/net/tcp", "/proc/net/tcp6"]).Where(File.Exists)
                .SelectMany(File.ReadLines).Select(line => InodeOf(line, port)).FirstOrDefault(found => found is not null);
            return inode is null ? null : FindProcess($"socket:[{inode}]");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // Processes of other users are not shown.
        }
    }

    private static string? InodeOf(string line, int port)
    {
        // "sl local_address rem_address st ..." with the port in hexadecimal, and the inode tenth.
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 9 && fields[3] == Listening
            && fields[1].Split(':') is [.., var hex] && int.TryParse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var local)
            && local == port
            ? fields[9]
            : null;
    }

    private static string? FindProcess(string socket)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(p => char.IsAsciiDigit(Path.GetFileName(p)[0])))
        {
            if (Holds(process, socket))
            {
                return $"{File.ReadAllText(Path.Combine(process, "comm")).Trim()} (process {Path.GetFileName(process)})";
            }
        }

        return null;
    }

    private static bool Holds(string process, string socket)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(fd => File.ResolveLinkTarget(fd, false)?.Name == socket);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // It ended meanwhile, or belongs to somebody else.
        }
    }
}
