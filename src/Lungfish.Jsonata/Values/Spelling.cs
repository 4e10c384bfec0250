using Lungfish.Json;
using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Library;

namespace Lungfish.Jsonata.Values;

/// <summary>Values as text.</summary>
internal static class Spelling
{
    private const long MessageBytesMax = 1 << 20;

    private static readonly JsonataLimits MessageLimits = new() { StepsMax = 100_000 };

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

        if (!double.IsFinite(number))
        {
            throw Errors.Of("D3001", value);
        }

        // Measured on Step Functions: whole numbers keep their digits where a double would not.
        return run.Dialect.IsStepFunctions && value.Object is JsonNumber exact && exact.TryGetInt64(out var whole)
            ? whole.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : run.Dialect.TextOf(number);
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
            : OfMessage(value.Object as JsonValue ?? TryShow(value));
    }

    private static string OfMessage(JsonValue? json) =>
        json is { Utf8Length: <= MessageBytesMax } ? JsonataText.Plain(json) : "...";

    /// <summary>The evaluation that failed is over: what the message may cost is counted by itself.</summary>
    private static JsonValue? TryShow(Value value)
    {
        try
        {
            var run = new Run(default, JsonataEnvironment.Empty, MessageLimits, Dialect.Standard);
            return JsonForm.OfShown(value, run);
        }
        catch (JsonataException)
        {
            return null; // Too large, or not finite: the message does without it.
        }
    }

    private static string OfJson(JsonValue json, Run run, bool pretty)
    {
        // What is shared many times inside itself may be longer than any memory.
        run.Charge(Math.Min(long.MaxValue / 4, json.Utf8Length) * 2);
        return JsonataText.Of(json, pretty, run.Dialect.IsStepFunctions);
    }
}
