using Lungfish.Json;
using Lungfish.Tests.Shared;

namespace Lungfish.Cli.Tests;

public sealed class TestStateCommandTests
{
    private const string Answer = """
        {
          "status": "SUCCEEDED", "nextState": "Ship", "output": "{\"a\":1}",
          "inspectionData": { "input": "{}", "maxConcurrency": 2 }
        }
        """;

    [Fact]
    public async Task TestState_AllOptions_AreSentAsTheApiWantsThem()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["m.json"], "{ }", TestContext.Current.CancellationToken);
        var server = new FakeServer().Answers("TestState", Answer);

        var run = await CliRun.Of(
            server, "machine", "test-state", folder["m.json"], "--state", "A", "--input", "[1]", "--variables", "{}",
            "--context", "{\"State\":{}}", "--error", "E", "--cause", "C", "--retries", "2", "--validation", "NONE");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            JsonValue.Parse("""
                {
                  "definition": "{ }", "stateName": "A", "input": "[1]", "variables": "{}",
                  "context": "{\"State\":{}}", "inspectionLevel": "TRACE",
                  "roleArn": "arn:aws:iam::000000000000:role/lungfish",
                  "mock": {"errorOutput": {"error": "E", "cause": "C"}, "fieldValidationMode": "NONE"},
                  "stateConfiguration": {"retrierRetryCount": 2}
                }
                """),
            JsonValue.Parse(server.Requests[^1].Body));
    }

    [Fact]
    public async Task TestState_FileIsNoJson_SaysWhere()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["m.json"], "{\n", TestContext.Current.CancellationToken);

        var run = await CliRun.Of(new NoServer(), "machine", "test-state", folder["m.json"]);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith(
            $"error: What is in {folder["m.json"]} is no JSON (line 2, column 1).\n  lungfish machine validate ",
            run.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task TestState_Answer_IsShownStepByStep()
    {
        var run = await RunAsync(Answer, "--result", "1");

        Assert.Equal(
            """
            SUCCEEDED  next Ship
              input                {}
              maxConcurrency       2
              output               {"a":1}

            """.ReplaceLineEndings("\n"),
            run.Out);
    }

    [Theory]
    [InlineData("SUCCEEDED", 0)]
    [InlineData("CAUGHT_ERROR", 0)]
    [InlineData("RETRIABLE", 0)]
    [InlineData("FAILED", 1)]
    public async Task TestState_Status_DecidesTheExitCode(string status, int exitCode)
    {
        var run = await RunAsync($$"""{"status": "{{status}}"}""", "-o", "json");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(JsonObject.Of("status", status), JsonValue.Parse(run.Out));
    }

    private static async Task<CliRun> RunAsync(string answer, params IEnumerable<string> options)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["s.json"], "{}", TestContext.Current.CancellationToken);
        return await CliRun.Of(
            new FakeServer().Answers("TestState", answer), ["machine", "test-state", folder["s.json"], .. options]);
    }
}
