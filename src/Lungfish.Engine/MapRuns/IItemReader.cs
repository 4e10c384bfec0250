using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.Engine.MapRuns;

/// <summary>Reads the items of distributed Map states from a kind of source.</summary>
public interface IItemReader
{
    /// <summary>A definition that names another resource in an ItemReader is refused.</summary>
    bool CanRead(ServiceIntegration resource);

    /// <summary>Reads the next items. What it answers is journaled before it is used, and is not asked for
    /// again.</summary>
    /// <param name="source">The same for each page of a map run.</param>
    /// <param name="position">The position that the page before this one named; null for the first page.</param>
    /// <param name="countMax">The most items that the page may hold, 1 or more. A page should also end at about a
    /// MiB of JSON text.</param>
    /// <param name="cancellationToken">Nobody waits for the items any more, or the server drains.</param>
    /// <remarks>It keeps nothing between calls that it could not read again: after a restart it is asked to go on at
    /// a position that an earlier process was told.</remarks>
    /// <exception cref="ItemReaderException">The map run fails with <c>States.ItemReaderFailed</c>.</exception>
    ValueTask<ItemsPage> ReadAsync(
        ItemSource source, string? position, int countMax, CancellationToken cancellationToken);
}

/// <summary>Some items of a source, in its order.</summary>
/// <param name="Items">An array, whose elements are the items, or an object, whose members are: each is iterated by
/// its key and value. May be empty.</param>
/// <param name="Next">Where to go on, in the reader's own words; null after the last item.</param>
/// <param name="Origin">What <c>Map.Item.Source</c> says of these items, such as <c>S3://bucket/key</c>.</param>
public sealed record ItemsPage(JsonValue Items, string? Next, string Origin);

/// <summary>The items cannot be read.</summary>
/// <param name="cause">The cause as AWS words it, such as <c>Attempting to map over non-iterable node.</c></param>
public sealed class ItemReaderException(string cause, Exception? innerException = null)
    : Exception(cause, innerException);
