using System.Globalization;
using Lungfish.Engine.MapRuns;
using Lungfish.Json;

namespace Lungfish.Integrations.Items;

/// <summary>Lines that are a JSON value each. Empty lines are no items.</summary>
internal sealed class JsonLinesReader(ByteWindow window) : RecordReader(window)
{
    public override RecordPosition Position => new(Window.Position);

    protected override ReadStep TryRead(out ItemRecord record)
    {
        record = default;
        while (true)
        {
            var text = Window.Unread;
            var end = text.IndexOf((byte)'\n');
            if (end < 0 && !Window.HasEnded)
            {
                return ReadStep.NeedsMore;
            }

            if (text.IsEmpty)
            {
                return ReadStep.Ended;
            }

            var line = end < 0 ? text : text[..end];
            var taken = end < 0 ? text.Length : end + 1;
            if (Window.Position == 0 && line.StartsWith("\uFEFF"u8))
            {
                line = line[3..];
            }

            line = line.Trim(" \t\r"u8);
            if (!line.IsEmpty)
            {
                record = new ItemRecord(Parse(line), null);
                Window.Take(taken);
                return ReadStep.Found;
            }

            Window.Take(taken);
        }
    }

    private JsonValue Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonValue.Parse(line);
        }
        catch (JsonParseException e)
        {
            throw new ItemReaderException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The line at byte {Window.Position} is no JSON: {e.Message} (column {e.Column})"),
                e);
        }
    }
}
