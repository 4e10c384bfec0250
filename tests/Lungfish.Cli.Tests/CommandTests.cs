using System.Net;
using Lungfish.Json;
using Lungfish.Tests.Shared;

namespace Lungfish.Cli.Tests;

public sealed class CommandTests
{
    private const string MachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:orders";
    private const string MailArn = "arn:aws:states:us-east-1:000000000000:stateMachine:Mail";
    private const string UnlistedArn = "arn:aws:states:us-east-1:000000000000:stateMachine:unlisted";
    private const string ExecutionArn = "arn:aws:states:us-east-1:000000000000:execution:orders:one";

    private static FakeServer Server() => new FakeServer()
        .Answers("ListStateMachines", $$"""
            {"stateMachines": [
              {"stateMachineArn": "{{MachineArn}}", "name": "orders", "type": "STANDARD", "creationDate": 1.5},
              {"stateMachineArn": "{{MachineArn}}-old", "name": "orders-old", "type": "STANDARD", "creationDate": 1},
              {"stateMachineArn": "{{MailArn}}", "name": "Mail", "type": "STANDARD", "creationDate": 0}]}
            """)
        .Answers("StartExecution", $$"""{"executionArn": "{{ExecutionArn}}", "startDate": 1}""")
        .Answers("/api/resolve", $$"""{"matches": [{"kind": "execution", "id": "{{ExecutionArn}}", "name": "one"}]}""");

    private static string Execution(string status, string more = "") => $$"""
        {"executionArn": "{{ExecutionArn}}", "stateMachineArn": "{{MachineArn}}", "name": "one", "status": "{{status}}",
         "startDate": 1, "stopDate": 2.25, "input": "{}"{{more}}}
        """;

    [Theory]
    [InlineData("orders", MachineArn)]          // A whole name wins over the beginnings of others.
    [InlineData("orders-o", MachineArn + "-old")]
    [InlineData("ma", MailArn)]
    [InlineData(UnlistedArn, UnlistedArn)]
    public async Task ExecutionStart_NameOrBeginningOrArn_StartsThatMachine(string text, string arn)
    {
        var server = Server();

        var run = await CliRun.Of(server, "execution", "start", text, "--input", "{\"total\": 1}", "-o", "id");

        Assert.Equal((0, ExecutionArn + "\n", ""), (run.ExitCode, run.Out, run.Error));
        var sent = (JsonObject)JsonValue.Parse(server.Requests[^1].Body);
        Assert.Equal(new JsonString(arn), sent["stateMachineArn"]);
        Assert.Equal(new JsonString("{\"total\": 1}"), sent["input"]);
    }

    [Fact]
    public async Task ExecutionStart_AmbiguousBeginning_TellsTheCandidates()
    {
        var run = await CliRun.Of(Server(), "execution", "start", "ord");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("stands for more than one state machine", run.Error, StringComparison.Ordinal);
        Assert.Contains("orders-old", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task ExecutionStart_MisspeltName_SuggestsTheNearest()
    {
        var run = await CliRun.Of(Server(), "execution", "start", "odrers");

        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith(
            "error: There is no state machine \"odrers\"; did you mean orders?\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecutionStart_InputFromStandardInput_SendsItAsItIs()
    {
        var server = Server();

        _ = await CliRun.Of(server, "execution", "start", "orders", "--input", "-");

        Assert.Equal(
            new JsonString("{\"from\": \"stdin\"}"), ((JsonObject)JsonValue.Parse(server.Requests[^1].Body))["input"]);
    }

    [Theory]
    [InlineData("SUCCEEDED", 0)]
    [InlineData("FAILED", 1)]
    [InlineData("TIMED_OUT", 1)]
    [InlineData("ABORTED", 1)]
    public async Task ExecutionWatch_Closed_ExitsAsTheExecutionDid(string status, int exitCode)
    {
        var server = Server()
            .Answers("DescribeExecution", Execution(status))
            .Answers($"/api/executions/{ExecutionArn}/events", "");

        var run = await CliRun.Of(server, "execution", "watch", "one");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains($"{status} in 1.2 s", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecutionShow_Json_IsTheServersAnswer()
    {
        var server = Server().Answers("DescribeExecution", Execution("FAILED", ", \"error\": \"OutOfStock\""));

        var run = await CliRun.Of(server, "execution", "show", "one", "-o", "json");

        Assert.Equal(JsonValue.Parse(Execution("FAILED", ", \"error\": \"OutOfStock\"")), JsonValue.Parse(run.Out));
    }

    [Fact]
    public async Task ExecutionStop_Refused_TellsTheServersReason()
    {
        var server = Server().Refuses(
            "StopExecution",
            "com.amazonaws.swf.service.v2.model#ExecutionDoesNotExist",
            "Execution Does Not Exist: 'x'");

        var run = await CliRun.Of(server, "execution", "stop", "one");

        Assert.Equal((3, "error: Execution Does Not Exist: 'x' (ExecutionDoesNotExist).\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task AnyCommand_NoServer_SaysSoAndHowToStartOne()
    {
        var run = await CliRun.Of(new NoServer(), "machine", "list", "--endpoint", "http://127.0.0.1:9");

        Assert.Equal(4, run.ExitCode);
        Assert.StartsWith(
            "error: No server answers at http://127.0.0.1:9.\n  lungfish dev PATH",
            run.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_ConfigGiven_LooksAtItsDataAndItsServer()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            folder["lungfish.yml"],
            "data: kept\nurls: http://127.0.0.1:9",
            TestContext.Current.CancellationToken);

        var run = await CliRun.Of(new NoServer(), "doctor", "--config", folder["lungfish.yml"], "-o", "json");

        var found = JsonValue.Parse(run.Out) is JsonArray checks
            ? checks.OfType<JsonObject>().ToDictionary(c => Text(c["check"]), c => Text(c["found"]))
            : [];
        Assert.EndsWith("kept (will be made)", found["data"], StringComparison.Ordinal);
        Assert.Equal("http://127.0.0.1:9", found["server"]);

        static string Text(JsonValue? value) => (value as JsonString)?.Value ?? "";
    }

    [Theory]
    [InlineData("execution", "show", ExecutionArn)]
    [InlineData("execution", "history", ExecutionArn)]
    [InlineData("execution", "follow", ExecutionArn)]
    public async Task AnyCommand_ServerIsKilledWhileItAnswers_SaysSo(params string[] command)
    {
        var run = await CliRun.Of(new KilledServer(), command);

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("ended in the middle of its answer.\n", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>", HttpStatusCode.NotFound)]
    [InlineData("<html>", HttpStatusCode.OK)]
    [InlineData("[]", HttpStatusCode.OK)]
    [InlineData("""{"callbacks": [{}]}""", HttpStatusCode.OK)]
    public async Task AnyCommand_SomethingElseAnswers_SaysSo(string answer, HttpStatusCode status)
    {
        var server = new FakeServer().Answers("/api/callbacks", answer, status);

        var run = await CliRun.Of(server, "callback", "list");

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("is not a Lungfish server", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one")]
    [InlineData("AAECAw")]
    [InlineData(ExecutionArn)]
    public async Task CallbackSucceed_ExecutionOrToken_SendsTheResult(string text)
    {
        var server = Server().Answers("/api/callbacks", Callbacks("AAECAwQ", "one")).Answers("SendTaskSuccess", "{}");

        var run = await CliRun.Of(server, "callback", "succeed", text, "--result", "[1]");

        Assert.Equal(0, run.ExitCode);
        var sent = JsonValue.Parse(server.Requests[^1].Body);
        Assert.Equal(JsonValue.Parse("""{"taskToken": "AAECAwQ", "output": "[1]"}"""), sent);
    }

    [Theory]
    [InlineData("RUNNING", "it runs, and has not come to that yet.")]
    [InlineData("FAILED", "it has ended (FAILED).")]
    public async Task CallbackSucceed_NothingWaits_IsNotFound(string status, string why)
    {
        var server = Server()
            .Answers("/api/callbacks", """{"callbacks": []}""").Answers("DescribeExecution", Execution(status));

        var run = await CliRun.Of(server, "callback", "succeed", "one", "--wait", "0");

        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith($"error: one waits for nobody's answer: {why}\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallbackSucceed_OneOnlyBeginsLikeTheNamedExecution_IsLeftAlone()
    {
        var server = Server()
            .Answers("/api/callbacks", Callbacks("AAECAwQ", "one-more"))
            .Answers("DescribeExecution", Execution("SUCCEEDED"));

        var run = await CliRun.Of(server, "callback", "succeed", "one");

        Assert.Equal(3, run.ExitCode);
        Assert.DoesNotContain(server.Requests, request => request.What == "SendTaskSuccess");
    }

    [Fact]
    public async Task CallbackSucceed_ExecutionHasNotComeToItYet_IsWaitedFor()
    {
        var asked = 0;
        var server = Server()
            .Answers("/api/callbacks", _ => ++asked < 3 ? """{"callbacks": []}""" : Callbacks("AAECAwQ", "one"))
            .Answers("DescribeExecution", Execution("RUNNING"))
            .Answers("SendTaskSuccess", "{}");

        var run = await CliRun.Of(server, "callback", "succeed", "one", "--wait", "3600");

        Assert.Equal((0, "Ask of one completed\n"), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task CallbackList_Wait_ShowsWhatComes()
    {
        var asked = 0;
        var server = Server()
            .Answers("/api/callbacks", _ => ++asked < 3 ? """{"callbacks": []}""" : Callbacks("AAECAwQ", "one"));

        var run = await CliRun.Of(server, "callback", "list", "--wait", "3600", "-o", "id");

        Assert.Equal((0, "AAECAwQ\n"), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task CallbackList_NothingWaits_IsSaidAtOnce()
    {
        var server = Server().Answers("/api/callbacks", """{"callbacks": []}""");

        var run = await CliRun.Of(server, "callback", "list");

        Assert.Equal((0, "", "Nothing waits for an answer.\n"), (run.ExitCode, run.Out, run.Error));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task CallbackSucceed_NoSuchExecution_IsNotFound()
    {
        var server = Server()
            .Answers("/api/callbacks", """{"callbacks": []}""").Answers("/api/resolve", """{"matches": []}""");

        var run = await CliRun.Of(server, "callback", "succeed", "one");

        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("error: There is no waiting callback \"one\".", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallbackList_AwayFromATerminal_IsPlainAndComplete()
    {
        var run = await CliRun.Of(
            Server().Answers("/api/callbacks", Callbacks("AAECAwQFBgcICQoL", "one")), "callback", "list");

        Assert.Equal(
            "EXECUTION  STATE  WAITS                     FOR            OF      TOKEN\n"
            + "one        Ask    1970-01-01T00:00:01.000Z  lambda:invoke  orders  AAECAwQFBgcICQoL\n",
            run.Out);
        Assert.Empty(run.Error);
    }

    [Theory]
    [InlineData("notify", "shop-dev-notify")]      // As serverless.yml names it.
    [InlineData("Charge", "shop-Charge-4XQ8ZT01AB2C")] // As templates do.
    public async Task FunctionVersions_KeyInTheDeployedFile_FindsTheFunction(string key, string name)
    {
        var server = new FakeServer()
            .Answers("/2015-03-31/functions/", """
                {"Functions": [
                  {"FunctionName": "shop-dev-notify", "FunctionArn": "n"},
                  {"FunctionName": "shop-Charge-4XQ8ZT01AB2C", "FunctionArn": "c"}]}
                """)
            .Answers(
                $"/2015-03-31/functions/{name}/versions",
                $$"""{"Versions": [{"FunctionName": "{{name}}", "FunctionArn": "{{name}}:$LATEST"}]}""");

        var run = await CliRun.Of(server, "function", "versions", key, "-o", "id");

        Assert.Equal((0, $"{name}:$LATEST\n"), (run.ExitCode, run.Out));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("X-Amz-Function-Error", 1)]
    public async Task FunctionInvoke_Answered_ExitsAsTheFunctionDid(string header, int exitCode)
    {
        var server = new InvokingServer(header);

        var run = await CliRun.Of(server, "function", "invoke", "arn:aws:lambda:us-east-1:000000000000:function:f");

        Assert.Equal((exitCode, "{\"a\":1}\n"), (run.ExitCode, run.Out));
    }

    private static string Callbacks(string token, string execution) => $$"""
        {"callbacks": [{"taskToken": "{{token}}",
          "executionArn": "arn:aws:states:us-east-1:000000000000:execution:orders:{{execution}}",
          "stateMachineArn": "{{MachineArn}}", "stateName": "Ask", "kind": "task-token",
          "resource": "lambda:invoke", "since": 1}]}
        """;

    private sealed class InvokingServer(string header) : StubHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var isInvocation = request.Method == HttpMethod.Post;
            var response = new HttpResponseMessage
            {
                Content = new StringContent(isInvocation ? "{\"a\":1}" : "{\"FunctionName\":\"f\"}"),
            };
            if (header.Length > 0)
            {
                response.Headers.Add(header, "Unhandled");
            }

            return Task.FromResult(response);
        }
    }
}
