using System.Text.Json;

namespace Lungfish.Json;

/// <summary>The text is not JSON. <see cref="Line"/> and <see cref="Column"/> (in bytes) count from 1.</summary>
public sealed class JsonParseException : Exception
{
    public JsonParseException(string message, long line, long column)
        : base(message)
    {
        Line = line;
        Column = column;
    }

    public long Line { get; }

    public long Column { get; }

    internal static JsonParseException From(JsonException e, int depthMax)
    {
        // The reader tells a text that is too deep by its message alone, and repeats the place at the end of each.
        var place = e.Message.LastIndexOf(" LineNumber:", StringComparison.Ordinal);
        var message = e.Message.StartsWith("The maximum configured depth", StringComparison.Ordinal)
            ? $"The text is nested more than {depthMax} levels deep."
            : place >= 0 ? e.Message[..place] : e.Message;
        return new JsonParseException(message, (e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1);
    }

    internal static JsonParseException At(ReadOnlySpan<byte> utf8, int offset, string message)
    {
        var before = utf8[..offset];
        var line = before.Count((byte)'\n') + 1;
        return new JsonParseException(message, line, offset - before.LastIndexOf((byte)'\n'));
    }
}
