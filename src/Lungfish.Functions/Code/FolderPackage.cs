using System.IO.Compression;

namespace Lungfish.Functions.Code;

/// <summary>A developer's folder as a package.</summary>
internal static class FolderPackage
{
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = true,
    };

    // Written while a function runs, or none of its business: a change in them is no change of the code.
    private static readonly string[] Skipped = [".git", "__pycache__", ".lungfish", ".serverless", "cdk.out"];

    /// <summary>The files that are code, in the order of their paths.</summary>
    public static IEnumerable<FileInfo> FilesOf(string folder) =>
        new DirectoryInfo(folder)
            .EnumerateFiles("*", Everything)
            .Where(f => !SegmentsOf(folder, f).Any(Skipped.Contains))
            .OrderBy(f => f.FullName, StringComparer.Ordinal);

    private static string[] SegmentsOf(string folder, FileInfo file) =>
        Path.GetRelativePath(folder, file.FullName).Split(Path.DirectorySeparatorChar);

    public static ReadOnlyMemory<byte> Make(string folder)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in FilesOf(folder))
            {
                var name = Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
                _ = zip.CreateEntryFromFile(file.FullName, name, CompressionLevel.Fastest);
            }
        }

        return bytes.ToArray();
    }
}
