using System.Globalization;

namespace Lungfish.Bench.Measuring;

/// <summary>How numbers are written: as many digits as mean something.</summary>
internal static class Numbers
{
    public static string Text(double? value) => value is not { } number
        ? ""
        : Text(number, Math.Abs(number) switch { >= 100 => 0, >= 10 => 1, _ => 2 });

    public static string Text(double? value, int decimals) =>
        value?.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) ?? "";

    public static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered[ordered.Count / 2];
    }
}
