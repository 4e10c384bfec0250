using System.Text;
using Lungfish.Json;

namespace Lungfish.States.Intrinsics;

/// <summary>The functions that make and read texts.</summary>
internal static class StringFunctions
{
    public static readonly IntrinsicFunction Format = new(
        "States.Format",
        1,
        IntrinsicFunction.Any,
        arguments => FormatTemplate.Parse(arguments.Text(0)).Fill(arguments.From(1)));

    public static readonly IntrinsicFunction[] All =
    [
        Format,
        new("States.Base64Decode", 1, 1, DecodeBase64),
        new("States.Base64Encode", 1, 1, EncodeBase64),
        new("States.JsonToString", 1, 1, arguments => arguments.Value(0).ToText()),
        new("States.StringSplit", 2, 2, Split),
        new("States.StringToJson", 1, 1, ToJson),
    ];

    private static JsonValue EncodeBase64(IntrinsicArguments arguments)
    {
        _ = arguments.Text(0);
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(arguments.LimitedText(0)));
    }

    private static JsonValue DecodeBase64(IntrinsicArguments arguments)
    {
        _ = arguments.Text(0);
        var text = arguments.LimitedText(0);
        var padding = text.EndsWith('=') ? "" : new string('=', (4 - (text.Length % 4)) % 4); // May be left off.
        var bytes = new byte[text.Length];
        return !text.Any(char.IsWhiteSpace) && Convert.TryFromBase64String(text + padding, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes.AsSpan(0, length))
            : throw arguments.Wrong(0, "a text in Base64");
    }

    // Recorded in string_operations: every character of the second text parts, and empty pieces are dropped.
    private static JsonArray Split(IntrinsicArguments arguments)
    {
        var delimiters = arguments.Text(1).ToCharArray();
        return JsonArray.Of(delimiters.Length == 0
            ? arguments.Text(0) is { Length: > 0 } whole ? [whole] : []
            : arguments.Text(0)
                .Split(delimiters, StringSplitOptions.RemoveEmptyEntries)
                .Select(piece => (JsonValue)piece));
    }

    // Recorded in json_manipulation: an empty or blank text is null, and -0 is 0.
    private static JsonValue ToJson(IntrinsicArguments arguments)
    {
        var text = arguments.Text(0);
        if (string.IsNullOrWhiteSpace(text))
        {
            return JsonValue.Null;
        }

        try
        {
            return JsonValue.Parse(text) is var value && value is JsonNumber { Text: "-0" } ? 0 : value;
        }
        catch (JsonParseException e)
        {
            throw new IntrinsicException(e.Message);
        }
    }
}
