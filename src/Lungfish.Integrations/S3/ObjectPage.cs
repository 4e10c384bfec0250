namespace Lungfish.Integrations.S3;

/// <summary>What a page of a listing is to hold.</summary>
/// <param name="Delimiter">Keys that have it after the prefix are told once, as a common prefix; "" is none.</param>
/// <param name="StartAfter">Null: from the first key.</param>
/// <param name="CountMax">The most objects and common prefixes together.</param>
public sealed record ObjectPageRequest(
    string Bucket, string Prefix, string Delimiter, string? StartAfter, int CountMax);

/// <summary>A page of a listing, as ListObjects and ListObjectsV2 give it.</summary>
/// <param name="Next">What the next page starts after; null: this is the last.</param>
public sealed record ObjectPage(
    IReadOnlyList<ObjectSummary> Objects, IReadOnlyList<string> CommonPrefixes, string? Next)
{
    /// <summary>The documented most that a page holds.</summary>
    public const int CountMax = 1000;

    // No key follows it among those that begin with what stands before it.
    private const string AfterAll = "\U0010FFFF";

    public static async Task<ObjectPage> ReadAsync(
        IObjectStore store, ObjectPageRequest request, CancellationToken cancellationToken)
    {
        var objects = new List<ObjectSummary>();
        var prefixes = new List<string>();
        var startAfter = request.StartAfter;
        string? prefix;
        do
        {
            prefix = null;
            await foreach (var item in store.ListAsync(request.Bucket, request.Prefix, startAfter, cancellationToken))
            {
                if (objects.Count + prefixes.Count >= request.CountMax)
                {
                    return new ObjectPage(objects, prefixes, startAfter ?? "");
                }

                prefix = CommonPrefixOf(item.Key, request);
                if (prefix is not null)
                {
                    prefixes.Add(prefix);
                    startAfter = prefix + AfterAll;
                    break; // Not one by one through what is told once.
                }

                objects.Add(item);
                startAfter = item.Key;
            }
        }
        while (prefix is not null);
        return new ObjectPage(objects, prefixes, null);
    }

    private static string? CommonPrefixOf(string key, ObjectPageRequest request)
    {
        if (request.Delimiter.Length == 0)
        {
            return null;
        }

        var at = key.IndexOf(request.Delimiter, request.Prefix.Length, StringComparison.Ordinal);
        return at < 0 ? null : key[..(at + request.Delimiter.Length)];
    }
}
