using System.Globalization;
using System.Text.Json;

namespace Lungfish.Server.Protocol;

/// <summary>Instants as AWS's JSON protocols write them: epoch seconds with a fraction to the millisecond.</summary>
internal static class JsonTime
{
    public static void WriteTime(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset at)
    {
        Span<byte> text = stackalloc byte[24];
        var (seconds, milliseconds) = Math.DivRem(at.ToUnixTimeMilliseconds(), 1000);
        if (milliseconds < 0)
        {
            // Before 1970; a decimal keeps the sign right.
            writer.WriteNumber(name, at.ToUnixTimeMilliseconds() / 1000m);
            return;
        }

        _ = seconds.TryFormat(text, out var length, provider: CultureInfo.InvariantCulture);
        if (milliseconds > 0)
        {
            _ = milliseconds.TryFormat(text[(length + 1)..], out _, "D3", CultureInfo.InvariantCulture);
            text[length] = (byte)'.';
            length += 4;
        }

        writer.WritePropertyName(name);
        writer.WriteRawValue(text[..length], skipInputValidation: true);
    }

    /// <summary>Writes the member unless the text is null.</summary>
    public static void WriteText(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
