using Lungfish.Json;

namespace Lungfish.Engine.StateMachines;

/// <summary>Logging and tracing configurations with their defaults filled in, as AWS describes them.</summary>
internal static class MachineConfigurations
{
    // Recorded: `{}` and a missing level become OFF; without destinations that key is absent.
    public static string Logging(string? text)
    {
        var given = Parse(text) ?? throw StepFunctionsErrors.InvalidLoggingConfiguration("Not a JSON object.");
        var level = given["level"] is JsonString { Value: var value } ? value : "OFF";
        if (level is not ("ALL" or "ERROR" or "FATAL" or "OFF"))
        {
            throw StepFunctionsErrors.InvalidLoggingConfiguration("Level must be one of ALL, ERROR, FATAL, OFF.");
        }

        var destinations = given["destinations"] as JsonArray;
        if (level != "OFF" && destinations?.Count != 1)
        {
            throw StepFunctionsErrors.InvalidLoggingConfiguration("Must specify exactly one Log Destination.");
        }

        var complete = new JsonObject.Builder();
        if (destinations is not null)
        {
            complete.Set("destinations", destinations);
        }

        complete.Set("includeExecutionData", given["includeExecutionData"] is JsonBoolean { Value: true });
        complete.Set("level", level);
        return complete.Build().ToText();
    }

    public static string Tracing(string? text)
    {
        var given = Parse(text) ?? throw StepFunctionsErrors.InvalidTracingConfiguration("Not a JSON object.");
        return JsonObject.Of("enabled", given["enabled"] is JsonBoolean { Value: true }).ToText();
    }

    private static JsonObject? Parse(string? text)
    {
        try
        {
            return text is null ? JsonObject.Empty : JsonValue.Parse(text) as JsonObject;
        }
        catch (JsonParseException)
        {
            return null;
        }
    }
}
