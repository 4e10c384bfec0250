using Lungfish.States.Deciding;

namespace Lungfish.Engine.MapRuns;

/// <summary>Reads items from a text that stands in for their source, in tests of Map states.</summary>
public interface IItemTextReader
{
    /// <param name="source">Which source it is, and how it is to be read; nothing is fetched from it.</param>
    /// <param name="text">Its content.</param>
    /// <returns>All items.</returns>
    /// <exception cref="ItemReaderException">The text is not of the format.</exception>
    ValueTask<ItemsPage> ReadAsync(ItemSource source, string text, CancellationToken cancellationToken);
}
