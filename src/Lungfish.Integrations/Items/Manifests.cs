using System.Collections.Immutable;
using System.Text;
using Lungfish.Engine.MapRuns;
using Lungfish.Integrations.S3;
using Lungfish.Json;

namespace Lungfish.Integrations.Items;

/// <summary>A manifest of S3 Inventory, taken apart.</summary>
/// <param name="Columns">Of all its files.</param>
internal sealed record Inventory(IReadOnlyList<ObjectName> Files, ImmutableArray<string> Columns);

/// <summary>Reads the two kinds of manifests.</summary>
internal static class Manifests
{
    private const int ManifestBytesMax = 16 * 1024 * 1024;

    /// <summary>Documented: UNLOAD of Athena writes a file with the address of a data file on each line.</summary>
    /// <exception cref="ItemReaderException">A line is no address of an object.</exception>
    public static IReadOnlyList<ObjectName> ReadAthena(ReadOnlySpan<byte> manifest)
    {
        var files = new List<ObjectName>();
        foreach (var line in Encoding.UTF8.GetString(manifest).AsSpan().TrimStart('\uFEFF').EnumerateLines())
        {
            var address = line.Trim().Trim('"');
            if (address.IsEmpty)
            {
                continue;
            }

            var isAddress = address.StartsWith("s3://", StringComparison.OrdinalIgnoreCase);
            var slash = isAddress ? address[5..].IndexOf('/') : -1;
            if (slash <= 0 || slash + 6 == address.Length)
            {
                throw new ItemReaderException($"The manifest names '{address}', which is no address such as s3://b/k.");
            }

            files.Add(new ObjectName(address.Slice(5, slash).ToString(), address[(slash + 6)..].ToString()));
        }

        return files;
    }

    /// <summary>Documented: manifest.json of S3 Inventory; its data files are gzipped CSV without headers.</summary>
    /// <exception cref="ItemReaderException">It is no such manifest, or its files are not CSV.</exception>
    public static Inventory ReadInventory(ReadOnlySpan<byte> manifest)
    {
        JsonValue content;
        try
        {
            content = JsonValue.Parse(manifest);
        }
        catch (JsonParseException e)
        {
            throw new ItemReaderException($"The S3 inventory manifest is no JSON: {e.Message}", e);
        }

        var format = TextOf(content, "fileFormat");
        if (format is not "CSV")
        {
            throw new ItemReaderException(
                $"The S3 inventory's files are {format ?? "of no named format"}; only CSV can be read here.");
        }

        var bucket = TextOf(content, "destinationBucket");
        var schema = TextOf(content, "fileSchema");
        if (bucket is null || schema is null || (content as JsonObject)?["files"] is not JsonArray files)
        {
            throw new ItemReaderException(
                "The S3 inventory manifest must have destinationBucket, fileSchema and files.");
        }

        bucket = bucket[(bucket.LastIndexOf(':') + 1)..]; // It is an ARN.
        return new Inventory(
            [
                .. files.Select(file => new ObjectName(
                    bucket,
                    TextOf(file, "key")
                    ?? throw new ItemReaderException("A file of the S3 inventory manifest has no key."))),
            ],
            [.. schema.Split(',', StringSplitOptions.TrimEntries)]);
    }

    /// <exception cref="ItemReaderException">It is too long.</exception>
    /// <exception cref="ObjectStoreException">It cannot be opened.</exception>
    public static async Task<byte[]> LoadAsync(
        IObjectStore store, ObjectName name, CancellationToken cancellationToken)
    {
        await using var manifest = await store.OpenAsync(name, 0, null, cancellationToken);
        if (manifest.Attributes.Size > ManifestBytesMax)
        {
            throw new ItemReaderException($"The manifest {name} is longer than {ManifestBytesMax / 1024 / 1024} MiB.");
        }

        using var content = new MemoryStream();
        await manifest.Content.CopyToAsync(content, cancellationToken);
        return content.ToArray();
    }

    private static string? TextOf(JsonValue value, string name) =>
        ((value as JsonObject)?[name] as JsonString)?.Value;
}
