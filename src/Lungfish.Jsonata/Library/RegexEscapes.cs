using System.Globalization;

namespace Lungfish.Jsonata.Library;

/// <summary>Escapes of a regular expression that stand for one character.</summary>
internal static class RegexEscapes
{
    /// <param name="pattern">The whole pattern.</param>
    /// <param name="position">At the sign behind the backslash; moved behind the escape.</param>
    public static char Read(string pattern, ref int position)
    {
        var c = pattern[position++];
        switch (c)
        {
            case 't':
                return '\t';
            case 'n':
                return '\n';
            case 'v':
                return '\v';
            case 'f':
                return '\f';
            case 'r':
                return '\r';
            case 'c' when position < pattern.Length && char.IsAsciiLetter(pattern[position]):
                return (char)(pattern[position++] % 32);
            case 'c':
                position--; // A c that escapes nothing leaves the backslash as it is.
                return '\\';
            case 'x':
                return ReadHex(pattern, ref position, 2) ?? 'x';
            case 'u':
                return ReadHex(pattern, ref position, 4) ?? 'u';
            case >= '0' and <= '7':
                return ReadOctal(pattern, ref position, c);
            default:
                return c; // What has no meaning stands for itself.
        }
    }

    private static char? ReadHex(string pattern, ref int position, int length)
    {
        var digits = pattern.AsSpan(position, Math.Min(length, pattern.Length - position));
        if (digits.Length < length ||
            !ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
        {
            return null;
        }

        position += length;
        return (char)unit;
    }

    /// <summary>Up to three octal digits below 256, as old programs write them; mostly \0.</summary>
    private static char ReadOctal(string pattern, ref int position, char first)
    {
        var value = first - '0';
        for (var i = 0; i < 2 && position < pattern.Length && pattern[position] is >= '0' and <= '7'; i++)
        {
            var next = (value * 8) + (pattern[position] - '0');
            if (next > byte.MaxValue)
            {
                break;
            }

            value = next;
            position++;
        }

        return (char)value;
    }
}
