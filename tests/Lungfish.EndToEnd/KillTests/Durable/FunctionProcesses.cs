using System.Diagnostics;

namespace Lungfish.EndToEnd.KillTests.Durable;

/// <summary>The processes that a server has started.</summary>
internal static class FunctionProcesses
{
    /// <summary>Kills one of them, if there is any.</summary>
    public static bool KillOne(int? serverId, Random random)
    {
        var children = ChildrenOf(serverId ?? 0);
        if (children.Count == 0)
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(children[random.Next(children.Count)]);
            process.Kill(entireProcessTree: true);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return false; // It has ended by itself.
        }
    }

    private static List<int> ChildrenOf(int serverId)
    {
        var children = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id)
                && ParentOf(directory) == serverId)
            {
                children.Add(id);
            }
        }

        children.Sort();
        return children;
    }

    private static int? ParentOf(string directory)
    {
        try
        {
            // "12 (any name) S 1 ...": the name may hold anything, so the fields are counted from its end.
            var text = File.ReadAllText(Path.Combine(directory, "stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // It has ended meanwhile.
        }
    }
}
