using System.Collections.Immutable;
using System.IO.Compression;
using Lungfish.Engine.MapRuns;
using Lungfish.Integrations.S3;
using Lungfish.States.Model;

namespace Lungfish.Integrations.Items;

/// <summary>How the content of objects becomes records.</summary>
/// <param name="InputType"><c>CSV</c>, <c>JSON</c> or <c>JSONL</c>.</param>
/// <param name="Headers">Of CSV; empty: the first row of each object has them.</param>
internal sealed record RecordFormat(string InputType, char Delimiter, ImmutableArray<string> Headers, string Pointer)
{
    /// <exception cref="ItemReaderException">Nothing here reads that.</exception>
    public static RecordFormat Of(ReaderConfig config, string? inputType) => new(
        inputType switch
        {
            "CSV" or "JSON" or "JSONL" => inputType,
            "PARQUET" => throw new ItemReaderException(
                "Lungfish does not read PARQUET; convert the data to JSON Lines or CSV."),
            null => throw new ItemReaderException("The ReaderConfig must have an InputType: CSV, JSON or JSONL."),
            _ => throw new ItemReaderException($"Lungfish does not read the InputType {inputType} here."),
        },
        config.CsvDelimiter switch
        {
            null or "COMMA" => ',',
            "PIPE" => '|',
            "SEMICOLON" => ';',
            "SPACE" => ' ',
            "TAB" => '\t',
            _ => throw new ItemReaderException($"There is no CSVDelimiter {config.CsvDelimiter}."),
        },
        config.CsvHeaderLocation is "GIVEN" ? config.CsvHeaders : [],
        config.ItemsPointer ?? "");

    /// <summary>Reads an object's content from a position on.</summary>
    /// <param name="content">Begins at the byte <see cref="FirstByte"/> tells.</param>
    public async ValueTask<RecordReader> ReadAsync(
        ObjectName name, Stream content, RecordPosition? position, CancellationToken cancellationToken)
    {
        if (IsCompressed(name))
        {
            content = new GZipStream(content, CompressionMode.Decompress);
            await SkipAsync(content, position?.At ?? 0, cancellationToken);
        }

        var window = new ByteWindow(content, position?.At ?? 0);
        return InputType switch
        {
            "CSV" => new CsvReader(window, Delimiter, position is null ? Headers : position.Headers),
            "JSONL" => new JsonLinesReader(window),
            _ => position is null ? new JsonItemsReader(window, Pointer) : new JsonItemsReader(window, position),
        };
    }

    /// <summary>Where to open an object. What is compressed can only be read from its start.</summary>
    public static long FirstByte(ObjectName name, RecordPosition? position) =>
        IsCompressed(name) ? 0 : position?.At ?? 0;

    public static bool IsCompressed(ObjectName name) => name.Key.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    private static async ValueTask SkipAsync(Stream content, long count, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (count > 0)
        {
            var read = await content.ReadAsync(
                buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), cancellationToken);
            if (read == 0)
            {
                return; // Shorter than before, which its ETag does not allow; the reader sees the end.
            }

            count -= read;
        }
    }
}
