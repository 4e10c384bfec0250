using System.Text.Json.Nodes;
using Lungfish.Conformance.Matching;

namespace Lungfish.Conformance.Running;

/// <summary>A task that waits for its token, as a history shows it.</summary>
internal static class TokenTask
{
    /// <summary>True if something came after the start of the task that was given this token.</summary>
    public static bool IsSubmitted(JsonArray history, string token)
    {
        var scheduled = history.FirstOrDefault(item =>
            item?["taskScheduledEventDetails"]?["parameters"]?.ToJsonString(JsonText.Readable)
                .Contains(token, StringComparison.Ordinal) ?? false);
        return Next(history, Next(history, scheduled)) is not null;
    }

    private static JsonNode? Next(JsonArray history, JsonNode? before) => before is null
        ? null
        : history.FirstOrDefault(item => JsonNode.DeepEquals(item?["previousEventId"], before["id"]));
}
