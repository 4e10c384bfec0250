using System.Collections.Concurrent;
using System.IO.Enumeration;

namespace Lungfish.Integrations.S3;

/// <summary>Walks the folders of a bucket in the order of keys, folder by folder.</summary>
internal sealed class FolderListing
{
    /// <summary>Folders with fewer entries are read again as fast as they are looked up.</summary>
    private const int KeptEntriesMin = 2_000;
    private const int KeptFoldersMax = 8;

    /// <summary>The coarsest clock of the usual file systems: a change within it may not show in a folder's
    /// time.</summary>
    private static readonly TimeSpan ClockStep = TimeSpan.FromSeconds(2);

    private static readonly EnumerationOptions AllEntries =
        new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    /// <summary>The keys of large folders in order, so that their pages do not cost a sorting each.</summary>
    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);

    /// <param name="bucket">Its folder.</param>
    /// <param name="startAfter">Folders all of whose keys come before it are not entered.</param>
    public IEnumerable<(string Key, FileInfo File)> Read(string bucket, string prefix, string? startAfter)
    {
        var open = new Stack<IEnumerator<string>>();
        open.Push(KeysIn(bucket, "", prefix, startAfter));
        while (open.TryPeek(out var keys))
        {
            if (!keys.MoveNext())
            {
                open.Pop().Dispose();
            }
            else if (keys.Current.EndsWith('/'))
            {
                open.Push(KeysIn(bucket, keys.Current, prefix, startAfter));
            }
            else
            {
                yield return (keys.Current, new FileInfo(Path.Combine(bucket, keys.Current)));
            }
        }
    }

    /// <summary>The keys in one folder that matter, in order.</summary>
    private IEnumerator<string> KeysIn(string bucket, string above, string prefix, string? startAfter)
    {
        var keys = SortedKeys(bucket, above);
        for (var i = FirstAfter(keys, startAfter); i < keys.Length; i++)
        {
            var key = keys[i];
            if (key.StartsWith(prefix, StringComparison.Ordinal)
                || (key.EndsWith('/') && prefix.StartsWith(key, StringComparison.Ordinal)))
            {
                yield return key;
            }
            else if (BucketNames.Compare(key, prefix) > 0)
            {
                yield break; // Those that begin with it stand side by side.
            }
        }
    }

    private static int FirstAfter(string[] keys, string? startAfter)
    {
        if (startAfter is null)
        {
            return 0;
        }

        var found = Array.BinarySearch(keys, startAfter, Comparer<string>.Create(BucketNames.Compare));
        var next = found < 0 ? ~found : found + 1;

        // What comes after may be in the folder just before that place.
        var isInside = next > 0
            && keys[next - 1].EndsWith('/')
            && startAfter.StartsWith(keys[next - 1], StringComparison.Ordinal);
        return isInside ? next - 1 : next;
    }

    /// <summary>All keys in one folder; those of folders end with a slash, which gives them their place.</summary>
    private string[] SortedKeys(string bucket, string above)
    {
        var folder = Path.Combine(bucket, above);
        var changedAt = Directory.GetLastWriteTimeUtc(folder);
        if (_kept.TryGetValue(folder, out var kept) && kept.ChangedAt == changedAt)
        {
            return kept.Keys;
        }

        string[] keys;
        try
        {
            // Names only: a folder may hold a hundred thousand files.
            keys =
            [
                .. new FileSystemEnumerable<string>(
                    folder,
                    (ref FileSystemEntry entry) => $"{above}{entry.FileName}{(entry.IsDirectory ? "/" : "")}",
                    AllEntries),
            ];
        }
        catch (DirectoryNotFoundException)
        {
            return []; // Its last object was deleted meanwhile.
        }
        catch (UnauthorizedAccessException e)
        {
            throw ObjectStoreException.AccessDenied(folder, e);
        }

        Array.Sort(keys, BucketNames.Compare);
        if (keys.Length >= KeptEntriesMin && File.GetLastWriteTimeUtc(folder) == changedAt
            && DateTime.UtcNow - changedAt > ClockStep)
        {
            if (_kept.Count >= KeptFoldersMax)
            {
                _kept.Clear();
            }

            _kept[folder] = new Kept(changedAt, keys);
        }

        return keys;
    }

    private sealed record Kept(DateTime ChangedAt, string[] Keys);
}
