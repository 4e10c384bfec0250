using Lungfish.Engine.MapRuns;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.Simulation.Programs;

/// <summary>Where distributed Map states read items from and write results to. What is read follows from its key; what
/// is written comes back as the state's result, so that a result that is lost or counted twice shows in the
/// end.</summary>
internal sealed class ScriptedItems(IWorld world) : IItemReader, IResultWriter
{
    public const string ReadFrom = "arn:aws:states:::s3:getObject";
    public const string WriteTo = "arn:aws:states:::s3:putObject";
    private const int PageMax = 3;

    public bool CanRead(ServiceIntegration resource) => resource is { Service: "s3", Action: "getObject" };

    public bool CanWrite(ServiceIntegration resource) => resource is { Service: "s3", Action: "putObject" };

    public async ValueTask<ItemsPage> ReadAsync(
        ItemSource source, string? position, int countMax, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(world.Random.Next(500)), world.Time, cancellationToken);
        return Page(source, position, countMax);
    }

    public async ValueTask<JsonValue> WriteAsync(
        ResultDestination destination,
        MapRunIdentity run,
        IAsyncEnumerable<ChildResult> results,
        CancellationToken cancellationToken)
    {
        var written = new List<(ExecutionStatus, JsonValue?)>();
        await foreach (var result in results.WithCancellation(cancellationToken))
        {
            written.Add((result.Status, result.Output is { } output ? JsonValue.Parse(output) : null));
        }

        await Task.Delay(TimeSpan.FromMilliseconds(world.Random.Next(500)), world.Time, cancellationToken);
        return Summary(written);
    }

    public static ItemsPage Page(ItemSource source, string? position, int countMax)
    {
        var key = ((source.Parameters as JsonObject)?["Key"] as JsonString)?.Value ?? "";
        var first = position is null ? 0 : int.Parse(position, CultureInfo.InvariantCulture);
        var count = 1 + (int)(Chance.Of(0, "items", key) % 8);
        var last = Math.Min(count, first + Math.Min(PageMax, countMax));
        var items = Enumerable.Range(first, last - first)
            .Select(i => (JsonValue)(long)(Chance.Of((ulong)i, "item", key) % 100));
        var next = last == count ? null : last.ToString(CultureInfo.InvariantCulture);
        return new ItemsPage(JsonArray.Of(items), next, $"S3://numbers/{key}");
    }

    /// <summary>The same in whatever order they were written.</summary>
    public static JsonObject Summary(
        IReadOnlyList<(ExecutionStatus Status, JsonValue? Output)> results) => JsonObject.Of(
        ("v", results.Count),
        ("all", JsonArray.Of(results
            .Select(result => result.Output?.ToText() ?? MachineEnds.StatusOf(result.Status))
            .Order(StringComparer.Ordinal)
            .Select(text => (JsonValue)text))));
}
