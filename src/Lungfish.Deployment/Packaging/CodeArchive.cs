using System.IO.Compression;

namespace Lungfish.Deployment.Packaging;

/// <summary>Packs a folder into a zip whose bytes depend on nothing but the files: the same code has the same
/// hash.</summary>
public static class CodeArchive
{
    // The first moment that zip knows.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <exception cref="IOException">A file cannot be read.</exception>
    public static byte[] Pack(string folder, PackagePatterns patterns)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var path in FilesOf(folder, patterns))
            {
                var entry = archive.CreateEntry(path, CompressionLevel.Fastest);
                entry.LastWriteTime = Epoch;
                var file = new FileInfo(Path.Combine(folder, path));
                entry.ExternalAttributes = (0x8000 | (IsExecutable(file) ? 0b111_101_101 : 0b110_100_100)) << 16;
                using var content = entry.Open();
                using var source = file.OpenRead();
                source.CopyTo(content);
            }
        }

        return stream.ToArray();
    }

    /// <summary>A zip with one file.</summary>
    public static byte[] PackText(string fileName, string text)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            var entry = archive.CreateEntry(fileName, CompressionLevel.Fastest);
            entry.LastWriteTime = Epoch;
            entry.ExternalAttributes = (0x8000 | 0b110_100_100) << 16;
            using var content = new StreamWriter(entry.Open());
            content.Write(text);
        }

        return stream.ToArray();
    }

    /// <summary>The files that belong to a function, relative, with <c>/</c> between parts, in ordinal order.</summary>
    public static IReadOnlyList<string> FilesOf(string folder, PackagePatterns patterns)
    {
        var belongs = patterns.Compile();
        // Links to folders are not followed: they may lead in circles or out of the service.
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        return [.. Directory.EnumerateFiles(folder, "*", options)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(belongs)
            .Order(StringComparer.Ordinal)];
    }

    private static bool IsExecutable(FileInfo file) =>
        !OperatingSystem.IsWindows() && file.UnixFileMode.HasFlag(UnixFileMode.UserExecute);
}
