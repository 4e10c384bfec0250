using Lungfish.Json;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

/// <summary>A payload that came as JSON text: its value, and the text as the caller wrote it.</summary>
internal sealed record JsonInput(JsonValue Value, string Text)
{
    /// <summary>Measured: 262,144 bytes of UTF-8, and the text is not shown when it is larger.</summary>
    public static readonly TextRule Rule = new()
    {
        LengthMax = 262_144,
        InBytes = true,
        IsSensitive = true,
        IsQuota = true,
    };

    public static readonly JsonInput Empty = new(JsonObject.Empty, "{}");

    /// <param name="text">What should be one JSON value.</param>
    /// <param name="otherwise">What to say of a text without anything to point at, such as an empty one.</param>
    /// <param name="why">Why it is none, in AWS's words.</param>
    /// <returns>Null if the text is no JSON value.</returns>
    public static JsonInput? TryParse(string text, string otherwise, out string why)
    {
        why = otherwise;
        try
        {
            return new JsonInput(JsonValue.Parse(text), text);
        }
        catch (JsonParseException)
        {
            // Recorded in sfn_api/test_invalid_start_execution_input, the empty text included.
            var reason = text.Length == 0 ? "" : JacksonText.Of(text).Message;
            why = reason.Length == 0 ? otherwise : reason;
            return null;
        }
    }
}
