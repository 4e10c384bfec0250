using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.KillTests;

/// <summary>kill -9 in the middle of a map run: each child execution is started once, and each item is in the result
/// once.</summary>
public sealed partial class MapRunKillTest
{
    private const int ItemCount = 400;
    private const int ItemsPerBatch = 2;
    private const int ChildCount = ItemCount / ItemsPerBatch;
    private const int Concurrency = 50; // Children wait for a second: four waves of them.

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static readonly string s_definition =
        $$$"""
        {"StartAt":"Each","States":{"Each":{"Type":"Map","End":true,"Label":"each","MaxConcurrency":{{{Concurrency}}},
          "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"},
            "Parameters":{"Bucket":"orders","Key":"items.json"} },
          "ItemBatcher":{"MaxItemsPerBatch":{{{ItemsPerBatch}}}},
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
            "StartAt":"Rest","States":{"Rest":{"Type":"Wait","Seconds":1,"OutputPath":"$.Items","End":true} } },
          "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject",
            "Parameters":{"Bucket":"orders","Prefix":"results"},
            "WriterConfig":{"OutputType":"JSON","Transformation":"FLATTEN"} } } } }
        """;

    [Fact]
    public async Task Kill_InTheMiddleOfAMapRun_ProcessesEachItemOnce()
    {
        await using var server = new CrashingServer();
        var bucket = Path.Combine(server.DataDirectory, "buckets", "orders");
        Directory.CreateDirectory(bucket);
        await File.WriteAllTextAsync(
            Path.Combine(bucket, "items.json"), $"[{string.Join(',', Enumerable.Range(0, ItemCount))}]");
        await server.StartAsync();
        var (execution, mapRun) = await StartAsync(await server.GetApiAsync());

        foreach (var closed in (int[])[1, Concurrency + 1])
        {
            await UntilSucceededAsync(await server.GetApiAsync(), mapRun, closed);
            await server.KillAndRestartAsync();
        }

        var api = await server.GetApiAsync();
        var ended = await api.WaitForEndAsync(execution);
        var run = await api.GetAsync("DescribeMapRun", new JsonObject { ["mapRunArn"] = mapRun });
        Assert.Equal("SUCCEEDED", Text(ended, "status"));
        Assert.Equal((ItemCount, ItemCount), Counts(run["itemCounts"]));
        Assert.Equal((ChildCount, ChildCount), Counts(run["executionCounts"]));
        await CheckChildrenAsync(api, mapRun);
        Assert.Equal(Enumerable.Range(0, ItemCount), (await ReadResultsAsync(bucket, ended)).Order());
        await DataCommands.AssertIsCleanAsync(server.DataDirectory);
    }

    private static async Task<(string Execution, string MapRun)> StartAsync(AwsApi api)
    {
        var machine = await api.GetAsync("CreateStateMachine", new JsonObject
        {
            ["name"] = "orders",
            ["definition"] = s_definition,
            ["roleArn"] = "arn:aws:iam::000000000000:role/any",
        });
        var started = await api.GetAsync(
            "StartExecution", new JsonObject { ["stateMachineArn"] = Text(machine, "stateMachineArn") });
        var execution = Text(started, "executionArn");
        var mapRun = await Poll.ForAsync(
            async () =>
            {
                var runs = await api.GetAsync("ListMapRuns", new JsonObject { ["executionArn"] = execution });
                return runs["mapRuns"]?.AsArray() is [{ } run] ? Text(run, "mapRunArn") : null;
            },
            s_patience,
            "the map run");
        return (execution, mapRun);
    }

    private static async Task UntilSucceededAsync(AwsApi api, string mapRun, int children)
    {
        var body = new JsonObject { ["mapRunArn"] = mapRun };
        await Poll.UntilAsync(
            async () => Counts((await api.GetAsync("DescribeMapRun", body))["executionCounts"]).Succeeded >= children,
            s_patience,
            $"the end of {children} child executions");
        var run = await api.GetAsync("DescribeMapRun", body);
        Assert.Equal("RUNNING", Text(run, "status")); // Or nothing would be proved.
    }

    private static async Task CheckChildrenAsync(AwsApi api, string mapRun)
    {
        var body = new JsonObject { ["mapRunArn"] = mapRun, ["maxResults"] = 1000 };
        var children = (await api.GetAsync("ListExecutions", body))["executions"]?.AsArray() ?? [];
        Assert.Equal(ChildCount, children.DistinctBy(child => Text(child, "executionArn")).Count());
        Assert.Equal(ChildCount, children.Count);
        foreach (var child in children)
        {
            var history = await api.GetAsync(
                "GetExecutionHistory",
                new JsonObject { ["executionArn"] = Text(child, "executionArn"), ["maxResults"] = 1000 });
            Assert.Empty(HistoryAudit.Check(history["events"]?.AsArray() ?? [], ChildHistory()));
        }
    }

    private static async Task<List<int>> ReadResultsAsync(string bucket, JsonObject ended)
    {
        var output = JsonNode.Parse(Text(ended, "output"));
        var manifest = await ReadAsync(bucket, Text(output?["ResultWriterDetails"], "Key"));
        var results = new List<int>();
        foreach (var file in manifest["ResultFiles"]?["SUCCEEDED"]?.AsArray() ?? [])
        {
            results.AddRange((await ReadAsync(bucket, Text(file, "Key"))).AsArray().GetValues<int>());
        }

        return results;
    }

    private static async Task<JsonNode> ReadAsync(string bucket, string key) =>
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(bucket, key)))
            ?? throw new InvalidDataException($"{key} is null.");

    private static (int Total, int Succeeded) Counts(JsonNode? counts) =>
        (counts?["total"]?.GetValue<int>() ?? -1, counts?["succeeded"]?.GetValue<int>() ?? -1);

    private static string Text(JsonNode? json, string name) =>
        json?[name]?.GetValue<string>() ?? throw new InvalidDataException($"No {name} in {json?.ToJsonString()}.");

    [GeneratedRegex(
        "^ExecutionStarted WaitStateEntered WaitStateExited ExecutionSucceeded$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ChildHistory();
}
