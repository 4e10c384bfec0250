using Lungfish.Engine.MapRuns;
using Lungfish.Integrations.S3;

namespace Lungfish.Integrations.Items;

/// <summary>The records in one object after the other.</summary>
internal sealed class RecordCursor(
    IObjectStore store,
    IObjectParts parts,
    RecordFormat format,
    ItemPosition? position,
    CancellationToken cancellationToken) : ItemCursor
{
    private readonly IAsyncEnumerator<ObjectPart> _parts =
        parts.ReadAsync(position?.Part, cancellationToken).GetAsyncEnumerator(cancellationToken);

    private ItemPosition? _goOnAt = position;
    private OpenObject? _object;
    private RecordReader? _records;

    public override string Origin => $"S3://{_parts.Current.Name.Bucket}/{_parts.Current.Name.Key}";

    public override ItemPosition Position => new(_parts.Current.Id)
    {
        Etag = _object?.Attributes.Etag ?? "",
        Size = _object?.Attributes.Size ?? 0,
        Record = _records?.Position,
    };

    public override async ValueTask<bool> MoveToPartAsync(CancellationToken cancellationToken)
    {
        await CloseAsync();
        if (!await _parts.MoveNextAsync())
        {
            return false;
        }

        var goOnAt = _goOnAt;
        _goOnAt = null;
        if (goOnAt is null)
        {
            await OpenAsync(_parts.Current.Name, null, null, cancellationToken);
        }
        else if (goOnAt.Record is { } record
            && (record.At < goOnAt.Size || RecordFormat.IsCompressed(_parts.Current.Name)))
        {
            await OpenAsync(_parts.Current.Name, record, goOnAt.Etag, cancellationToken);
        }

        return true; // An object that was read to its end before has no items now.
    }

    public override async ValueTask<ItemRecord?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_records is null)
        {
            return null;
        }

        try
        {
            if (await _records.ReadAsync(cancellationToken) is { } record)
            {
                return record;
            }
        }
        catch (InvalidDataException e)
        {
            throw new ItemReaderException($"The object {_parts.Current.Name} is no gzip: {e.Message}", e);
        }

        await CloseAsync();
        return null;
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _parts.DisposeAsync();
    }

    private async ValueTask OpenAsync(
        ObjectName name, RecordPosition? record, string? etag, CancellationToken cancellationToken)
    {
        try
        {
            _object = await store.OpenAsync(
                name,
                RecordFormat.FirstByte(name, record),
                etag is { Length: > 0 } ? etag : null,
                cancellationToken);
        }
        catch (ObjectStoreException e) when (e.Code is "PreconditionFailed" or "InvalidRange")
        {
            throw new ItemReaderException($"The object {name} changed while its items were read.", e);
        }

        _records = await format.ReadAsync(name, _object.Content, record, cancellationToken);
    }

    private async ValueTask CloseAsync()
    {
        _records = null;
        if (_object is { } open)
        {
            _object = null;
            await open.DisposeAsync();
        }
    }
}
