using Lungfish.Json;
using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Library;

namespace Lungfish.Jsonata.Values;

/// <summary>Values as text.</summary>
internal static class Spelling
{
    /// <summary>As <c>&amp;</c> and <c>$string</c> have it: undefined and functions are nothing.</summary>
    public static string Of(Value value, Run run, bool pretty = false)
    {
        switch (value.Object)
        {
            case JsonString text:
                return text.Value;
            case null or Function:
                return "";
            case JsonValue json and not JsonNumber:
                return OfJson(json, run, pretty);
            case Sequence { IsOuterWrapper: true } wrapper:
                return Of(wrapper[0], run, pretty);
        }

        if (!value.TryGetNumber(out var number))
        {
            return OfJson(JsonForm.OfShown(value, run), run, pretty);
        }

        return double.IsFinite(number) ? run.Dialect.TextOf(number) : throw Errors.Of("D3001", value);
    }

    /// <summary>A value in a message.</summary>
    public static string OfMessage(Value value)
    {
        if (value.IsUndefined)
        {
            return "undefined";
        }

        return value.TryGetNumber(out var number)
            ? double.IsFinite(number) ? NumberText.Shortest(number) : "null"
            : value.Object is JsonValue json ? JsonataText.Plain(json) : "\"\"";
    }

    private static string OfJson(JsonValue json, Run run, bool pretty)
    {
        // What is shared many times inside itself may be longer than any memory.
        run.Charge(2 * json.Utf8Length);
        return JsonataText.Of(json, pretty, run.Dialect.IsStepFunctions);
    }
}
