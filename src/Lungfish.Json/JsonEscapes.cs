using System.Buffers;
using System.Globalization;
using System.Text;

namespace Lungfish.Json;

/// <summary>Texts between JSON and .NET: escapes, strict UTF-8, and surrogates that stand alone.</summary>
internal static class JsonEscapes
{
    /// <summary>Throws where the usual one writes U+FFFD: bad bytes are refused, not replaced.</summary>
    public static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The text between the quotes, its escapes resolved; <c>\ud800</c> gives a lone surrogate.</summary>
    /// <exception cref="DecoderFallbackException">Bad UTF-8.</exception>
    public static string Resolve(ReadOnlySpan<byte> escaped)
    {
        var buffer = ArrayPool<char>.Shared.Rent(escaped.Length);
        try
        {
            var length = 0;
            while (true)
            {
                var plain = escaped.IndexOf((byte)'\\');
                length += StrictUtf8.GetChars(plain < 0 ? escaped : escaped[..plain], buffer.AsSpan(length));
                if (plain < 0)
                {
                    return new string(buffer, 0, length);
                }

                var isCode = escaped[plain + 1] == 'u';
                buffer[length++] = isCode ? Code(escaped.Slice(plain + 2, 4)) : Plain(escaped[plain + 1]);
                escaped = escaped[(plain + (isCode ? 6 : 2))..];
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private static char Code(ReadOnlySpan<byte> hex) =>
        (char)ushort.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static char Plain(byte letter) => letter switch
    {
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        (byte)'n' => '\n',
        (byte)'r' => '\r',
        (byte)'t' => '\t',
        _ => (char)letter,
    };
}

internal static class LoneSurrogates
{
    /// <summary>The text in UTF-8, each lone surrogate as the escape that stands for it inside a JSON string.</summary>
    public static byte[] ToUtf8(string text)
    {
        try
        {
            return JsonEscapes.StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            return Encoding.UTF8.GetBytes(Escape(text));
        }
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                escaped.Append(text, i++, 2);
            }
            else if (char.IsSurrogate(text[i]))
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            }
            else
            {
                escaped.Append(text[i]);
            }
        }

        return escaped.ToString();
    }
}
