using System.Globalization;
using System.Runtime.CompilerServices;
using Lungfish.Engine.MapRuns;
using Lungfish.Integrations.S3;

namespace Lungfish.Integrations.Items;

/// <summary>One of the objects that a source consists of.</summary>
/// <param name="Id">Tells where the source goes on after a restart.</param>
internal sealed record ObjectPart(string Id, ObjectName Name);

/// <summary>The objects whose records are the items, in order.</summary>
internal interface IObjectParts
{
    /// <param name="first">The id of the part to begin with, or null.</param>
    IAsyncEnumerable<ObjectPart> ReadAsync(string? first, CancellationToken cancellationToken);
}

/// <summary>The object that <c>s3:getObject</c> names.</summary>
internal sealed class SingleObject(ObjectName name) : IObjectParts
{
    public async IAsyncEnumerable<ObjectPart> ReadAsync(
        string? first, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield return new ObjectPart("", name);
    }
}

/// <summary>All objects of a listing, for <c>LOAD_AND_FLATTEN</c>. Empty ones, which play folders, hold no
/// items.</summary>
internal sealed class ListedObjects(IObjectStore store, string bucket, string prefix) : IObjectParts
{
    public async IAsyncEnumerable<ObjectPart> ReadAsync(
        string? first, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (first is not null)
        {
            yield return new ObjectPart(first, new ObjectName(bucket, first));
        }

        await foreach (var item in store.ListAsync(bucket, prefix, first, cancellationToken))
        {
            if (item.Size > 0)
            {
                yield return new ObjectPart(item.Key, new ObjectName(bucket, item.Key));
            }
        }
    }
}

/// <summary>The objects that a manifest names, by their place in it.</summary>
/// <param name="read">Reads the manifest whole: it names files, not items.</param>
internal sealed class ManifestObjects(
    ObjectName manifest, Func<CancellationToken, Task<IReadOnlyList<ObjectName>>> read) : IObjectParts
{
    public async IAsyncEnumerable<ObjectPart> ReadAsync(
        string? first, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var names = await read(cancellationToken);
        var parts = names.Select((name, i) => new ObjectPart(
            string.Create(CultureInfo.InvariantCulture, $"{i} {name}"), name));
        var begun = first is null;
        foreach (var part in parts)
        {
            begun = begun || part.Id == first;
            if (begun)
            {
                yield return part;
            }
        }

        if (!begun)
        {
            throw new ItemReaderException($"The manifest {manifest} changed while its files were read.");
        }
    }
}
