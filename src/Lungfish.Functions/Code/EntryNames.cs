namespace Lungfish.Functions.Code;

/// <summary>Names in a package: they must stay inside the folder and differ in more than case.</summary>
internal static class EntryNames
{
    private const int LengthMax = 1024;

    // Opening one of these on Windows talks to a device, whatever folder it seems to be in.
    private static readonly HashSet<string> WindowsDevices = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL",
        "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    };

    /// <summary>The name without a leading <c>./</c>.</summary>
    /// <exception cref="BadPackageException">It is not a plain relative path.</exception>
    public static string Check(string name)
    {
        var plain = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
        if (plain.Length is 0 or > LengthMax
            || plain[0] == '/'
            || plain.Contains('\\')
            || plain.Any(char.IsControl)
            || (plain.Length > 1 && plain[1] == ':'))
        {
            throw new BadPackageException($"the entry '{name}' is not a relative path");
        }

        foreach (var segment in plain.TrimEnd('/').Split('/'))
        {
            if (segment is "" or "." or "..")
            {
                throw new BadPackageException($"the entry '{name}' leaves its folder");
            }

            if (OperatingSystem.IsWindows() && WindowsDevices.Contains(segment.Split('.')[0]))
            {
                throw new BadPackageException($"the entry '{name}' is the name of a device");
            }
        }

        return plain;
    }

    /// <summary>Refuses two entries for one place: equal names, names that differ in case, a file that is a
    /// folder.</summary>
    public static void RefuseClashes(IReadOnlyList<ZipEntry> entries)
    {
        var seen = new Dictionary<string, (string Name, bool IsFolder)>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in entries)
        {
            Claim(seen, entry.Name, entry.IsFolder, isListed: true);
            for (var slash = entry.Name.IndexOf('/'); slash > 0; slash = entry.Name.IndexOf('/', slash + 1))
            {
                Claim(seen, entry.Name[..slash], isFolder: true, isListed: false);
            }
        }
    }

    private static void Claim(
        Dictionary<string, (string Name, bool IsFolder)> seen, string name, bool isFolder, bool isListed)
    {
        if (seen.TryAdd(name, (name, isFolder)))
        {
            return;
        }

        var other = seen[name];
        if (other.Name != name || other.IsFolder != isFolder || (isListed && !isFolder))
        {
            throw new BadPackageException($"the entries '{other.Name}' and '{name}' claim the same place");
        }
    }
}
