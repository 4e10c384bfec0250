using System.Globalization;

namespace Lungfish.Server.Hosting;

/// <summary>Tells who listens on a port, where Linux lets us know.</summary>
internal static class PortOwner
{
    private const string Listening = "0A";

    /// <returns>Such as <c>node (pid 4711)</c>, or null if nobody can tell.</returns>
    public static string? Find(int port)
    {
        try
        {
            var sockets = new[] { "/proc/net/tcp", "/proc/net/tcp6" }
                .Where(File.Exists)
                .SelectMany(file => File.ReadLines(file).Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields.Length > 9 && fields[3] == Listening && PortOf(fields[1]) == port)
                .Select(fields => $"socket:[{fields[9]}]")
                .ToHashSet();
            return sockets.Count == 0 ? null : FindProcess(sockets);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // A hint, not a need.
        }
    }

    private static int PortOf(string address) =>
        int.Parse(address.AsSpan(address.LastIndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string? FindProcess(HashSet<string> sockets)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            var id = Path.GetFileName(process);
            if (char.IsAsciiDigit(id[0]) && HasAny(process, sockets))
            {
                return $"{File.ReadAllText(Path.Combine(process, "comm")).Trim()} (pid {id})";
            }
        }

        return null;
    }

    private static bool HasAny(string process, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(file => IsAny(file, sockets));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Somebody else's process, or one that has just ended.
        }
    }

    private static bool IsAny(string file, HashSet<string> sockets)
    {
        try
        {
            return File.ResolveLinkTarget(file, returnFinalTarget: false) is { } target
                && sockets.Contains(target.Name);
        }
        catch (IOException)
        {
            return false; // Closed since the folder was read: the process goes on opening and closing others.
        }
    }
}
