using System.Text;
using Lungfish.Durable;
using Lungfish.Engine;
using Lungfish.Json;
using Lungfish.Server.Tests.Fakes;

namespace Lungfish.Server.Tests;

/// <summary>The operations on durable executions on the wire, as durable.md 2 and the API's model have them.</summary>
public sealed class DurableApiTests
{
    private const string Arn = FakeDurableExecutions.Arn;
    private const string Root = "/2025-12-01/durable-executions/";
    private const string Callbacks = "/2025-12-01/durable-execution-callbacks/";

    private static readonly string Encoded = Uri.EscapeDataString(Arn);

    [Theory]
    [InlineData("GET", "{arn}/state?CheckpointToken=a%2Bb%3D", "", "state {raw} a+b= - 100")]
    [InlineData("GET", "{arn}/state?CheckpointToken=t&MaxItems=0&Marker=m", "", "state {raw} t m 100")]
    [InlineData("GET", "{raw}/state?CheckpointToken=t&MaxItems=1000", "", "state {raw} t - 1000")]
    [InlineData("GET", "{arn}/history?ReverseOrder=true&MaxItems=7", "", "history {raw} 7 True -")]
    [InlineData("GET", "{raw}/history", "", "history {raw} 100 False -")]
    [InlineData("POST", "{arn}/stop", "", "stop {raw} -")]
    [InlineData("POST", "{arn}/stop", """{"ErrorType":"T","ErrorMessage":"M"}""", "stop {raw} T|M||")]
    [InlineData("POST", "{raw}/stop", """{"StackTrace":["a","b"],"ErrorData":"D"}""", "stop {raw} ||D|a,b")]
    [InlineData("POST", "{arn}/redrive", "", "redrive {raw}")]
    public async Task Call_OfAnExecution_IsUnderstood(string method, string path, string body, string expected)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await CallAsync(edge, method, Root + Fill(path), body);

        Assert.Equal(200, answer.Status);
        Assert.Equal(Fill(expected), Assert.Single(edge.Durable.Calls));
    }

    [Theory]
    [InlineData("ab%2Fcd%2B%3D%3D/succeed", "{\"a\":1}", "succeed ab/cd+== {\"a\":1}")]
    [InlineData("ab/cd+==/succeed", "", "succeed ab/cd+== -")]
    [InlineData("ab%3D/fail", "", "fail ab= |||")]
    [InlineData("ab%3D/fail", """{"ErrorType":"T","ErrorMessage":null}""", "fail ab= T|||")]
    [InlineData("ab%3D/heartbeat", "", "heartbeat ab=")]
    public async Task Call_OfACallback_IsUnderstood(string path, string body, string expected)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await CallAsync(edge, "POST", Callbacks + path, body);

        Assert.Equal("{}", answer.Text);
        Assert.Equal(expected, Assert.Single(edge.Durable.Calls));
    }

    [Fact]
    public async Task SucceedCallback_ResultOf256KBAndOneMore_IsTakenAndRefused()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var largest = await CallAsync(edge, "POST", Callbacks + "a/succeed", new string('x', 262_144));
        var larger = await CallAsync(edge, "POST", Callbacks + "a/succeed", new string('x', 262_145));

        Assert.Equal(200, largest.Status);
        AssertRefused(larger, 400, "InvalidParameterValueException");
        Assert.Single(edge.Durable.Calls);
    }

    [Fact]
    public async Task Checkpoint_AllMembers_AreRead()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await CallAsync(edge, "POST", $"{Root}{Encoded}/checkpoint", """
            {"CheckpointToken": "t", "ClientToken": "c", "Unknown": {"a": [1]}, "Updates": [
              {"Id": "1", "Type": "STEP", "Action": "RETRY", "Name": "n", "SubType": "Step", "ParentId": "p",
               "Error": {"ErrorType": "T", "StackTrace": ["l"]}, "StepOptions": {"NextAttemptDelaySeconds": 3}},
              {"Id": "2", "Type": "WAIT", "Action": "START", "WaitOptions": {"WaitSeconds": 31622400}},
              {"Id": "3", "Type": "CALLBACK", "Action": "START",
               "CallbackOptions": {"TimeoutSeconds": 5, "HeartbeatTimeoutSeconds": 0}},
              {"Id": "4", "Type": "CHAINED_INVOKE", "Action": "START", "Payload": "null",
               "ChainedInvokeOptions": {"FunctionName": "f:1", "TenantId": "a b"}},
              {"Id": "5", "Type": "CONTEXT", "Action": "SUCCEED", "Payload": "",
               "ContextOptions": {"ReplayChildren": true}},
              {"Id": "6", "Type": "EXECUTION", "Action": "FAIL", "Error": null, "Payload": null}]}
            """);

        Assert.Equal(200, answer.Status);
        Assert.Equal($"checkpoint {Arn} t c", Assert.Single(edge.Durable.Calls));
        Assert.Equal(
            [
                Update("1", OperationType.Step, OperationAction.Retry) with
                {
                    Name = "n",
                    SubType = "Step",
                    ParentId = "p",
                    Error = new ErrorObject { ErrorType = "T", StackTrace = ["l"] },
                    NextAttemptDelaySeconds = 3,
                },
                Update("2", OperationType.Wait, OperationAction.Start) with { WaitSeconds = 31_622_400 },
                Update("3", OperationType.Callback, OperationAction.Start) with
                {
                    TimeoutSeconds = 5,
                    HeartbeatTimeoutSeconds = 0,
                },
                Update("4", OperationType.ChainedInvoke, OperationAction.Start) with
                {
                    Payload = "null",
                    FunctionName = "f:1",
                    TenantId = "a b",
                },
                Update("5", OperationType.Context, OperationAction.Succeed) with
                {
                    Payload = "",
                    ReplayChildren = true,
                },
                Update("6", OperationType.Execution, OperationAction.Fail),
            ],
            edge.Durable.Updates);
    }

    [Fact]
    public async Task Checkpoint_Answer_HasTheNextTokenAndTheOperationsInSeconds()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        edge.Durable.Operations.Add(new Operation
        {
            Id = "1",
            Sequence = 1,
            Type = OperationType.Step,
            SubType = "Step",
            Status = OperationStatus.Pending,
            StartedAt = FakeDurableExecutions.StartedAt.AddMilliseconds(20),
            Attempt = 1,
            NextAttemptAt = FakeDurableExecutions.StartedAt.AddSeconds(2),
            Error = new ErrorObject { ErrorMessage = "no" },
            Change = 1,
        });

        var answer = await CallAsync(edge, "POST", $"{Root}{Encoded}/checkpoint", """{"CheckpointToken":"t"}""");

        AssertJson(
            """
            {"CheckpointToken": "next+/=", "NewExecutionState": {"Operations": [
              {"Id": "1", "Type": "STEP", "SubType": "Step", "StartTimestamp": 1.020, "Status": "PENDING",
               "StepDetails": {"Attempt": 1, "NextAttemptTimestamp": 3, "Error": {"ErrorMessage": "no"}}}]}}
            """,
            answer);
    }

    [Fact]
    public async Task Checkpoint_ThatEndsTheExecution_AnswersNoToken()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        edge.Durable.NextToken = null;

        var answer = await CallAsync(edge, "POST", $"{Root}{Encoded}/checkpoint", """{"CheckpointToken":"t"}""");

        Assert.Equal("""{"NewExecutionState":{"Operations":[]}}""", answer.Text);
    }

    [Theory]
    [InlineData("""{"Updates":[]}""", "checkpointToken")]
    [InlineData("""{"CheckpointToken":""}""", "checkpointToken")]
    [InlineData("""{"CheckpointToken":"t","Updates":{}}""", "Updates must be an array")]
    [InlineData("""{"CheckpointToken":"t","ClientToken":"a b"}""", @"'a b' at 'clientToken'")]
    [InlineData("""{"CheckpointToken":"t"} {}""", "after a single JSON value")]
    [InlineData("{", "Could not parse")]
    public async Task Checkpoint_BodyNotAcceptable_IsRefused(string body, string message)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await CallAsync(edge, "POST", $"{Root}{Encoded}/checkpoint", body);

        AssertRefused(answer, 400, "InvalidParameterValueException", message);
        Assert.Empty(edge.Durable.Calls);
    }

    [Theory]
    [InlineData("""{"Type":"STEP","Action":"START"}""", "updates.1.member.id")]
    [InlineData("""{"Id":"1","Type":"NAP","Action":"START"}""", "[EXECUTION, CONTEXT")]
    [InlineData("""{"Id":"1","Type":"STEP","Action":"GO"}""", "[START, SUCCEED")]
    [InlineData("""{"Id":"a b","Type":"STEP","Action":"START"}""", "[a-zA-Z0-9-_]+")]
    [InlineData("""{"Id":"1","Type":"STEP","Action":"START","Name":"é"}""", @"[\x20-\x7E]+")]
    [InlineData(
        """{"Id":"1","Type":"WAIT","Action":"START","WaitOptions":{"WaitSeconds":0}}""", "greater than or equal to 1")]
    [InlineData("""{"Id":"1","Type":"STEP","Action":"SUCCEED","Payload":"\ud800"}""", "Could not parse")]
    public async Task Checkpoint_UpdateBreaksAConstraint_IsRefused(string update, string message)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await CallAsync(
            edge, "POST", $"{Root}{Encoded}/checkpoint", $$"""{"CheckpointToken":"t","Updates":[{{update}}]}""");

        AssertRefused(answer, 400, "InvalidParameterValueException", message);
        Assert.Empty(edge.Durable.Calls);
    }

    [Theory]
    [InlineData("GET", "not-an-arn", "durableExecutionArn")]
    [InlineData("GET", "arn:aws:lambda:us-east-1:000000000000:function:f:live/durable-execution/n/i", "f:live")]
    [InlineData("GET", "{arn}/state", "checkpointToken")]
    [InlineData("GET", "{arn}/history?MaxItems=1001", "less than or equal to 1000")]
    [InlineData("GET", "{arn}/history?MaxItems=-1", "greater than or equal to 0")]
    [InlineData("GET", "{arn}/history?MaxItems=x", "must be an integer")]
    [InlineData("GET", "{arn}/history?ReverseOrder=maybe", "true or false")]
    [InlineData("POST", "{arn}/stop", "ErrorType must be a string", """{"ErrorType":1}""")]
    public async Task Call_ConstraintBroken_IsRefused(string method, string path, string message, string body = "")
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await CallAsync(edge, method, Root + Fill(path), body);

        AssertRefused(answer, 400, "InvalidParameterValueException", message);
        Assert.Empty(edge.Durable.Calls);
    }

    [Theory]
    [InlineData("InvalidParameterValueException", 400, "message")]
    [InlineData("CallbackTimeoutException", 400, "Message")]
    [InlineData("ResourceNotFoundException", 404, "Message")]
    [InlineData("TooManyRequestsException", 429, "message")]
    [InlineData("ServiceException", 500, "Message")]
    public async Task Call_Refused_HasTheModelsShape(string code, int status, string member)
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        edge.Durable.Refusal = new ApiException(code, "why", status);

        var answer = await CallAsync(edge, "POST", Callbacks + "a/heartbeat", "");

        AssertRefused(answer, status, code);
        Assert.Equal(
            $$"""{"Type":"{{(status < 500 ? "User" : "Service")}}","{{member}}":"why"}""", answer.Text);
    }

    [Fact]
    public async Task Call_Bug_IsAServiceExceptionThatTellsNothing()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        edge.Durable.Refusal = new InvalidOperationException("secret");

        var answer = await CallAsync(edge, "POST", Callbacks + "a/heartbeat", "");

        AssertRefused(answer, 500, "ServiceException");
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders", "$LATEST")]
    [InlineData("orders:2", "2")]
    [InlineData("arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Aorders", "$LATEST")]
    public async Task List_ByFunction_AsksForItsVersion(string name, string version)
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        edge.Durable.Executions.Add(FakeDurableExecutions.Execution(DurableStatus.Running));

        var answer = await CallAsync(
            edge,
            "GET",
            $"/2025-12-01/functions/{name}/durable-executions?Statuses=RUNNING&Statuses=TIMED_OUT&ReverseOrder=true"
            + "&StartedAfter=2025-12-01T10%3A00%3A00Z&StartedBefore=2025-12-02T00%3A00%3A00.5%2B01%3A00&MaxItems=3",
            "");

        AssertJson(
            $$"""
            {"DurableExecutions": [{"DurableExecutionArn": "{{Arn}}", "DurableExecutionName": "one",
              "FunctionArn": "{{FakeDurableExecutions.Function}}:2", "Status": "RUNNING", "StartTimestamp": 1}]}
            """,
            answer);
        var asked = edge.Durable.Asked;
        Assert.NotNull(asked);
        Assert.Equal((FakeDurableExecutions.Function, version, 3, true),
            (asked.FunctionArn, asked.Version, asked.CountMax, asked.Reverse));
        Assert.Equal([DurableStatus.Running, DurableStatus.TimedOut], asked.Statuses);
        Assert.Equal(new DateTimeOffset(2025, 12, 1, 10, 0, 0, TimeSpan.Zero), asked.StartedAfter);
        Assert.Equal(new DateTimeOffset(2025, 12, 1, 23, 0, 0, 500, TimeSpan.Zero), asked.StartedBefore);
    }

    [Theory]
    [InlineData("nobody/durable-executions", 404, "ResourceNotFoundException")]
    [InlineData("orders/durable-executions?Statuses=ABORTED", 400, "InvalidParameterValueException")]
    [InlineData("orders/durable-executions?StartedAfter=yesterday", 400, "InvalidParameterValueException")]
    [InlineData("orders/durable-executions?DurableExecutionName=a.b", 400, "InvalidParameterValueException")]
    public async Task List_NotAcceptable_IsRefused(string path, int status, string code)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        AssertRefused(await CallAsync(edge, "GET", "/2025-12-01/functions/" + path, ""), status, code);
    }

    [Fact]
    public async Task Call_FormOfAWebPage_IsForbidden()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Callbacks + "a/succeed", UriKind.Relative))
        {
            Content = new StringContent("a=b", Encoding.UTF8, "application/x-www-form-urlencoded"),
        };

        var answer = await edge.SendAsync(request);

        Assert.Equal(403, answer.Status);
        Assert.Empty(edge.Durable.Calls);
    }

    private static string Fill(string text) => text
        .Replace("{arn}", Encoded, StringComparison.Ordinal).Replace("{raw}", Arn, StringComparison.Ordinal);

    private static OperationUpdate Update(string id, OperationType type, OperationAction action) =>
        new() { Id = id, Type = type, Action = action };

    private static async Task<Answer> CallAsync(EdgeUnderTest edge, string method, string path, string body)
    {
        // HttpClient sends a path as it is written, percent signs included.
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (method == "POST")
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return await edge.SendAsync(request);
    }

    private static void AssertJson(string expected, Answer answer) =>
        Assert.Equal(JsonValue.Parse(expected), answer.Json);

    private static void AssertRefused(Answer answer, int status, string code, string message = "")
    {
        Assert.Equal(status, answer.Status);
        Assert.Contains($"x-amzn-ErrorType: {code}", answer.Headers, StringComparison.Ordinal);
        var members = Assert.IsType<JsonObject>(answer.Json);
        var text = Assert.IsType<JsonString>(members["message"] ?? members["Message"]).Value;
        Assert.Contains(message, text, StringComparison.Ordinal);
    }
}
