using System.Globalization;

namespace Lungfish.Jsonata.Library;

/// <summary>Numbers as Java writes them, on which Step Functions runs.</summary>
internal static class JavaNumber
{
    /// <summary>Double.toString: <c>1.0</c>, <c>1.5E10</c>, <c>1.0E-5</c>.</summary>
    public static string TextOf(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value == 0 ? "0.0" : value > 0 ? "Infinity" : double.IsNaN(value) ? "NaN" : "-Infinity";
        }

        // .NET's round trip text has the same shortest digits, in another layout.
        Span<char> digits = stackalloc char[NumberText.TextLength];
        var (count, point) = NumberText.Digits(value, digits);
        return (value < 0 ? "-" : "") + Lay(digits[..count].ToString(), point - 1);
    }

    private static string Lay(string digits, int exponent) => exponent switch
    {
        >= -3 and < 0 => $"0.{new string('0', -exponent - 1)}{digits}",
        >= 0 and < 7 when digits.Length > exponent + 1 => $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}",
        >= 0 and < 7 => $"{digits.PadRight(exponent + 1, '0')}.0",
        _ => string.Create(
            CultureInfo.InvariantCulture, $"{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent}"),
    };
}
