using System.Text;
using Lungfish.Engine.MapRuns;
using Lungfish.Integrations.S3;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.Integrations.Items;

/// <summary>Reads a text as the content of one object, whatever the source is called.</summary>
public sealed class ItemTextReader : IItemTextReader
{
    private static readonly ObjectName s_nameless = new("", "");

    public async ValueTask<ItemsPage> ReadAsync(ItemSource source, string text, CancellationToken cancellationToken)
    {
        var config = source.Config;
        if (config.ManifestType is not null || config.InputType is "MANIFEST")
        {
            throw new ItemReaderException(
                "Lungfish tests no manifests: give the data of one of its files, and its InputType.");
        }

        // A listing that is not read on has no InputType; its objects are given as an array.
        var isListing = source.Resource.Action is "listObjectsV2" && config.Transformation is not "LOAD_AND_FLATTEN";
        var format = RecordFormat.Of(config, isListing ? "JSON" : config.InputType);
        await using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var records = await format.ReadAsync(s_nameless, content, null, cancellationToken);
        var page = new PageBuilder();
        while (await records.ReadAsync(cancellationToken) is { } record)
        {
            page.Add(record);
        }

        return new ItemsPage(page.Build(), null, OriginOf(source.Parameters as JsonObject ?? JsonObject.Empty));
    }

    private static string OriginOf(JsonObject parameters)
    {
        var bucket = (parameters["Bucket"] as JsonString)?.Value;
        var key = (parameters["Key"] as JsonString)?.Value;
        return key is null ? $"S3://{bucket}" : $"S3://{bucket}/{key}";
    }
}
