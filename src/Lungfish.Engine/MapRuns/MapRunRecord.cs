using Lungfish.Engine.Identifiers;
using Lungfish.Engine.StateMachines;
using Lungfish.Engine.Storage;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.MapRuns;

/// <summary>Map runs as the store keeps them: JSON, in which members may be added.</summary>
internal static class MapRunRecord
{
    public static StoredMapRun Write(MapRunSnapshot run, ExecutionId execution) => new(
        MapRunNames.IdOf(run.Arn), execution.Uuid, run.StartedAt, run.StoppedAt, WriteJson(run).ToUtf8());

    public static MapRunSnapshot Read(StoredMapRun stored)
    {
        var json = (JsonObject)JsonValue.Parse(stored.Snapshot.Span);
        return new MapRunSnapshot
        {
            Arn = Records.Text(json, "arn"),
            ExecutionArn = Records.Text(json, "execution"),
            StateMachineArn = Records.Text(json, "machine"),
            IsExpress = json["express"] is JsonBoolean { Value: true },
            Status = Enum.Parse<MapRunStatus>(Records.Text(json, "status")),
            StartedAt = stored.StartedAt,
            StoppedAt = stored.StoppedAt,
            Limits = new MapRunLimits(
                Number(json, "concurrencyMax"),
                Number(json, "toleratedCount"),
                ((json["toleratedPercentage"] as JsonNumber)?.Value) ?? 0),
            Items = Counts(json, "items"),
            Executions = Counts(json, "executions"),
        };
    }

    private static JsonObject WriteJson(MapRunSnapshot run) => JsonObject.Of(
        ("arn", (JsonValue)run.Arn),
        ("execution", run.ExecutionArn),
        ("machine", run.StateMachineArn),
        ("express", run.IsExpress),
        ("status", run.Status.ToString()),
        ("concurrencyMax", run.Limits.ConcurrencyMax),
        ("toleratedCount", run.Limits.ToleratedCount),
        ("toleratedPercentage", run.Limits.ToleratedPercentage),
        ("items", WriteJson(run.Items)),
        ("executions", WriteJson(run.Executions)));

    private static JsonObject WriteJson(MapRunCounts counts) => JsonObject.Of(
        ("pending", (JsonValue)counts.Pending),
        ("running", counts.Running),
        ("succeeded", counts.Succeeded),
        ("failed", counts.Failed),
        ("timedOut", counts.TimedOut),
        ("aborted", counts.Aborted));

    private static MapRunCounts Counts(JsonObject json, string name) => json[name] is JsonObject counts
        ? new MapRunCounts
        {
            Pending = Number(counts, "pending"),
            Running = Number(counts, "running"),
            Succeeded = Number(counts, "succeeded"),
            Failed = Number(counts, "failed"),
            TimedOut = Number(counts, "timedOut"),
            Aborted = Number(counts, "aborted"),
        }
        : throw new InvalidDataException($"The map run has no '{name}'.");

    private static long Number(JsonObject json, string name) =>
        json[name] is JsonNumber number && number.TryGetInt64(out var value)
            ? value
            : throw new InvalidDataException($"The map run has no '{name}'.");
}
