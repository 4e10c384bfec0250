using System.Globalization;
using Lungfish.Cli.CommandLine;
using Lungfish.Json;

namespace Lungfish.Cli.Client;

/// <summary>Reads members of answers by the types that the APIs give them.</summary>
internal static class JsonMembers
{
    public static string? Text(this JsonObject json, string name) => (json[name] as JsonString)?.Value;

    public static string Required(this JsonObject json, string name) =>
        json.Text(name) ?? throw Lacks(name);

    /// <summary>What answers is no server of ours, or one of another version.</summary>
    public static CommandException Lacks(string name) => new(
        ExitCode.Unreachable,
        $"What answers is not a Lungfish server of this version: its answer lacks {name}.",
        "--endpoint URL           names another one");

    public static long? Whole(this JsonObject json, string name) =>
        json[name] is JsonNumber number && number.TryGetInt64(out var value) ? value : null;

    /// <summary>Epoch seconds with a fraction, as AWS writes times, or ISO 8601 text.</summary>
    public static DateTimeOffset? Time(this JsonObject json, string name) => json[name] switch
    {
        JsonNumber seconds => DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Round(seconds.Value * 1000)),
        JsonString text when DateTimeOffset.TryParse(
            text.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
        _ => null,
    };

    public static IEnumerable<JsonObject> Objects(this JsonObject json, string name) =>
        (json[name] as JsonArray)?.OfType<JsonObject>() ?? [];
}
