using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Lungfish.Functions.Processes;

/// <summary>What a function's process and all that it has started take together.</summary>
/// <param name="Threads">Processes and threads.</param>
/// <param name="Members">The processes.</param>
/// <param name="ResidentBytes">Memory that processes share counts for each of them.</param>
internal sealed record GroupUse(int Threads, IReadOnlyList<int> Members, long ResidentBytes);

/// <summary>The processes of this machine, as Linux tells of them; elsewhere there are none.</summary>
internal static class ProcessTable
{
    private const string Root = "/proc";

    /// <summary>All process groups by their id.</summary>
    public static Dictionary<int, GroupUse> ReadGroups()
    {
        var groups = new Dictionary<int, (int Threads, List<int> Members, long Pages)>();
        Span<byte> buffer = stackalloc byte[1024];
        foreach (var id in ProcessIds())
        {
            // "12 (any name) S 1 12 ...": the name may hold anything, so the fields are counted from its end.
            var text = buffer[..Posix.ReadFile($"{Root}/{id}/stat", buffer)];
            var fields = text[(text.LastIndexOf((byte)')') + 1)..];
            const int Group = 3;
            const int Threads = 18;
            const int ResidentPages = 22;
            var group = (int)Field(fields, Group);
            var (threads, members, pages) = groups.TryGetValue(group, out var found) ? found : (0, [], 0);
            members.Add(id);
            groups[group] = (threads + (int)Field(fields, Threads), members, pages + Field(fields, ResidentPages));
        }

        return groups.ToDictionary(
            g => g.Key,
            g => new GroupUse(g.Value.Threads, g.Value.Members, g.Value.Pages * Environment.SystemPageSize));
    }

    /// <summary>The memory of some processes, where what they share counts once. Slow: the kernel adds it up.</summary>
    public static long ReadMemoryOf(IReadOnlyList<int> processIds)
    {
        long kilobytes = 0;
        Span<byte> buffer = stackalloc byte[4096];
        foreach (var id in processIds)
        {
            kilobytes += ValueAfter("Pss:"u8, buffer[..Posix.ReadFile($"{Root}/{id}/smaps_rollup", buffer)]);
        }

        return kilobytes * 1024;
    }

    /// <summary>How many threads all processes have together, other users' too.</summary>
    public static int CountThreads()
    {
        // "0.50 0.40 0.30 2/345 6789"
        Span<byte> buffer = stackalloc byte[128];
        var text = buffer[..Posix.ReadFile(Root + "/loadavg", buffer)];
        return (int)Field(text[(text.IndexOf((byte)'/') + 1)..], 0);
    }

    /// <summary>Memory that programs could still get.</summary>
    public static long ReadMemoryAvailable()
    {
        Span<byte> buffer = stackalloc byte[512];
        return ValueAfter("MemAvailable:"u8, buffer[..Posix.ReadFile(Root + "/meminfo", buffer)]) * 1024;
    }

    /// <summary>When the machine runs out of memory, the kernel ends this process and what it starts rather than the
    /// server or the developer's programs.</summary>
    public static void PreferAsVictim(int processId)
    {
        const string First = "1000";
        try
        {
            if (OperatingSystem.IsLinux())
            {
                File.WriteAllText($"{Root}/{processId}/oom_score_adj", First);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended already, or this container may not say so: the watch over its memory is what remains.
        }
    }

    /// <summary>Kills every process that was started with a variable, wherever it has gone since.</summary>
    /// <remarks>Processes that a function leaves behind in a session of their own have no other tie to it.</remarks>
    /// <param name="variable">Its name, <c>=</c> and its value.</param>
    public static void KillAllWith(string variable)
    {
        const int PassesMax = 20; // Each finds what the killed ones had still started.
        var mark = Encoding.UTF8.GetBytes(variable + '\0');
        var buffer = new byte[256 * 1024];
        for (var pass = 0; pass < PassesMax; pass++)
        {
            var killed = false;
            var anyHidden = false;
            foreach (var id in ProcessIds().Where(id => id != Environment.ProcessId))
            {
                var environment = buffer.AsSpan(0, Posix.ReadFile($"{Root}/{id}/environ", buffer));
                anyHidden |= environment.IsEmpty && IsBeginning(id);
                if (environment.IndexOf(mark) is var at and >= 0 && (at == 0 || environment[at - 1] == 0))
                {
                    Posix.KillOne(id);
                    killed = true;
                }
            }

            if (anyHidden)
            {
                Thread.Sleep(pass); // A process that turns into another program shows its environment after that.
            }
            else if (!killed)
            {
                return;
            }
        }
    }

    /// <summary>It has shown no environment, and is neither dead, nor of the kernel, nor somebody else's.</summary>
    private static bool IsBeginning(int id)
    {
        Span<byte> buffer = stackalloc byte[128];
        return Posix.CanOpen($"{Root}/{id}/environ")
            && Field(buffer[..Posix.ReadFile($"{Root}/{id}/statm", buffer)], 0) > 0;
    }

    private static IEnumerable<int> ProcessIds()
    {
        if (!OperatingSystem.IsLinux())
        {
            yield break;
        }

        foreach (var folder in Directory.EnumerateDirectories(Root))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                yield return id;
            }
        }
    }

    /// <summary>A field of a text whose fields are parted by single spaces; 0 if there is none.</summary>
    private static long Field(ReadOnlySpan<byte> text, int index)
    {
        for (; index > 0; index--)
        {
            var space = text.IndexOf((byte)' ');
            if (space < 0)
            {
                return 0;
            }

            text = text[(space + 1)..];
        }

        return Utf8Parser.TryParse(text, out long value, out _) ? value : 0;
    }

    private static long ValueAfter(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        var at = text.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(text[(at + name.Length)..].TrimStart((byte)' '), out long value, out _)
            ? value
            : 0;
    }
}
