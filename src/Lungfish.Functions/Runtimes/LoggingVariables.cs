using Lungfish.Json;

namespace Lungfish.Functions.Runtimes;

/// <summary>What a function's LoggingConfig tells its process. The loggers in it go by that: those of durable
/// execution SDKs leave out lines below the level.</summary>
internal static class LoggingVariables
{
    private const string LevelDefault = "INFO"; // Documented, for the format JSON.

    /// <param name="inert">JSON text of an object that may have a LoggingConfig; null for none.</param>
    public static IEnumerable<(string Name, string Value)> Of(string? inert)
    {
        var settings = inert is null ? null : JsonValue.Parse(inert) as JsonObject;
        var logging = settings?["LoggingConfig"] as JsonObject;
        var isJson = TextOf(logging, "LogFormat") == "JSON";
        yield return ("AWS_LAMBDA_LOG_FORMAT", isJson ? "JSON" : "Text");
        if (isJson)
        {
            // Documented: with the format Text there are no levels.
            yield return ("AWS_LAMBDA_LOG_LEVEL", TextOf(logging, "ApplicationLogLevel") ?? LevelDefault);
        }
    }

    private static string? TextOf(JsonObject? json, string name) => (json?[name] as JsonString)?.Value;
}
