using System.IO.Compression;
using System.Text.Json.Nodes;
using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd;

/// <summary>Durable functions with the plain <c>aws</c> command.</summary>
public sealed class AwsCliDurableTests(SharedServer server)
{
    [Fact]
    public async Task Lambda_LifeOfADurableExecution_WorksThrough()
    {
        var aws = await server.GetAwsCliAsync();
        Assert.SkipUnless(await aws.KnowsDurableAsync(), "This aws command is older than durable functions.");
        using var folder = new TemporaryFolder();
        var name = $"cli-durable-{Guid.NewGuid():N}"[..20];
        await CreateAsync(aws, folder, name);

        var invoked = await aws.GetAsync(
            "lambda", "invoke", "--function-name", name, "--qualifier", "$LATEST", "--invocation-type", "Event",
            "--durable-execution-name", "by-hand", "--payload", $"fileb://{folder["event.json"]}", folder["answer"]);
        var arn = Text(invoked, "DurableExecutionArn");
        string? callback = null;
        await Poll.UntilAsync(
            async () => (callback = await FindCallbackAsync(aws, arn)) is not null,
            TimeSpan.FromSeconds(60),
            "the callback");
        await aws.GetAsync("lambda", "send-durable-execution-callback-heartbeat", "--callback-id", callback ?? "");
        await aws.GetAsync(
            "lambda", "send-durable-execution-callback-success", "--callback-id", callback ?? "",
            "--result", $"fileb://{folder["result.json"]}");
        await Poll.UntilAsync(
            async () => Text(await DescribeAsync(aws, arn), "Status") != "RUNNING",
            TimeSpan.FromSeconds(60),
            "the end");
        var ended = await DescribeAsync(aws, arn);
        var listed = await aws.GetAsync(
            "lambda", "list-durable-executions-by-function", "--function-name", name,
            "--durable-execution-name", "by-hand", "--statuses", "SUCCEEDED");
        var stopped = await aws.GetAsync("lambda", "stop-durable-execution", "--durable-execution-arn", arn);

        Assert.EndsWith("by-hand", Path.GetDirectoryName(arn), StringComparison.Ordinal);
        Assert.Equal("""{"release":1,"answer":{"ok":true}}""", Text(ended, "Result"));
        Assert.Equal(arn, Text(Assert.Single(listed["DurableExecutions"]?.AsArray() ?? []), "DurableExecutionArn"));
        Assert.NotNull(stopped["StopTimestamp"]);
    }

    private static async Task CreateAsync(AwsCli aws, TemporaryFolder folder, string name)
    {
        await File.WriteAllTextAsync(folder["event.json"], """{"story":"approve"}""");
        await File.WriteAllTextAsync(folder["result.json"], """{"ok":true}""");
        await using (var file = File.Create(folder["code.zip"]))
        {
            await using var zip = new ZipArchive(file, ZipArchiveMode.Create);
            await using var entry = await zip.CreateEntry("index.mjs").OpenAsync();
            await entry.WriteAsync(
                await File.ReadAllBytesAsync(Repository.PathOf("tests/Lungfish.EndToEnd/Apps/durable/index.mjs")));
        }

        await aws.GetAsync(
            "lambda", "create-function", "--function-name", name, "--runtime", "nodejs22.x",
            "--handler", "index.handler", "--role", "arn:aws:iam::000000000000:role/any", "--timeout", "30",
            "--memory-size", "512", "--durable-config", "ExecutionTimeout=3600,RetentionPeriodInDays=1",
            "--environment", $"Variables={{MODULES={AwsEnvironment.NodeModules}}}",
            "--zip-file", $"fileb://{folder["code.zip"]}");
    }

    private static Task<JsonNode> DescribeAsync(AwsCli aws, string arn) =>
        aws.GetAsync("lambda", "get-durable-execution", "--durable-execution-arn", arn);

    /// <summary>Null until the execution waits for it.</summary>
    private static async Task<string?> FindCallbackAsync(AwsCli aws, string arn)
    {
        var history = await aws.GetAsync("lambda", "get-durable-execution-history", "--durable-execution-arn", arn);
        var events = history["Events"]?.AsArray() ?? [];
        return events.Any(e => Text(e, "EventType") == "InvocationCompleted")
            ? events.Select(e => e?["CallbackStartedDetails"]?["CallbackId"]?.GetValue<string>())
                .First(id => id is not null)
            : null;
    }

    private static string Text(JsonNode? json, string name) =>
        json?[name]?.GetValue<string>() ?? throw new InvalidDataException($"No {name} in {json?.ToJsonString()}.");
}
