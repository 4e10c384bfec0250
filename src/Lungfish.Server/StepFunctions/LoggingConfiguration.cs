using Lungfish.Engine;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

/// <summary>Where the events of executions are logged. There are no log groups yet, so only OFF is accepted.</summary>
internal sealed record LoggingConfiguration(string Level, bool IncludesData, int? DestinationCount)
{
    private static readonly TextRule LevelRule = TextRule.OneOf("ALL", "ERROR", "FATAL", "OFF");

    public static LoggingConfiguration? Read(RequestMembers members)
    {
        if (members.OptionalObject("loggingConfiguration") is not { } logging)
        {
            return null;
        }

        var level = logging.OptionalText("level", LevelRule) ?? "OFF"; // Recorded in sfn_api_logs: {} becomes OFF.
        var includesData = logging.OptionalBoolean("includeExecutionData") ?? false;
        var destinations = logging.OptionalObjects("destinations");
        foreach (var destination in destinations ?? [])
        {
            _ = destination.OptionalObject("cloudWatchLogsLogGroup")?.OptionalText("logGroupArn", ArnForm.Rule);
        }

        return new LoggingConfiguration(level, includesData, destinations?.Count);
    }

    /// <returns>The configuration as describe calls answer it.</returns>
    /// <exception cref="Lungfish.Engine.ApiException">InvalidLoggingConfiguration.</exception>
    public string Checked()
    {
        if (Level != "OFF" && DestinationCount is null or 0 or > 1)
        {
            // Recorded in sfn_api_logs.
            throw StepFunctionsErrors.InvalidLoggingConfiguration("Must specify exactly one Log Destination.");
        }

        if (DestinationCount > 0)
        {
            // AWS's words for a log group that is not there: here, none is.
            throw StepFunctionsErrors.InvalidLoggingConfiguration("Log Destination not found.");
        }

        // Recorded in sfn_api_logs: destinations are answered if they were given, be it as an empty list.
        var data = IncludesData ? "true" : "false";
        var destinations = DestinationCount is null ? "" : @",""destinations"":[]";
        return $$"""{"level":"{{Level}}","includeExecutionData":{{data}}{{destinations}}}""";
    }
}
