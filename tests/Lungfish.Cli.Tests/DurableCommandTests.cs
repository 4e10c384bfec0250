using System.Net;
using Lungfish.Json;

namespace Lungfish.Cli.Tests;

/// <summary>Commands on durable executions, against a server that answers in the shapes of the Lambda API.</summary>
public sealed class DurableCommandTests
{
    private const string Function = "arn:aws:lambda:us-east-1:000000000000:function:orders";
    private const string Arn = Function + ":2/durable-execution/one/0197";
    private const string Api = "/2025-12-01/durable-executions/" + Arn;

    private static FakeServer Server(string status = "RUNNING") => new FakeServer()
        .Answers("/api/resolve", $$"""{"matches": [{"kind": "execution", "id": "{{Arn}}", "name": "one"}]}""")
        .Answers($"/api/durable-executions/{Arn}", Execution(status))
        .Answers($"/api/durable-executions/{Arn}/operations", Operations)
        .Answers($"/api/durable-executions/{Arn}/events", Events)
        .Answers($"{Api}/history", """{"Events": []}""");

    private static string Execution(string status) => $$"""
        {"DurableExecutionArn": "{{Arn}}", "DurableExecutionName": "one", "FunctionArn": "{{Function}}:2",
         "Status": "{{status}}", "StartTimestamp": 1, "EndTimestamp": 3.25, "InputPayload": "{\"total\":1}",
         "Version": "2", "ParentArn": "arn:aws:states:us-east-1:000000000000:execution:flow:f1"
         {{(status == "FAILED" ? """
            , "Error": {"ErrorType": "NonDeterministic", "ErrorMessage": "before: STEP a\nnow:    WAIT b"}
            """ : "")}}
         {{(status == "SUCCEEDED" ? ", \"Result\": \"{\\\"ok\\\":true}\"" : "")}}}
        """;

    private const string Operations = """
        {"Operations": [
          {"Sequence": 0, "Operation": {"Id": "0197", "Type": "EXECUTION", "Status": "STARTED", "StartTimestamp": 1}},
          {"Sequence": 1, "Operation": {"Id": "a", "Type": "STEP", "SubType": "Step", "Name": "validate",
            "Status": "SUCCEEDED", "StartTimestamp": 1, "EndTimestamp": 1.5,
            "StepDetails": {"Attempt": 2, "Result": "{\"valid\":true}"}}},
          {"Sequence": 2, "Operation": {"Id": "b", "Type": "CONTEXT", "SubType": "Parallel", "Name": "both",
            "Status": "STARTED", "StartTimestamp": 2, "ContextDetails": {}}},
          {"Sequence": 3, "Operation": {"Id": "c", "Type": "CHAINED_INVOKE", "Name": "pay", "ParentId": "b",
            "Status": "STARTED", "StartTimestamp": 2, "ChainedInvokeDetails": {}},
            "Target": {"FunctionName": "pay:1", "DurableExecutionArn":
              "arn:aws:lambda:us-east-1:000000000000:function:pay:1/durable-execution/p1/0198"}},
          {"Sequence": 4, "Operation": {"Id": "d", "Type": "STEP", "SubType": "Step", "Name": "ship", "ParentId": "b",
            "Status": "FAILED", "StartTimestamp": 2, "EndTimestamp": 2.25,
            "StepDetails": {"Attempt": 1, "Error": {"ErrorType": "OutOfStock", "ErrorMessage": "none left"}}}},
          {"Sequence": 5, "Operation": {"Id": "e", "Type": "CALLBACK", "SubType": "Callback", "Name": "approval",
            "Status": "STARTED", "StartTimestamp": 2, "CallbackDetails": {"CallbackId": "abc="}}, "Timers": {}}]}
        """;

    /// <summary>One JSON object a line.</summary>
    private static readonly string Events = string.Concat(((JsonArray)JsonValue.Parse("""
        [{"EventType": "ExecutionStarted", "EventId": 1, "Id": "0197", "EventTimestamp": 1},
         {"EventType": "StepStarted", "EventId": 2, "Id": "a", "Name": "validate", "EventTimestamp": 1},
         {"EventType": "StepFailed", "EventId": 3, "Id": "a", "Name": "validate", "EventTimestamp": 1.5,
          "StepFailedDetails": {"Error": {"Payload": {"ErrorType": "Busy", "ErrorMessage": "later"}},
            "RetryDetails": {"CurrentAttempt": 1, "NextAttemptDelaySeconds": 4}}},
         {"EventType": "StepStarted", "EventId": 4, "Id": "a", "Name": "validate", "EventTimestamp": 2},
         {"EventType": "StepSucceeded", "EventId": 5, "Id": "a", "Name": "validate", "EventTimestamp": 3,
          "StepSucceededDetails": {"Result": {}, "RetryDetails": {"CurrentAttempt": 2}}},
         {"EventType": "InvocationCompleted", "EventId": 6, "EventTimestamp": 3, "InvocationCompletedDetails":
           {"Error": {"Payload": {"ErrorType": "Runtime.ExitError", "ErrorMessage": "exit status 1"}}}},
         {"EventType": "ExecutionSucceeded", "EventId": 7, "Id": "0197", "EventTimestamp": 3.25}]
        """)).Select(happened => happened.ToText() + "\n"));

    [Fact]
    public async Task ExecutionShow_Durable_ShowsTheTreeOfOperations()
    {
        var run = await CliRun.Of(Server("SUCCEEDED"), "execution", "show", "one");

        var lines = run.Out.Split('\n');
        Assert.Equal("one  SUCCEEDED  in 2.2 s", lines[0]);
        Assert.Contains("  by       arn:aws:states:us-east-1:000000000000:execution:flow:f1", lines);
        var step = lines.Single(line => line.Contains(" validate ", StringComparison.Ordinal));
        Assert.Matches("""^  succeeded validate +Step +500 ms  attempt 2  \{"valid":true\}$""", step);
        Assert.Matches(
            "^    aborted   pay +ChainedInvoke +1.2 s  aborted  -> p1 of pay:1$",
            lines.Single(line => line.Contains(" pay ", StringComparison.Ordinal)));
        Assert.Matches(
            "^    failed    ship +Step +250 ms  OutOfStock: none left$",
            lines.Single(line => line.Contains(" ship ", StringComparison.Ordinal)));
        Assert.Contains("""  result   {"ok":true}""", lines);
    }

    [Fact]
    public async Task ExecutionShow_Running_TellsWhatItWaitsFor()
    {
        var run = await CliRun.Of(Server(), "execution", "show", "one");

        Assert.Matches(
            "^    waiting   pay +ChainedInvoke +.*waits for pay:1  -> p1 of pay:1$",
            run.Out.Split('\n').Single(line => line.Contains(" pay ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ExecutionShow_LastInvocationFailed_TellsHow()
    {
        var server = Server().Answers($"{Api}/history", """
            {"Events": [
              {"EventType": "StepStarted", "EventId": 9, "Id": "a", "EventTimestamp": 3},
              {"EventType": "InvocationCompleted", "EventId": 8, "EventTimestamp": 3, "InvocationCompletedDetails":
                {"Error": {"Payload": {"ErrorType": "Runtime.HandlerNotFound",
                  "ErrorMessage": "index.handlerOfOrders is undefined or not exported"}}}},
              {"EventType": "InvocationCompleted", "EventId": 7, "EventTimestamp": 2, "InvocationCompletedDetails":
                {"Error": {"Payload": {"ErrorType": "Older", "ErrorMessage": "before"}}}}]}
            """);

        var run = await CliRun.Of(server, "execution", "show", "one");

        Assert.Contains(
            "  an invocation failed, Runtime.HandlerNotFound: index.handlerOfOrders is undefined or not exported\n",
            run.Out,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Older", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecutionShow_WaitingForACallback_SuggestsHowToAnswer()
    {
        var run = await CliRun.Of(Server(), "execution", "show", "one");

        Assert.Contains("lungfish callback succeed one --result '{}'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecutionShow_ReplayThatWentAnotherWay_KeepsTheLinesOfTheExplanation()
    {
        var run = await CliRun.Of(Server("FAILED"), "execution", "show", "one");

        Assert.Contains(
            "  error    NonDeterministic\n           before: STEP a\n           now:    WAIT b\n",
            run.Out,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"ErrorMessage": "aborted"}""", "  error    aborted\n")]
    [InlineData("""{"ErrorType": "Enough"}""", "  error    Enough\n")]
    public async Task ExecutionShow_ErrorWithoutAllItsParts_WritesNoEmptyLines(string error, string expected)
    {
        var stopped = Execution("STOPPED").TrimEnd()[..^1] + $$""", "Error": {{error}}}""";
        var server = Server().Answers($"/api/durable-executions/{Arn}", stopped);

        var run = await CliRun.Of(server, "execution", "show", "one");

        Assert.EndsWith("""  input    {"total":1}""" + "\n" + expected, run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SUCCEEDED", 0)]
    [InlineData("FAILED", 1)]
    [InlineData("STOPPED", 1)]
    public async Task ExecutionFollow_Durable_ExitsAsTheExecutionDid(string status, int exitCode)
    {
        var run = await CliRun.Of(Server(status), "execution", "follow", Arn);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Matches("waiting   validate +Step +500 ms  tried again in 4 s after Busy: later", run.Out);
        Assert.Matches("succeeded validate +Step +2.0 s  attempt 2", run.Out);
        Assert.Contains($"{status} in 2.2 s", run.Out, StringComparison.Ordinal);
        Assert.Contains("Runtime.ExitError", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecutionHistory_Durable_ListsEveryEvent()
    {
        var run = await CliRun.Of(Server(), "execution", "history", "one", "-o", "id");

        Assert.Equal("1\n2\n3\n4\n5\n6\n7\n", run.Out);
    }

    [Fact]
    public async Task ExecutionStop_Durable_SendsAnErrorObject()
    {
        var server = Server("STOPPED").Answers($"{Api}/stop", """{"StopTimestamp": 1}""");

        var run = await CliRun.Of(server, "execution", "stop", "one", "--error", "Twice", "--cause", "ordered twice");

        Assert.Equal((0, "one STOPPED\n"), (run.ExitCode, run.Out));
        Assert.Equal(
            JsonValue.Parse("""{"ErrorType": "Twice", "ErrorMessage": "ordered twice"}"""),
            JsonValue.Parse(server.Requests.Single(r => r.What == $"{Api}/stop").Body));
    }

    [Fact]
    public async Task ExecutionRedrive_Durable_AsksForIt()
    {
        var server = Server().Answers($"{Api}/redrive", """{"RedriveTimestamp": 1}""");

        var run = await CliRun.Of(server, "execution", "redrive", "one");

        Assert.Equal((0, "one RUNNING\n"), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task ExecutionList_BothKinds_AreInOneOrder()
    {
        var server = new FakeServer()
            .Answers("/api/executions", """
                {"executions": [{"executionArn": "arn:aws:states:us-east-1:000000000000:execution:flow:f1",
                  "stateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:flow", "name": "f1",
                  "status": "RUNNING", "startDate": 0.5}]}
                """)
            .Answers("/api/durable-executions", $$"""{"DurableExecutions": [{{Execution("SUCCEEDED")}}]}""");

        var run = await CliRun.Of(server, "execution", "list", "-o", "id");

        Assert.Equal($"{Arn}\narn:aws:states:us-east-1:000000000000:execution:flow:f1\n", run.Out);
    }

    [Theory]
    [InlineData("orders:2", "2")]
    [InlineData("orders:live", "live")]
    [InlineData(Function + ":live", "live")]
    public async Task ExecutionList_FunctionWithQualifier_AsksForThatVersionOnly(string text, string qualifier)
    {
        var server = QualifiedServer(qualifier)
            .Answers(
                $"/api/durable-executions?function={Function}&version=2&limit=20",
                $$"""{"DurableExecutions": [{{Execution("SUCCEEDED")}}]}""");

        var run = await CliRun.Of(server, "execution", "list", "--function", text, "-o", "id");

        Assert.Equal((0, $"{Arn}\n"), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task FunctionLogs_FunctionWithQualifier_AsksForThatVersionOnly()
    {
        var server = QualifiedServer("live").Answers(
            $"/api/functions/{Function}/logs?version=2&limit=100&follow=false",
            """{"timestamp": 1, "version": "2", "message": "of the second"}""");

        var run = await CliRun.Of(server, "function", "logs", "orders:live");

        Assert.Equal((0, "1970-01-01T00:00:01.000Z  of the second\n"), (run.ExitCode, run.Out));
    }

    [Fact]
    public async Task ExecutionList_FunctionHasNoSuchQualifier_IsNotFound()
    {
        var run = await CliRun.Of(QualifiedServer("live"), "execution", "list", "--function", "orders:lvie");

        Assert.Equal((3, ""), (run.ExitCode, run.Out));
        Assert.StartsWith(
            "error: The function orders has no version or alias \"lvie\".\n", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders", "2")]
    [InlineData("orders:live", "live")]
    public async Task FunctionInvoke_Durable_StartsTheNamedExecutionAndFollowsIt(string text, string qualifier)
    {
        var server = new InvokingServer();

        var run = await CliRun.Of(server, "function", "invoke", text, "--name", "one", "-p", "{\"total\": 1}");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal($"/2015-03-31/functions/orders/invocations?Qualifier={qualifier}", server.Invoked);
        Assert.Equal("one", server.Name);
        Assert.Contains("SUCCEEDED in 2.2 s", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("é")]
    [InlineData("two\nlines")]
    public async Task FunctionInvoke_NameThatNoHeaderCarries_IsRefused(string name)
    {
        var server = new InvokingServer();

        var run = await CliRun.Of(server, "function", "invoke", "orders", "--name", name);

        Assert.Equal((2, ""), (run.ExitCode, server.Invoked));
        Assert.Contains("is no name of an execution", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("versions", "orders:2")]
    [InlineData("versions", $"{Function}:2")]
    [InlineData("aliases", "orders:2")]
    public async Task FunctionVersionsAndAliases_Qualified_AreRefused(string verb, string function)
    {
        var run = await CliRun.Of(QualifiedServer("2"), "function", verb, function);

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.StartsWith(
            "error: This is about all versions of a function: leave out \":2\".\n",
            run.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallbackSucceed_DurableHasNotComeToItYet_IsWaitedFor()
    {
        const string Callback = "/2025-12-01/durable-execution-callbacks/abc=/succeed";
        var asked = 0;
        var server = Server()
            .Answers("/api/callbacks", _ => ++asked < 3 ? """{"callbacks": []}""" : Callbacks)
            .Answers(Callback, "{}");

        var run = await CliRun.Of(server, "callback", "succeed", "one", "--wait", "3600");

        Assert.Equal((0, (Callback, "{}")), (run.ExitCode, server.Requests[^1]));
    }

    [Fact]
    public async Task CallbackSucceed_Durable_SendsTheBareResult()
    {
        const string Callback = "/2025-12-01/durable-execution-callbacks/abc=/succeed";
        var server = Server().Answers("/api/callbacks", Callbacks).Answers(Callback, "{}");

        var run = await CliRun.Of(server, "callback", "succeed", "one", "--result", "[1]");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal((Callback, "[1]"), server.Requests[^1]);
    }

    [Fact]
    public async Task CallbackFail_Durable_SendsAnErrorObject()
    {
        const string Callback = "/2025-12-01/durable-execution-callbacks/abc=/fail";
        var server = Server().Answers("/api/callbacks", Callbacks).Answers(Callback, "{}");

        _ = await CliRun.Of(server, "callback", "fail", "abc", "--error", "Refused");

        Assert.Equal((Callback, """{"ErrorType":"Refused"}"""), server.Requests[^1]);
    }

    [Fact]
    public async Task CallbackList_Durable_TellsWhoWaits()
    {
        var run = await CliRun.Of(Server().Answers("/api/callbacks", Callbacks), "callback", "list");

        Assert.Equal(
            "EXECUTION  STATE     WAITS                     FOR         OF        TOKEN\n"
            + "one        approval  1970-01-01T00:00:01.000Z  a callback  orders:2  abc=\n",
            run.Out);
    }

    /// <summary>Knows one function, and its version 2 by that qualifier.</summary>
    private static FakeServer QualifiedServer(string qualifier)
    {
        const string Orders = $$"""{"FunctionName": "orders", "FunctionArn": "{{Function}}", "Version": "$LATEST"}""";
        const string Second = $$"""{"FunctionName": "orders", "FunctionArn": "{{Function}}:2", "Version": "2"}""";
        const string Path = "/2015-03-31/functions/orders/configuration";
        return new FakeServer()
            .Answers("/2015-03-31/functions/", $$"""{"Functions": [{{Orders}}]}""")
            .Answers($"{Path}?Qualifier={qualifier}", Second)
            .Answers($"{Path}?Qualifier=lvie", """{"__type": "ResourceNotFoundException"}""", HttpStatusCode.NotFound)
            .Answers(Path, Orders);
    }

    private const string Callbacks = $$"""
        {"callbacks": [{"callbackId": "abc=", "executionArn": "{{Arn}}", "operationId": "e",
          "operationName": "approval", "kind": "durable-callback", "since": 1}]}
        """;

    private sealed class InvokingServer : StubHandler
    {
        public string Invoked { get; private set; } = "";

        public string? Name { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri?.PathAndQuery ?? "";
            var configuration = """
                {"FunctionName": "orders", "Version": "2", "DurableConfig": {"ExecutionTimeout": 60}}
                """;
            var isInvocation = path.Contains("/invocations", StringComparison.Ordinal);
            var response = new HttpResponseMessage
            {
                Content = new StringContent(
                    isInvocation ? ""
                    : path.EndsWith("/versions", StringComparison.Ordinal) ? $$"""{"Versions": [{{configuration}}]}"""
                    : path.Contains("/events", StringComparison.Ordinal) ? Events
                    : path.Contains("durable-execution", StringComparison.Ordinal) ? Execution("SUCCEEDED")
                    : $$"""{"Functions": [{{configuration}}]}"""),
            };
            if (isInvocation)
            {
                Invoked = path;
                Name = request.Headers.GetValues("X-Amz-Durable-Execution-Name").Single();
                response.Headers.Add("X-Amz-Durable-Execution-Arn", Arn);
            }

            return Task.FromResult(response);
        }
    }
}
