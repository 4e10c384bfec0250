using System.IO.Enumeration;

namespace Lungfish.Integrations.S3;

/// <summary>Walks the folders of a bucket in the order of keys, folder by folder.</summary>
internal static class FolderListing
{
    private static readonly EnumerationOptions AllEntries = new() { AttributesToSkip = FileAttributes.ReparsePoint };

    /// <param name="startAfter">Folders all of whose keys come before it are not entered.</param>
    public static IEnumerable<(string Key, FileInfo File)> Of(string bucket, string prefix, string? startAfter)
    {
        var open = new Stack<Queue<string>>();
        open.Push(KeysIn(bucket, "", prefix, startAfter));
        while (open.TryPeek(out var keys))
        {
            if (!keys.TryDequeue(out var key))
            {
                _ = open.Pop();
            }
            else if (key.EndsWith('/'))
            {
                open.Push(KeysIn(bucket, key, prefix, startAfter));
            }
            else
            {
                yield return (key, new FileInfo(Path.Combine(bucket, key)));
            }
        }
    }

    /// <summary>Files and folders that matter, in order; a folder's key ends with a slash, which gives it its
    /// place.</summary>
    private static Queue<string> KeysIn(string bucket, string above, string prefix, string? startAfter)
    {
        try
        {
            // Names only: a folder may hold a hundred thousand files.
            var keys = new FileSystemEnumerable<string>(
                Path.Combine(bucket, above),
                (ref FileSystemEntry entry) => $"{above}{entry.FileName}{(entry.IsDirectory ? "/" : "")}",
                AllEntries);
            var wanted = keys.Where(key => MayMatch(key, prefix) && IsAfter(key, startAfter)).ToList();
            wanted.Sort(BucketNames.Compare);
            return new Queue<string>(wanted);
        }
        catch (DirectoryNotFoundException)
        {
            return []; // Its last object was deleted meanwhile.
        }
    }

    private static bool MayMatch(string key, string prefix) =>
        key.StartsWith(prefix, StringComparison.Ordinal)
        || (key.EndsWith('/') && prefix.StartsWith(key, StringComparison.Ordinal));

    private static bool IsAfter(string key, string? startAfter) =>
        startAfter is null
        || BucketNames.Compare(key, startAfter) > 0
        || (key.EndsWith('/') && startAfter.StartsWith(key, StringComparison.Ordinal));
}
