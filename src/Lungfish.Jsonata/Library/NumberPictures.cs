using System.Globalization;
using System.Text;
using Lungfish.Json;

namespace Lungfish.Jsonata.Library;

/// <summary>Numbers by pictures: <c>$formatNumber</c>, which follows XPath's <c>fn:format-number</c>.</summary>
internal static class NumberPictures
{
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
        var text = double.IsFinite(value) ? Write(Math.Abs(value), chosen, signs)
            : double.IsNaN(value) ? signs.NaN : signs.Infinity;
        return string.Concat(minus, chosen.Prefix, text, chosen.Suffix);
    }

    private static NumberPicture[] Parse(string picture, NumberSigns signs)
    {
        var parts = picture.Split(signs.PatternSeparator);
        return parts.Length <= 2
            ? [.. parts.Select(part => NumberPicture.Parse(part, signs))]
            : throw new JsonataFault("D3080");
    }

    private static string Write(double size, NumberPicture picture, NumberSigns signs)
    {
        var scaled = size * picture.Scale;
        var exponent = picture.ExponentDigitsMin > 0 ? FindExponent(scaled, picture.MantissaDigits) : 0;
        var mantissa = exponent == 0 ? scaled : Rounding.Shift(scaled, -exponent);
        var digits = Rounding.Round(mantissa, picture.FractionDigitsMax)
            .ToString($"F{picture.FractionDigitsMax}", CultureInfo.InvariantCulture);
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        var whole = (point < 0 ? digits : digits[..point]).TrimStart('0').PadLeft(picture.IntegerDigitsMin, '0');
        var fraction = (point < 0 ? "" : digits[(point + 1)..]).TrimEnd('0').PadRight(picture.FractionDigitsMin, '0');

        var text = GroupWhole(whole, picture, signs);
        if (fraction.Length > 0)
        {
            text.Append(signs.DecimalSeparator).Append(GroupFraction(fraction, picture, signs));
        }

        if (picture.ExponentDigitsMin > 0)
        {
            var power = Math.Abs(exponent).ToString(CultureInfo.InvariantCulture)
                .PadLeft(picture.ExponentDigitsMin, '0');
            text.Append(signs.ExponentSeparator).Append(exponent < 0 ? signs.MinusSign : "")
                .Append(Localize(power, signs));
        }

        return text.ToString();
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

    private static StringBuilder GroupWhole(string whole, NumberPicture picture, NumberSigns signs)
    {
        var text = new StringBuilder(Localize(whole, signs));
        var separator = signs.GroupingSeparator.ToString();
        if (Grouping.RegularSize(picture.IntegerGroups) is var size && size > 0)
        {
            Grouping.InsertRegular(text, whole.Length, size, separator);
            return text;
        }

        // From the right, so that what was put in does not move the places that come.
        foreach (var position in picture.IntegerGroups.Where(p => p < whole.Length).Order())
        {
            text.Insert(whole.Length - position, separator);
        }

        return text;
    }

    private static string GroupFraction(string fraction, NumberPicture picture, NumberSigns signs)
    {
        var text = new StringBuilder(Localize(fraction, signs));
        foreach (var position in picture.FractionGroups.Where(p => p < fraction.Length).OrderDescending())
        {
            text.Insert(position, signs.GroupingSeparator);
        }

        return text.ToString();
    }

    private static string Localize(string digits, NumberSigns signs) => signs.ZeroDigit == '0'
        ? digits
        : string.Concat(digits.Select(c => (char)(c - '0' + signs.ZeroDigit)));
}
