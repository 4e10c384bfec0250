using System.Diagnostics;
using System.Globalization;
using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Integrations.Items;
using Lungfish.Integrations.Results;
using Lungfish.Integrations.S3;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lungfish.Bench.MapRuns;

/// <summary>A distributed Map on an engine with the store that ships: its items from a JSON file in a folder bucket,
/// its results to the same bucket.</summary>
internal static class DistributedMap
{
    private const string Bucket = "bench";

    public static async Task<TimeSpan> RunAsync(string childType, int warmUpItems, int count)
    {
        var directory = Directory.CreateTempSubdirectory("lungfish-bench-");
        try
        {
            var buckets = new FolderBuckets(Path.Combine(directory.FullName, "buckets"));
            await buckets.CreateBucketAsync(Bucket, CancellationToken.None);
            await using var store = await SqliteStore.OpenAsync(
                Path.Combine(directory.FullName, "lungfish.db"), new SqliteStoreOptions());
            await using var engine = await LungfishEngine.StartAsync(
                store,
                [],
                new EngineOptions
                {
                    TokenKey = new byte[32],
                    ItemReaders = [new S3ItemReader(buckets)],
                    ResultWriters = [new S3ResultWriter(buckets)],
                },
                TimeProvider.System,
                NullLoggerFactory.Instance,
                CancellationToken.None);
            var machine = await engine.StateMachines.CreateAsync(
                new NewStateMachine
                {
                    Name = "bench",
                    Definition = Definition(childType),
                    RoleArn = "arn:aws:iam::000000000000:role/bench",
                },
                CancellationToken.None);
            _ = await MeasureAsync(engine, buckets, machine.Arn, warmUpItems);
            return await MeasureAsync(engine, buckets, machine.Arn, count);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<TimeSpan> MeasureAsync(
        LungfishEngine engine, FolderBuckets buckets, string machineArn, int count)
    {
        var key = count.ToString(CultureInfo.InvariantCulture) + ".json";
        _ = await buckets.PutAsync(
            new ObjectName(Bucket, key), (file, _) => WriteItemsAsync(file, count), CancellationToken.None);
        var input = JsonObject.Of(("key", (JsonValue)key));
        var clock = Stopwatch.StartNew();
        var started = await engine.Executions.StartAsync(
            machineArn, null, input, input.ToText(), CancellationToken.None);
        var ended = await engine.Executions.WaitAsync(
            started.ExecutionArn, Timeout.InfiniteTimeSpan, CancellationToken.None);
        var elapsed = clock.Elapsed;
        var runs = await engine.MapRuns.ListAsync(started.ExecutionArn, 1, null, CancellationToken.None);
        return ended.Summary.Status == ExecutionStatus.Succeeded && runs.Items[0].Items.Succeeded == count
            ? elapsed
            : throw new InvalidOperationException($"It is {ended.Summary.Status}: {ended.Error} {ended.Cause}");
    }

    private static async Task WriteItemsAsync(Stream file, int count)
    {
        await using var text = new StreamWriter(file, leaveOpen: true);
        for (var i = 0; i < count; i++)
        {
            await text.WriteAsync(string.Create(
                CultureInfo.InvariantCulture, $"{(i == 0 ? '[' : ',')}{{\"order\":{i},\"name\":\"customer {i}\"}}\n"));
        }

        await text.WriteAsync("]");
    }

    private static string Definition(string childType) =>
        $$"""
        { "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "Label": "each",
            "ItemReader": { "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": { "InputType": "JSON" },
                "Parameters": { "Bucket": "{{Bucket}}", "Key.$": "$.key" } },
            "ResultWriter": { "Resource": "arn:aws:states:::s3:putObject",
                "Parameters": { "Bucket": "{{Bucket}}", "Prefix": "results" } },
            "ItemProcessor": {
                "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "{{childType}}" },
                "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } } } } }
        """;
}
