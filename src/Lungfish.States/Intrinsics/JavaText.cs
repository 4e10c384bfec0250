using System.Text;
using Lungfish.Json;
using Lungfish.Jsonata.Library;

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
        number.Text.AsSpan().IndexOfAny("eE.") < 0 ? number.Text : JavaNumber.TextOf(number.Value);
}
