using System.Globalization;

namespace Lungfish.Jsonata.Library;

/// <summary>Arithmetic that has rules of its own: <c>$round</c>, <c>$power</c>, <c>$sqrt</c>.</summary>
internal static class Rounding
{
    /// <summary>Below this, a product of doubles is exact to a ten-millionth.</summary>
    private const double ProductMax = 1e8;

    private static readonly double[] PowersOfTen =
        [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Rounds half to even, on the decimal digits that are shown: 2.675 to two places is 2.68, though its
    /// double lies below the middle.</summary>
    /// <param name="value">What is rounded.</param>
    /// <param name="precision">Digits after the point; negative ones round to tens, hundreds and so on.</param>
    public static double Round(double value, int precision = 0)
    {
        if (precision == 0 || !double.IsFinite(value) || value == 0)
        {
            return Math.Round(value, MidpointRounding.ToEven) + 0.0;
        }

        // Where the product is far enough from the middle between two whole numbers, its last bit does not matter.
        var product = precision is > 0 and <= 15 ? value * PowersOfTen[precision] : double.NaN;
        if (Math.Abs(product) < ProductMax && Math.Abs(product - Math.Floor(product) - 0.5) > 1e-6)
        {
            return (Math.Round(product) / PowersOfTen[precision]) + 0.0;
        }

        var shifted = Shift(value, precision);
        if (!double.IsFinite(shifted))
        {
            return value; // There are no digits so far behind the point.
        }

        return Shift(Math.Round(shifted, MidpointRounding.ToEven), -precision) + 0.0; // -0 becomes 0.
    }

    /// <exception cref="JsonataFault">D3061: the result is no finite number.</exception>
    public static double Power(double value, double exponent)
    {
        // JavaScript has no number for the power of one to infinity; there are no infinite arguments here otherwise.
        var result = Math.Pow(value, exponent);
        return double.IsFinite(result)
            ? result
            : throw new JsonataFault("D3061", JsonataFault.Show(value), JsonataFault.Show(exponent));
    }

    /// <exception cref="JsonataFault">D3060: the number is negative.</exception>
    public static double Sqrt(double value) =>
        value < 0 ? throw new JsonataFault("D3060", JsonataFault.Show(value)) : Math.Sqrt(value);

    /// <summary>Moves the decimal point in the number's text, which is exact where multiplying is not.</summary>
    public static double Shift(double value, int places)
    {
        Span<char> text = stackalloc char[64];
        value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        var e = text[..length].IndexOf('E');
        var exponent = e < 0 ? 0 : int.Parse(text[(e + 1)..length], NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? length : e;
        text[mantissa] = 'E';
        ((long)exponent + places).TryFormat(text[(mantissa + 1)..], out var written, default,
            CultureInfo.InvariantCulture);
        return double.Parse(text[..(mantissa + 1 + written)], NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
