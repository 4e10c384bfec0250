using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Lungfish.Json;

namespace Lungfish.Integrations.S3;

/// <summary>The actions of S3 that tasks can call, with results as the SDK for Java shapes them.</summary>
internal static class S3Actions
{
    /// <summary>Far more than a state's output may have on AWS.</summary>
    private const int BodyBytesMax = 16 * 1024 * 1024;

    public static readonly ImmutableDictionary<string, S3Action> ByName =
        new Dictionary<string, S3Action>(StringComparer.Ordinal)
        {
            ["createBucket"] = new(["Bucket"], [], CreateBucketAsync),
            ["deleteBucket"] = new(["Bucket"], [], DeleteBucketAsync),
            ["deleteObject"] = new(["Bucket", "Key"], ["VersionId"], DeleteObjectAsync),
            ["getObject"] = new(["Bucket", "Key"], ["IfMatch", "VersionId"], GetObjectAsync),
            ["headBucket"] = new(["Bucket"], [], HeadBucketAsync),
            ["headObject"] = new(["Bucket", "Key"], ["VersionId"], HeadObjectAsync),
            ["listBuckets"] = new([], [], ListBucketsAsync),
            ["listObjects"] = new(["Bucket"], ["Delimiter", "Marker", "MaxKeys", "Prefix"], ListObjectsAsync),
            ["listObjectsV2"] = new(
                ["Bucket"],
                ["ContinuationToken", "Delimiter", "MaxKeys", "Prefix", "StartAfter"],
                ListObjectsV2Async),
            ["putObject"] = new(["Bucket", "Key"], ["Body", "ContentType"], PutObjectAsync),
        }.ToImmutableDictionary(StringComparer.Ordinal);

    private static async Task<JsonValue> CreateBucketAsync(
        IObjectStore store, JsonObject input, CancellationToken cancellationToken)
    {
        var bucket = Text(input, "Bucket");
        await store.CreateBucketAsync(bucket, cancellationToken);
        return JsonObject.Of("Location", "/" + bucket);
    }

    private static async Task<JsonValue> DeleteBucketAsync(
        IObjectStore store, JsonObject input, CancellationToken cancellationToken)
    {
        await store.DeleteBucketAsync(Text(input, "Bucket"), cancellationToken);
        return JsonObject.Empty;
    }

    private static async Task<JsonValue> DeleteObjectAsync(
        IObjectStore store, JsonObject input, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(NameOf(input), cancellationToken);
        return JsonObject.Empty;
    }

    private static async Task<JsonValue> GetObjectAsync(
        IObjectStore store, JsonObject input, CancellationToken cancellationToken)
    {
        await using var read = await store.OpenAsync(
            NameOf(input), 0, (input["IfMatch"] as JsonString)?.Value, cancellationToken);
        if (read.Attributes.Size > BodyBytesMax)
        {
            throw new ObjectStoreException(
                "EntityTooLarge",
                $"The object has more than the {BodyBytesMax / 1024 / 1024} MiB that a task can read",
                400,
                NameOf(input).ToString());
        }

        var body = new byte[(int)read.Attributes.Size];
        await read.Content.ReadExactlyAsync(body, cancellationToken);
        var output = new JsonObject.Builder();
        output.Set("AcceptRanges", "bytes");
        output.Set("Body", Encoding.UTF8.GetString(body));
        SetAttributes(output, read.Attributes);
        return output.Build();
    }

    private static async Task<JsonValue> HeadBucketAsync(
        IObjectStore store, JsonObject input, CancellationToken cancellationToken)
    {
        await store.HeadBucketAsync(Text(input, "Bucket"), cancellationToken);
        return JsonObject.Empty;
    }

    private static async Task<JsonValue> HeadObjectAsync(
        IObjectStore store, JsonObject input, CancellationToken cancellationToken)
    {
        var output = new JsonObject.Builder();
        output.Set("AcceptRanges", "bytes");
        SetAttributes(output, await store.HeadAsync(NameOf(input), cancellationToken));
        return output.Build();
    }

    private static async Task<JsonValue> ListBucketsAsync(
        IObjectStore store, JsonObject input, CancellationToken cancellationToken)
    {
        var buckets = await store.ListBucketsAsync(cancellationToken);
        return JsonObject.Of(
            "Buckets",
            JsonArray.Of(buckets.Select(bucket => (JsonValue)JsonObject.Of(
                ("CreationDate", TimeText(bucket.CreationDate)), ("Name", bucket.Name)))));
    }

    private static async Task<JsonValue> ListObjectsAsync(
        IObjectStore store, JsonObject input, CancellationToken cancellationToken)
    {
        var marker = (input["Marker"] as JsonString)?.Value ?? "";
        var (page, output) = await ListAsync(store, input, marker, cancellationToken);
        output.Set("Marker", marker);
        if (page.Next is not null)
        {
            output.Set("NextMarker", page.Next);
        }

        return output.Build();
    }

    private static async Task<JsonValue> ListObjectsV2Async(
        IObjectStore store, JsonObject input, CancellationToken cancellationToken)
    {
        var token = (input["ContinuationToken"] as JsonString)?.Value;
        var startAfter = token is null ? (input["StartAfter"] as JsonString)?.Value : ContinuationToken.Read(token);
        var (page, output) = await ListAsync(store, input, startAfter, cancellationToken);
        output.Set("KeyCount", page.Objects.Count + page.CommonPrefixes.Count);
        if (page.Next is not null)
        {
            output.Set("NextContinuationToken", ContinuationToken.Of(page.Next));
        }

        return output.Build();
    }

    private static async Task<(ObjectPage Page, JsonObject.Builder Output)> ListAsync(
        IObjectStore store, JsonObject input, string? startAfter, CancellationToken cancellationToken)
    {
        var prefix = (input["Prefix"] as JsonString)?.Value ?? "";
        var delimiter = (input["Delimiter"] as JsonString)?.Value ?? "";
        var countMax = input["MaxKeys"] is JsonNumber number && number.TryGetInt64(out var given)
            ? (int)Math.Min(given, ObjectPage.CountMax)
            : ObjectPage.CountMax;
        var page = await ObjectPage.ReadAsync(
            store,
            new ObjectPageRequest(Text(input, "Bucket"), prefix, delimiter, startAfter, countMax),
            cancellationToken);
        var output = new JsonObject.Builder();
        if (page.CommonPrefixes.Count > 0)
        {
            output.Set(
                "CommonPrefixes",
                JsonArray.Of(page.CommonPrefixes.Select(common => (JsonValue)JsonObject.Of("Prefix", common))));
        }

        output.Set("Contents", JsonArray.Of(page.Objects.Select(item => (JsonValue)JsonObject.Of(
            ("ETag", item.Etag),
            ("Key", item.Key),
            ("LastModified", TimeText(item.LastModified)),
            ("Size", item.Size),
            ("StorageClass", item.StorageClass)))));
        output.Set("IsTruncated", page.Next is not null);
        output.Set("MaxKeys", countMax);
        output.Set("Name", Text(input, "Bucket"));
        output.Set("Prefix", prefix);
        return (page, output);
    }

    private static async Task<JsonValue> PutObjectAsync(
        IObjectStore store, JsonObject input, CancellationToken cancellationToken)
    {
        // Recorded in test_s3_put_object: whatever the value is, its JSON text is stored; a text has its quotes.
        var body = input["Body"] is { } value ? value.ToUtf8() : [];
        var written = await store.PutAsync(
            NameOf(input), body, (input["ContentType"] as JsonString)?.Value, cancellationToken);
        return JsonObject.Of(
            ("ChecksumCRC32", Crc32.Base64Of(body)),
            ("ChecksumType", "FULL_OBJECT"),
            ("ETag", written.Etag),
            ("ServerSideEncryption", EncryptionOf(written)));
    }

    private static void SetAttributes(JsonObject.Builder output, ObjectAttributes attributes)
    {
        output.Set("ContentLength", attributes.Size);
        output.Set("ContentType", attributes.ContentType ?? "binary/octet-stream");
        output.Set("ETag", attributes.Etag);
        output.Set("LastModified", TimeText(attributes.LastModified));
        output.Set("Metadata", JsonObject.Empty);
        output.Set("ServerSideEncryption", EncryptionOf(attributes));
        if (attributes.VersionId is { } version)
        {
            output.Set("VersionId", version);
        }
    }

    /// <remarks>Documented: since 2023 S3 encrypts all objects and says so; definitions find the same here.</remarks>
    private static string EncryptionOf(ObjectAttributes attributes) => attributes.ServerSideEncryption ?? "AES256";

    private static ObjectName NameOf(JsonObject input) =>
        new(Text(input, "Bucket"), Text(input, "Key"), (input["VersionId"] as JsonString)?.Value);

    private static string Text(JsonObject input, string name) => (input[name] as JsonString)?.Value ?? "";

    private static string TimeText(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
