using System.Collections.Immutable;
using Lungfish.Journal;

namespace Lungfish.Storage.Sqlite;

/// <summary>The column <c>lf_journal.blobs</c>: the hashes of a segment's payloads, one after the other.</summary>
internal static class BlobNames
{
    public const int HashBytes = 32;

    public static byte[] Join(ImmutableArray<Blob> blobs)
    {
        var names = new byte[blobs.Length * HashBytes];
        for (var i = 0; i < blobs.Length; i++)
        {
            Convert.FromHexString(blobs[i].Id.Hex).CopyTo(names, i * HashBytes);
        }

        return names;
    }
}
