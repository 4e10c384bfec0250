using System.Text.Json.Nodes;
using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Keeping;

/// <summary>Exports tell what the API tells.</summary>
public sealed class ExportTests
{
    [Fact]
    public async Task Export_OfARunningServer_TellsWhatTheApiTells()
    {
        using var folder = new TemporaryFolder();
        await using var server = await KeptServer.StartAsync(folder["data"]);
        await server.DeployAsync();
        await server.StartAsync("pass", "one", """{"n":1}""");
        await server.StartAsync("ask", "two");
        var machine = await server.Api.GetAsync(
            "DescribeStateMachine",
            new JsonObject { ["stateMachineArn"] = "arn:aws:states:us-east-1:000000000000:stateMachine:pass" });
        var history = await server.Api.GetAsync(
            "GetExecutionHistory", new JsonObject { ["executionArn"] = KeptServer.ArnOf("pass", "one") });

        var lines = await ExportAsync(folder["data"]);

        AssertSame("stateMachine", machine, Of(lines, "stateMachine", "name", "pass"));
        AssertSame("execution", await server.DescribeAsync("pass", "one"), Of(lines, "execution", "name", "one"));
        AssertSame("execution", await server.DescribeAsync("ask", "two"), Of(lines, "execution", "name", "two"));
        Assert.Equal(
            history["events"]?.AsArray().Select(e => e?.ToJsonString()),
            lines.Where(line => Text(line, "executionArn") == KeptServer.ArnOf("pass", "one") && line["event"] != null)
                .Select(line => line["event"]?.ToJsonString()));
        Assert.Equal("double", Text(Of(lines, "function", "FunctionName", "double"), "FunctionName"));
        Assert.Equal(2, lines[^1]["executions"]?.GetValue<int>());
    }

    [Fact]
    public async Task Export_OfDataThatRests_IsTheSameEachTime()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await KeptServer.StartAsync(folder["data"]))
        {
            await server.DeployAsync();
            await Task.WhenAll(Enumerable.Range(0, 20).Select(i => server.StartAsync("pass", $"pass-{i}")));
        }

        var first = await DataCommands.RunAsync("export", "--data", folder["data"]);
        var second = await DataCommands.RunAsync("export", "--data", folder["data"]);

        Assert.Equal(first.OutputOfSuccess, second.OutputOfSuccess);
        Assert.NotEmpty(first.Output);
    }

    [Fact]
    public async Task Export_OfAMachineThatThereIsNot_IsNotFound()
    {
        using var folder = new TemporaryFolder();
        await using (await KeptServer.StartAsync(folder["data"]))
        {
        }

        var exported = await DataCommands.RunAsync("export", "--data", folder["data"], "--machine", "nope");

        Assert.Equal(3, exported.ExitCode);
    }

    [Theory]
    [InlineData("--machine", "ask", "two")]
    [InlineData("--status", "SUCCEEDED", "one")]
    [InlineData("--until", "2000-01-01", "")]
    [InlineData("--function", "double", "")]
    public async Task Export_WithAFilter_LeavesOutTheOthers(string option, string value, string expected)
    {
        using var folder = new TemporaryFolder();
        await using (var server = await KeptServer.StartAsync(folder["data"]))
        {
            await server.DeployAsync();
            await server.StartAsync("pass", "one");
            await server.StartAsync("ask", "two");
        }

        var lines = await ExportAsync(folder["data"], option, value);

        Assert.Equal(
            expected,
            string.Join(' ', lines.Where(line => Text(line, "record") == "execution").Select(l => Text(l, "name"))));
    }

    private static async Task<List<JsonObject>> ExportAsync(string data, params string[] filter)
    {
        var exported = await DataCommands.RunAsync(["export", "--data", data, .. filter]);
        return [.. exported.OutputOfSuccess.TrimEnd().Split('\n')
            .Select(line => JsonNode.Parse(line)?.AsObject() ?? throw new InvalidDataException(line))];
    }

    private static JsonObject Of(List<JsonObject> lines, string record, string member, string value) =>
        lines.Single(line => Text(line, "record") == record && Text(line, member) == value);

    private static string? Text(JsonObject line, string member) => line[member]?.GetValue<string>();

    private static void AssertSame(string record, JsonObject expected, JsonObject line)
    {
        var actual = JsonNode.Parse(line.ToJsonString())?.AsObject();
        Assert.Equal(record, actual?["record"]?.GetValue<string>());
        _ = actual?.Remove("record");
        Assert.Equal(expected.ToJsonString(), actual?.ToJsonString());
    }
}
