using Lungfish.Engine.MapRuns;
using Lungfish.Integrations.S3;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.Integrations.Items;

/// <summary>Reads items with <c>s3:getObject</c> and <c>s3:listObjectsV2</c>.</summary>
public sealed class S3ItemReader(IObjectStore store) : IItemReader
{
    private const int PageBytesMax = 1024 * 1024;
    private const int AttemptsMax = 3;

    public bool CanRead(ServiceIntegration resource) => Offers(resource);

    public static bool Offers(ServiceIntegration resource) => resource is
    {
        Service: "s3",
        Action: "getObject" or "listObjectsV2",
        Pattern: IntegrationPattern.RequestResponse,
    };

    public async ValueTask<ItemsPage> ReadAsync(
        ItemSource source, string? position, int countMax, CancellationToken cancellationToken)
    {
        var start = position is null ? null : ItemPosition.Parse(position);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var cursor = await OpenAsync(source, start, cancellationToken);
                return await ReadPageAsync(cursor, countMax, cancellationToken);
            }
            catch (Exception e) when (e is IOException or HttpRequestException && attempt < AttemptsMax)
            {
                // The connection broke off in the middle of the content: the page is read anew.
            }
            catch (Exception e) when (e is ObjectStoreException or IOException or HttpRequestException)
            {
                throw new ItemReaderException($"{source.Resource.Arn} cannot read: {e.Message}", e);
            }
        }
    }

    private static async ValueTask<ItemsPage> ReadPageAsync(
        ItemCursor cursor, int countMax, CancellationToken cancellationToken)
    {
        var page = new PageBuilder();
        var origin = "";
        while (await cursor.MoveToPartAsync(cancellationToken))
        {
            origin = cursor.Origin;
            while (await cursor.ReadAsync(cancellationToken) is { } record)
            {
                page.Add(record);
                if (page.Count >= countMax || page.Bytes >= PageBytesMax)
                {
                    return new ItemsPage(page.Build(), cursor.Position.ToText(), origin);
                }
            }

            if (page.Count > 0)
            {
                // A page has one origin, so that the next object's items come with the next page.
                var next = cursor.Position.ToText();
                var isLast = !await cursor.MoveToPartAsync(cancellationToken);
                return new ItemsPage(page.Build(), isLast ? null : next, origin);
            }
        }

        return new ItemsPage(page.Build(), null, origin);
    }

    private async ValueTask<ItemCursor> OpenAsync(
        ItemSource source, ItemPosition? position, CancellationToken cancellationToken)
    {
        var bucket = GetText(source, "Bucket");
        var config = source.Config;
        if (source.Resource.Action is "listObjectsV2")
        {
            var prefix = FindText(source, "Prefix") ?? "";
            return config.Transformation is "LOAD_AND_FLATTEN"
                ? new RecordCursor(
                    store,
                    new ListedObjects(store, bucket, prefix),
                    RecordFormat.Of(config, config.InputType),
                    position,
                    cancellationToken)
                : new ListingCursor(store, bucket, prefix, position, cancellationToken);
        }

        var name = new ObjectName(bucket, GetText(source, "Key"), FindText(source, "VersionId"));
        var (parts, format) = (config.ManifestType, config.InputType) switch
        {
            ("ATHENA_DATA", _) => (Athena(name), RecordFormat.Of(config, config.InputType)),
            ("S3_INVENTORY", _) or (null, "MANIFEST") => await InventoryAsync(name, cancellationToken),
            (null, _) => (new SingleObject(name), RecordFormat.Of(config, config.InputType)),
            _ => throw new ItemReaderException($"Lungfish does not read the ManifestType {config.ManifestType}."),
        };
        return new RecordCursor(store, parts, format, position, cancellationToken);
    }

    private IObjectParts Athena(ObjectName name) => new ManifestObjects(
        name, async token => Manifests.ReadAthena(await Manifests.LoadAsync(store, name, token)));

    /// <summary>An inventory says itself what its columns are.</summary>
    private async ValueTask<(IObjectParts Parts, RecordFormat Format)> InventoryAsync(
        ObjectName name, CancellationToken cancellationToken)
    {
        var inventory = Manifests.ReadInventory(await Manifests.LoadAsync(store, name, cancellationToken));
        return (
            new ManifestObjects(name, _ => Task.FromResult(inventory.Files)),
            new RecordFormat("CSV", ',', inventory.Columns, ""));
    }

    private static string GetText(ItemSource source, string name) =>
        FindText(source, name)
        ?? throw new ItemReaderException($"The ItemReader's parameters must have a text as {name}.");

    private static string? FindText(ItemSource source, string name) =>
        ((source.Parameters as JsonObject)?[name] as JsonString)?.Value;
}
