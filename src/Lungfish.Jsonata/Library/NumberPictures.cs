using System.Globalization;
using System.Text;
using Lungfish.Json;

namespace Lungfish.Jsonata.Library;

/// <summary>Numbers by pictures: <c>$formatNumber</c>, which follows XPath's <c>fn:format-number</c>.</summary>
internal static class NumberPictures
{
    private const int TextLength = 64; // What most numbers need at most.

    private static readonly PictureCache<NumberPicture[]> Parsed = new(text => Parse(text, NumberSigns.Default));

    /// <param name="value">The number.</param>
    /// <param name="picture">One picture, or two: the second is for negative numbers.</param>
    /// <param name="options">Other signs than the usual, by their XPath names (<c>decimal-separator</c>).</param>
    /// <exception cref="JsonataFault">D3080 to D3093: the picture breaks a rule.</exception>
    public static string Format(double value, string picture, JsonObject? options = null)
    {
        var signs = NumberSigns.Of(options);
        var pictures = options is null ? Parsed.Get(picture) : Parse(picture, signs);
        var isNegative = value < 0;
        var chosen = pictures[isNegative ? pictures.Length - 1 : 0];
        var minus = isNegative && pictures.Length == 1 ? signs.MinusSign : "";
        var text = new StringBuilder(TextLength).Append(minus).Append(chosen.Prefix);
        var scaled = Math.Abs(value) * chosen.Scale; // A percentage of a finite number may be infinite.
        if (double.IsFinite(scaled))
        {
            Write(text, scaled, chosen, signs);
        }
        else
        {
            text.Append(double.IsNaN(value) ? signs.NaN : signs.Infinity);
        }

        return text.Append(chosen.Suffix).ToString();
    }

    private static NumberPicture[] Parse(string picture, NumberSigns signs)
    {
        var parts = picture.Split(signs.PatternSeparator);
        return parts.Length <= 2
            ? [.. parts.Select(part => NumberPicture.Parse(part, signs))]
            : throw new JsonataFault("D3080");
    }

    private static void Write(StringBuilder text, double scaled, NumberPicture picture, NumberSigns signs)
    {
        var exponent = picture.ExponentDigitsMin > 0 ? FindExponent(scaled, picture.MantissaDigits) : 0;
        var rounded = Rounding.Round(
            exponent == 0 ? scaled : Rounding.Shift(scaled, -exponent), picture.FractionDigitsMax);
        Span<char> buffer = stackalloc char[TextLength];
        ReadOnlySpan<char> digits = rounded.TryFormat(
            buffer, out var length, picture.FractionFormat, CultureInfo.InvariantCulture)
                ? buffer[..length]
                : rounded.ToString(picture.FractionFormat, CultureInfo.InvariantCulture).AsSpan();
        var point = picture.FractionDigitsMax > 0 ? digits.IndexOf('.') : digits.Length;
        AppendWhole(text, digits[..point].TrimStart('0'), picture, signs);
        AppendFraction(text, digits[Math.Min(point + 1, digits.Length)..].TrimEnd('0'), picture, signs);
        if (picture.ExponentDigitsMin > 0)
        {
            var power = Math.Abs(exponent).ToString(CultureInfo.InvariantCulture)
                .PadLeft(picture.ExponentDigitsMin, '0');
            text.Append(signs.ExponentSeparator).Append(exponent < 0 ? signs.MinusSign : "");
            foreach (var digit in power)
            {
                AppendDigit(text, digit, signs);
            }
        }
    }

    /// <summary>The power of ten that leaves so many digits before the point.</summary>
    private static int FindExponent(double size, int digitsBeforePoint)
    {
        if (size == 0)
        {
            return 0;
        }

        // The logarithm can be off by one next to a power of ten.
        var exponent = (int)Math.Floor(Math.Log10(size)) + 1 - digitsBeforePoint;
        var limit = Math.Pow(10, digitsBeforePoint);
        while (Rounding.Shift(size, -exponent) >= limit)
        {
            exponent++;
        }

        while (Rounding.Shift(size, 1 - exponent) < limit)
        {
            exponent--;
        }

        return exponent;
    }

    private static void AppendWhole(
        StringBuilder text, ReadOnlySpan<char> digits, NumberPicture picture, NumberSigns signs)
    {
        var length = Math.Max(digits.Length, picture.IntegerDigitsMin);
        for (var left = length; left > 0; left--)
        {
            var isSeparated = picture.RegularGroup > 0
                ? left % picture.RegularGroup == 0
                : picture.IntegerGroups.Contains(left);
            if (left < length && isSeparated)
            {
                text.Append(signs.GroupingSeparator);
            }

            AppendDigit(text, left > digits.Length ? '0' : digits[^left], signs);
        }
    }

    private static void AppendFraction(
        StringBuilder text, ReadOnlySpan<char> digits, NumberPicture picture, NumberSigns signs)
    {
        for (var i = 0; i < Math.Max(digits.Length, picture.FractionDigitsMin); i++)
        {
            if (i == 0)
            {
                text.Append(signs.DecimalSeparator);
            }
            else if (picture.FractionGroups.Contains(i))
            {
                text.Append(signs.GroupingSeparator);
            }

            AppendDigit(text, i < digits.Length ? digits[i] : '0', signs);
        }
    }

    private static void AppendDigit(StringBuilder text, char digit, NumberSigns signs) =>
        text.Append((char)(digit - '0' + signs.ZeroDigit));
}
