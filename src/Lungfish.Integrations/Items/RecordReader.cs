using System.Collections.Immutable;
using Lungfish.Engine.MapRuns;
using Lungfish.Json;

namespace Lungfish.Integrations.Items;

/// <summary>One record of an object.</summary>
/// <param name="Key">The member's name where an object's members are the items, else null.</param>
internal readonly record struct ItemRecord(JsonValue Value, string? Key);

/// <summary>Where reading goes on inside an object.</summary>
/// <param name="At">The byte after the last record that was read.</param>
internal sealed record RecordPosition(long At)
{
    public static readonly RecordPosition Start = new(0);

    /// <summary>The columns of a CSV file that names them in its first row.</summary>
    public ImmutableArray<string> Headers { get; init; } = [];

    /// <summary>Whether the JSON that is being read is an object, and its members are the items.</summary>
    public bool InObject { get; init; }
}

/// <summary>What the bytes at hand were enough for.</summary>
internal enum ReadStep
{
    Found,
    NeedsMore,
    Ended,
}

/// <summary>Reads the records of one object in order.</summary>
internal abstract class RecordReader(ByteWindow window)
{
    protected ByteWindow Window => window;

    /// <summary>Where a reader of the rest begins; the place after the record that was returned last.</summary>
    public abstract RecordPosition Position { get; }

    /// <returns>Null: there is none left.</returns>
    /// <exception cref="ItemReaderException">The content is not of this format.</exception>
    public async ValueTask<ItemRecord?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (TryRead(out var record))
            {
                case ReadStep.Found:
                    return record;
                case ReadStep.Ended:
                    return null;
                default:
                    await window.FillAsync(cancellationToken);
                    break;
            }
        }
    }

    /// <summary>Takes one record off the window. <see cref="ReadStep.NeedsMore"/> only if more can come.</summary>
    protected abstract ReadStep TryRead(out ItemRecord record);
}
