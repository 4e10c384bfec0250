using Lungfish.Integrations.S3;
using Lungfish.Json;

namespace Lungfish.Integrations.Items;

/// <summary>Goes through the items of a source, object by object and item by item.</summary>
internal abstract class ItemCursor : IAsyncDisposable
{
    /// <summary>Where the items of the current part come from: <c>S3://bucket/key</c>.</summary>
    public abstract string Origin { get; }

    /// <summary>Where a cursor over the rest begins.</summary>
    public abstract ItemPosition Position { get; }

    /// <summary>Goes to the next part, or to the first.</summary>
    /// <returns>False: there is none.</returns>
    public abstract ValueTask<bool> MoveToPartAsync(CancellationToken cancellationToken);

    /// <returns>Null: the part has none left.</returns>
    public abstract ValueTask<ItemRecord?> ReadAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}

/// <summary>The objects of a listing as items.</summary>
internal sealed class ListingCursor(
    IObjectStore store, string bucket, string prefix, ItemPosition? position, CancellationToken cancellationToken)
    : ItemCursor
{
    private readonly IAsyncEnumerator<ObjectSummary> _objects =
        store.ListAsync(bucket, prefix, position?.Part, cancellationToken).GetAsyncEnumerator(cancellationToken);

    private string _last = position?.Part ?? "";
    private bool _begun;

    public override string Origin => $"S3://{bucket}";

    public override ItemPosition Position => new(_last);

    public override ValueTask<bool> MoveToPartAsync(CancellationToken cancellationToken)
    {
        var isFirst = !_begun;
        _begun = true;
        return ValueTask.FromResult(isFirst);
    }

    public override async ValueTask<ItemRecord?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await _objects.MoveNextAsync())
        {
            return null;
        }

        var item = _objects.Current;
        _last = item.Key;

        // Recorded in test_map_item_reader_base_list_objects_v2; documented: the time is in seconds.
        return new ItemRecord(
            JsonObject.Of(
                ("Etag", item.Etag),
                ("LastModified", item.LastModified.ToUnixTimeSeconds()),
                ("Key", item.Key),
                ("Size", item.Size),
                ("StorageClass", item.StorageClass)),
            null);
    }

    public override ValueTask DisposeAsync() => _objects.DisposeAsync();
}
