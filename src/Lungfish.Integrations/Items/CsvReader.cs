using System.Collections.Immutable;
using Lungfish.Engine.MapRuns;
using Lungfish.Json;

namespace Lungfish.Integrations.Items;

/// <summary>Rows as objects whose values are all texts.</summary>
internal sealed class CsvReader : RecordReader
{
    private const int HeaderBytesMax = 10 * 1024; // Documented: ItemReader, CSVHeaderLocation.

    private readonly byte _delimiter;
    private readonly List<string> _cells = [];
    private ImmutableArray<string> _headers;

    /// <param name="headers">Empty: the first row names the columns.</param>
    /// <exception cref="ItemReaderException">Two headers are the same.</exception>
    public CsvReader(ByteWindow window, char delimiter, ImmutableArray<string> headers)
        : base(window)
    {
        _delimiter = checked((byte)delimiter);
        _headers = Checked(headers);
    }

    public override RecordPosition Position => new(Window.Position) { Headers = _headers };

    protected override ReadStep TryRead(out ItemRecord record)
    {
        record = default;
        while (true)
        {
            if (Window.Unread.IsEmpty && Window.HasEnded)
            {
                return ReadStep.Ended;
            }

            var text = Window.Unread;
            var mark = Window.Position == 0 && text.StartsWith("\uFEFF"u8) ? 3 : 0;
            var length = CsvRow.Read(text[mark..], Window.HasEnded, _delimiter, _cells);
            if (length < 0)
            {
                return ReadStep.NeedsMore;
            }

            // What is empty but for the line end is no row; a quoted empty cell is one.
            var isEmpty = _cells is [""] && text[mark..].IndexOf((byte)'"') is not 0;
            Window.Take(mark + length);
            if (isEmpty)
            {
                continue;
            }

            if (!_headers.IsEmpty)
            {
                record = new ItemRecord(ToObject(), null);
                return ReadStep.Found;
            }

            if (length > HeaderBytesMax)
            {
                throw new ItemReaderException($"The CSV headers are larger than {HeaderBytesMax / 1024} KiB.");
            }

            _headers = Checked([.. _cells]);
        }
    }

    private static ImmutableArray<string> Checked(ImmutableArray<string> headers) =>
        headers.Distinct(StringComparer.Ordinal).Count() == headers.Length
            ? headers
            // Recorded in test_map_item_reader_csv_headers_decl_duplicate_headers.
            : throw new ItemReaderException("CSV headers cannot contain duplicates.");

    /// <remarks>Recorded in test_map_item_reader_base_csv_headers_first_line and
    /// test_map_item_reader_csv_headers_decl_extra_fields: cells that are missing are empty, those beyond the headers
    /// are left out.</remarks>
    private JsonObject ToObject()
    {
        var row = new JsonObject.Builder();
        for (var i = 0; i < _headers.Length; i++)
        {
            row.Set(_headers[i], i < _cells.Count ? _cells[i] : "");
        }

        return row.Build();
    }
}
