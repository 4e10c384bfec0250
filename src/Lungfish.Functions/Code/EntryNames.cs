using System.Text;

namespace Lungfish.Functions.Code;

/// <summary>Names in a package: they must stay inside the folder and differ in more than case.</summary>
internal static class EntryNames
{
    // Of UTF-8: what Linux takes for one part of a path, and a quarter of what it takes for a path.
    private const int SegmentBytesMax = 255;
    private const int BytesMax = 1024;

    /// <summary>Files and folders together: each entry may be in hundreds of folders that no other names.</summary>
    private const int PlacesMax = 2 * ZipDirectory.EntriesMax;

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
        if (plain.Length == 0
            || Encoding.UTF8.GetByteCount(plain) > BytesMax
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

            if (Encoding.UTF8.GetByteCount(segment) > SegmentBytesMax)
            {
                throw new BadPackageException($"the entry '{name}' is too long for a file's name");
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
            _ = Claim(seen, entry.Name, entry.IsFolder, isListed: true);
            // From the innermost folder on: one that is there already has brought those around it.
            var slash = entry.Name.LastIndexOf('/');
            while (slash > 0 && Claim(seen, entry.Name[..slash], isFolder: true, isListed: false))
            {
                slash = entry.Name.LastIndexOf('/', slash - 1);
            }
        }
    }

    /// <returns>False: it is there already, as that folder.</returns>
    private static bool Claim(
        Dictionary<string, (string Name, bool IsFolder)> seen, string name, bool isFolder, bool isListed)
    {
        if (seen.TryAdd(name, (name, isFolder)))
        {
            return seen.Count <= PlacesMax
                ? true
                : throw new BadPackageException($"it has more than {PlacesMax} files and folders");
        }

        var other = seen[name];
        return other.Name == name && other.IsFolder == isFolder && (isFolder || !isListed)
            ? false
            : throw new BadPackageException($"the entries '{other.Name}' and '{name}' claim the same place");
    }
}
