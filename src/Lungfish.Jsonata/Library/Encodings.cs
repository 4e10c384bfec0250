using System.Buffers;
using System.Globalization;
using System.Text;

namespace Lungfish.Jsonata.Library;

/// <summary>Base64 and the escapes of URLs.</summary>
internal static class Encodings
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";

    /// <summary>What separates the parts of a URL, and so stays as it is in a whole one.</summary>
    private const string Reserved = ";/?:@&=+$,#";

    private static readonly SearchValues<char> KeptInComponents = SearchValues.Create(Unreserved);
    private static readonly SearchValues<char> KeptInUrls = SearchValues.Create(Unreserved + Reserved);
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The low byte of each UTF-16 unit in base64.</summary>
    public static string Base64Encode(string text) =>
        Convert.ToBase64String(Array.ConvertAll(text.ToCharArray(), unit => (byte)(unit & 0xFF)));

    /// <summary>The text's UTF-8 bytes in base64, as in Step Functions.</summary>
    public static string Base64EncodeUtf8(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>One UTF-16 unit per byte. Signs that are not base64's are passed over; padding can be missing.
    /// </summary>
    public static string Base64Decode(string text)
    {
        var padding = text.IndexOf('=', StringComparison.Ordinal);
        var signs = string.Concat((padding < 0 ? text : text[..padding]).Replace('-', '+').Replace('_', '/')
            .Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/'));
        return Encoding.Latin1.GetString(FromBase64(signs.Length % 4 == 1 ? signs[..^1] : signs));
    }

    /// <summary>As in Step Functions, where it was measured: UTF-8, padding can be missing, nothing else may.</summary>
    /// <exception cref="JsonataFault">D3137: a sign that is not base64's.</exception>
    public static string Base64DecodeUtf8(string text)
    {
        try
        {
            return Encoding.UTF8.GetString(FromBase64(text.TrimEnd('=')));
        }
        catch (FormatException)
        {
            throw JsonataFault.Saying("D3137", "Argument of function base64decode must be base64 encoded");
        }
    }

    /// <exception cref="JsonataFault">D3140: a surrogate stands alone.</exception>
    public static string EncodeUrlComponent(string text) => Encode(text, KeptInComponents, "encodeUrlComponent");

    /// <exception cref="JsonataFault">D3140: a surrogate stands alone.</exception>
    public static string EncodeUrl(string text) => Encode(text, KeptInUrls, "encodeUrl");

    /// <exception cref="JsonataFault">D3140: a broken escape, or one that is not UTF-8.</exception>
    public static string DecodeUrlComponent(string text) => Decode(text, "", "decodeUrlComponent", StrictUtf8);

    /// <summary>Leaves escapes alone that stand for what separates the parts of a URL.</summary>
    /// <exception cref="JsonataFault">D3140: a broken escape, or one that is not UTF-8.</exception>
    public static string DecodeUrl(string text) => Decode(text, Reserved, "decodeUrl", StrictUtf8);

    /// <summary>As measured on Step Functions: a plus sign is a space, and broken UTF-8 becomes U+FFFD.</summary>
    /// <exception cref="JsonataFault">D3140: a broken escape.</exception>
    public static string DecodeUrlComponentInStepFunctions(string text) =>
        Decode(text.Replace('+', ' '), "", "decodeUrlComponent", Encoding.UTF8);

    private static byte[] FromBase64(string signs) =>
        Convert.FromBase64String(signs + new string('=', (4 - (signs.Length % 4)) % 4));

    private static JsonataFault Malformed(string text, string function) =>
        new("D3140", text) { FunctionName = function };

    private static string Encode(string text, SearchValues<char> kept, string function)
    {
        if (!text.AsSpan().ContainsAnyExcept(kept))
        {
            return text;
        }

        byte[] bytes;
        try
        {
            bytes = StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            throw Malformed(text, function);
        }

        var result = new StringBuilder(bytes.Length + 16);
        foreach (var b in bytes)
        {
            if (b < 0x80 && kept.Contains((char)b))
            {
                result.Append((char)b);
            }
            else
            {
                result.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
        }

        return result.ToString();
    }

    private static string Decode(string text, string keptEscapes, string function, Encoding encoding)
    {
        var percent = text.IndexOf('%', StringComparison.Ordinal);
        if (percent < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var position = 0;
        while (percent >= 0)
        {
            result.Append(text.AsSpan(position, percent - position));
            var bytes = ReadEscapes(text, ref percent, function);
            position = percent;
            try
            {
                AppendDecoded(result, encoding.GetString(bytes), keptEscapes);
            }
            catch (DecoderFallbackException)
            {
                throw Malformed(text, function);
            }

            percent = text.IndexOf('%', position);
        }

        return result.Append(text.AsSpan(position)).ToString();
    }

    /// <summary>The bytes of a run of escapes; the position moves behind it.</summary>
    private static byte[] ReadEscapes(string text, ref int position, string function)
    {
        var bytes = new List<byte>();
        for (; position < text.Length && text[position] == '%'; position += 3)
        {
            bytes.Add(position + 3 <= text.Length && byte.TryParse(
                text.AsSpan(position + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b)
                    ? b
                    : throw Malformed(text, function));
        }

        return [.. bytes];
    }

    private static void AppendDecoded(StringBuilder result, string decoded, string keptEscapes)
    {
        foreach (var c in decoded)
        {
            if (keptEscapes.Contains(c))
            {
                result.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}");
            }
            else
            {
                result.Append(c);
            }
        }
    }
}
