using System.Globalization;
using System.Text;
using Lungfish.Json;

namespace Lungfish.States.Intrinsics;

/// <summary>Values as Java's toString writes them: what States.Format puts in.</summary>
internal static class JavaText
{
    public static string Of(JsonValue value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    /// <summary>Recorded: a text without quotes, an object as <c>{Arg1=1, Arg2=[]}</c>.</summary>
    public static void Append(StringBuilder text, JsonValue value)
    {
        switch (value)
        {
            case JsonString plain:
                text.Append(plain.Value);
                break;
            case JsonNumber number:
                text.Append(OfNumber(number));
                break;
            case JsonArray array:
                AppendArray(text, array);
                break;
            case JsonObject obj:
                AppendObject(text, obj);
                break;
            default:
                text.Append(value.ToText());
                break;
        }
    }

    private static void AppendArray(StringBuilder text, JsonArray array)
    {
        text.Append('[');
        for (var i = 0; i < array.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            Append(text, array[i]);
        }

        text.Append(']');
    }

    private static void AppendObject(StringBuilder text, JsonObject obj)
    {
        var separator = "{";
        foreach (var (name, value) in obj)
        {
            text.Append(separator).Append(name).Append('=');
            Append(text, value);
            separator = ", ";
        }

        text.Append(obj.Count == 0 ? "{}" : "}");
    }

    /// <summary>Whole numbers keep their digits; what has a point or an exponent is a double.</summary>
    private static string OfNumber(JsonNumber number) =>
        number.Text.AsSpan().IndexOfAny("eE.") < 0 ? number.Text : OfDouble(number.Value);

    /// <summary>Double.toString: <c>1.0</c>, <c>1.5E10</c>, <c>1.0E-5</c>.</summary>
    private static string OfDouble(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value == 0 ? "0.0" : value > 0 ? "Infinity" : "-Infinity";
        }

        // .NET's round trip text has the same shortest digits, in another layout.
        var text = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E');
        var mantissa = e < 0 ? text : text[..e];
        var point = mantissa.IndexOf('.');
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        var exponent = (point < 0 ? mantissa.Length : point) - 1 - (all.Length - digits.Length) +
            (e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        return (value < 0 ? "-" : "") + Lay(digits.TrimEnd('0'), exponent);
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
