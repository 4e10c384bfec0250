using Lungfish.Json;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

/// <summary>A payload that came as JSON text: its value, and the text as the caller wrote it.</summary>
internal sealed record JsonInput(JsonValue Value, string Text)
{
    /// <summary>Measured: 262,144 bytes of UTF-8, and the text is not shown when it is larger.</summary>
    public static readonly TextRule Rule = new() { LengthMax = 262_144, InBytes = true, IsSensitive = true };

    public static readonly JsonInput Empty = new(JsonObject.Empty, "{}");

    /// <returns>Null if the text is no JSON value; then <paramref name="why"/> says so in AWS's words.</returns>
    public static JsonInput? TryParse(string text, out string why)
    {
        try
        {
            why = "";
            return new JsonInput(JsonValue.Parse(text), text);
        }
        catch (JsonParseException)
        {
            // Recorded in sfn_api/test_invalid_start_execution_input, the empty text included.
            var reason = text.Length == 0 ? "" : JacksonText.Of(text).Message;
            why = reason.Length == 0 ? "Invalid execution input." : reason;
            return null;
        }
    }
}
