using System.Globalization;
using System.Xml.Linq;

namespace Lungfish.Integrations.S3;

/// <summary>One answer of ListObjectsV2.</summary>
/// <param name="Continuation">What to ask with for the next page; null: this was the last.</param>
internal sealed record ObjectListPage(IReadOnlyList<ObjectSummary> Objects, string? Continuation)
{
    public static ObjectListPage Read(XElement list)
    {
        var isEncoded = Text(list, "EncodingType") == "url";
        var objects = Elements(list, "Contents").Select(item => new ObjectSummary(
            Decode(Text(item, "Key") ?? "", isEncoded),
            Text(item, "ETag") ?? "",
            long.TryParse(Text(item, "Size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0,
            TimeOf(item, "LastModified"),
            Text(item, "StorageClass") ?? "STANDARD"));
        return new ObjectListPage(
            [.. objects], Text(list, "IsTruncated") == "true" ? Text(list, "NextContinuationToken") : null);
    }

    public static IReadOnlyList<BucketSummary> ReadBuckets(XElement answer) =>
    [
        .. Elements(answer, "Buckets")
            .SelectMany(buckets => Elements(buckets, "Bucket"))
            .Select(bucket => new BucketSummary(Text(bucket, "Name") ?? "", TimeOf(bucket, "CreationDate"))),
    ];

    // Endpoints differ in whether they name S3's namespace.
    private static IEnumerable<XElement> Elements(XElement parent, string name) =>
        parent.Elements().Where(element => element.Name.LocalName == name);

    private static string? Text(XElement parent, string name) => Elements(parent, name).FirstOrDefault()?.Value;

    private static string Decode(string key, bool isEncoded) =>
        isEncoded ? Uri.UnescapeDataString(key.Replace('+', ' ')) : key;

    private static DateTimeOffset TimeOf(XElement parent, string name) =>
        DateTimeOffset.TryParse(
            Text(parent, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : DateTimeOffset.UnixEpoch;
}
