using System.Text.Json.Nodes;
using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Durable;

/// <summary>Executions of the official SDK that run at the same time in one process.</summary>
public sealed class ConcurrentExecutionTests
{
    private const int AtOnce = 8;

    // The first step of each ends when all of them are in theirs, which only happens in one process.
    private const string Code = """
        const { withDurableExecution } = require("@aws/durable-execution-sdk-js");
        const arrived = [];

        function meet(count) {
            return new Promise((resolve) => {
                arrived.push(resolve);
                if (arrived.length === count) arrived.splice(0).forEach((each) => each());
            });
        }

        exports.handler = withDurableExecution(async (event, context) => {
            await context.step("meet", () => meet(event.count));
            const seen = [];
            for (let i = 0; i < 3; i++) {
                seen.push(await context.step("own" + i, async () => event.number * 10 + i));
            }
            await context.wait("rest", { seconds: 1 });
            return await context.step("last", async () => ({ pid: process.pid, seen }));
        });
        """;

    [Fact]
    public async Task Start_SeveralAtTheSameTime_MeetInOneProcessAndKeepApart()
    {
        using var data = new TemporaryFolder();
        await using var server = await ServerProcess.ServeAsync(data.Path);
        await CreateAsync(server.Url);
        using var durable = new DurableApi(server.Url);

        // A process that is ready: while the first one starts, others may be started for those that wait.
        var first = await durable.StartAsync("meeting", "$LATEST", "first", """{"number": 0, "count": 1}""");
        _ = await durable.WaitForEndAsync(first.Arn);

        var started = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(number => durable.StartAsync(
            "meeting", "$LATEST", $"meeting-{number}", $$"""{"number": {{number}}, "count": {{AtOnce}}}""")));
        var ended = await Task.WhenAll(started.Select(one => durable.WaitForEndAsync(one.Arn)));

        Assert.Equal(Enumerable.Repeat("SUCCEEDED", AtOnce), ended.Select(one => one["Status"]?.GetValue<string>()));
        var results = ended.Select(one => JsonNode.Parse(one["Result"]?.GetValue<string>() ?? "")).ToList();
        Assert.Single(results.Select(result => result?["pid"]?.GetValue<int>()).Distinct());
        Assert.Equal(
            Enumerable.Range(0, AtOnce).Select(n => string.Create(
                CultureInfo.InvariantCulture, $"[{n * 10},{(n * 10) + 1},{(n * 10) + 2}]")),
            results.Select(result => result?["seen"]?.ToJsonString()));
    }

    private static async Task CreateAsync(Uri server)
    {
        using var api = new AwsApi(server);
        var answer = await api.LambdaAsync(HttpMethod.Post, "functions", new JsonObject
        {
            ["FunctionName"] = "meeting",
            ["Runtime"] = "nodejs20.x",
            ["Handler"] = "index.handler",
            ["Role"] = "arn:aws:iam::000000000000:role/any",
            ["Timeout"] = 60,
            ["MemorySize"] = 1_024,
            ["DurableConfig"] = new JsonObject { ["ExecutionTimeout"] = 300, ["RetentionPeriodInDays"] = 1 },
            ["CapacityProviderConfig"] = new JsonObject
            {
                ["LambdaManagedInstancesCapacityProviderConfig"] = new JsonObject
                {
                    ["CapacityProviderArn"] = "arn:aws:lambda:us-east-1:000000000000:capacity-provider:any",
                    ["PerExecutionEnvironmentMaxConcurrency"] = AtOnce,
                },
            },
            ["Environment"] = new JsonObject
            {
                ["Variables"] = new JsonObject { ["NODE_PATH"] = Repository.PathOf("tests/js/node_modules") },
            },
            ["Code"] = new JsonObject { ["ZipFile"] = await Zip.OfAsync("index.js", Code) },
        });
        Assert.True(answer.IsSuccess, answer.ErrorMessage);
    }
}
