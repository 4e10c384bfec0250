using System.Text;
using Lungfish.Json;
using Lungfish.Server.Tests.Fakes;

namespace Lungfish.Server.Tests;

public sealed class ProtocolTests
{
    [Fact]
    public async Task Post_UnknownOperation_SaysSo()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync("RedriveExecution", "{}");

        Assert.Equal(400, answer.Status);
        Assert.Equal("UnknownOperationException", answer.Type);
        Assert.Contains("AWSStepFunctions.RedriveExecution", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"stateMachineArn\":1}")]
    [InlineData("{\"stateMachineArn\":\"\xff\"}")]
    public async Task Post_BodyIsUnreadable_SerializationException(string body)
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        using var request = EdgeUnderTest.Request("StartExecution", "");
        request.Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));

        var answer = await edge.SendAsync(request);

        Assert.Equal(400, answer.Status);
        Assert.Equal("SerializationException", answer.Type);
    }

    [Fact]
    public async Task Post_BodyOverTheLimit_RefusedWithItsLength()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync("StartExecution", new string(' ', (1024 * 1024) + 1));

        Assert.Equal(413, answer.Status);
        Assert.Equal("RequestEntityTooLarge", answer.Type);
    }

    [Fact]
    public async Task Post_ChunkedBodyOverTheLimit_RefusedWithoutReadingAll()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        using var request = EdgeUnderTest.Request("StartExecution", new string(' ', 3 * 1024 * 1024));
        request.Headers.TransferEncodingChunked = true;

        var answer = await edge.SendAsync(request);

        Assert.Equal(413, answer.Status);
    }

    [Fact]
    public async Task Post_AnyAnswer_CarriesARequestIdAndNosniff()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync("ListActivities", "{}");

        Assert.Contains("x-amzn-RequestId: ", answer.Headers, StringComparison.Ordinal);
        Assert.Contains("X-Content-Type-Options: nosniff", answer.Headers, StringComparison.Ordinal);
    }

    // Recorded in sfn_api/test_list_executions_pagination and test_state_machine_status_filter.
    [Theory]
    [InlineData("maxResults", "1001", "have value less than or equal to 1000")]
    [InlineData("maxResults", "-1", "have value greater than or equal to 0")]
    [InlineData(
        "statusFilter",
        "succeeded",
        "satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]")]
    public async Task ListExecutions_ConstraintViolated_RefusedInAwsWords(string member, string value, string must)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync(
            "ListExecutions", $$"""{"stateMachineArn":"{{FakeStateMachines.Arn}}","{{member}}":{{Json(value)}}}""");

        Assert.Equal(
            $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: "
            + $"Member must {must}",
            answer.Message);
    }

    [Fact]
    public async Task ListExecutions_TokenTooLong_RefusedWithTheLengthOfThisOperation()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var token = new string('x', 3097);
        var answer = await edge.CallAsync(
            "ListExecutions", $$"""{"stateMachineArn":"{{FakeStateMachines.Arn}}","nextToken":"{{token}}"}""");

        Assert.EndsWith("Member must have length less than or equal to 3096", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"maxResults":0}""", 100)]
    [InlineData("{}", 100)]
    [InlineData("""{"maxResults":7}""", 7)]
    public async Task ListStateMachines_MaxResults_ZeroAndNoneMeanAHundred(string body, int countMax)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        await edge.CallAsync("ListStateMachines", body);

        Assert.Equal((countMax, (string?)null), edge.StateMachines.Listed);
    }

    // Recorded in sfn_api_express.
    [Fact]
    public async Task DescribeExecution_ArnOfAnotherType_InvalidArn()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync(
            "DescribeExecution", """{"executionArn":"arn:aws:states:us-east-1:000000000000:express:m:e:u"}""");

        Assert.Equal("Invalid Arn: 'Resource type not valid in this context: express'", answer.Message);
    }

    // Recorded in sfn_api/test_describe_execution.
    [Fact]
    public async Task DescribeExecution_Succeeded_AnswersAllMembers()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        edge.Executions.Execution = edge.Executions.Execution with
        {
            Summary = FakeExecutions.Summary(States.Deciding.ExecutionStatus.Succeeded),
            Output = "{}",
        };

        var answer = await edge.CallAsync("DescribeExecution", $$"""{"executionArn":"{{FakeExecutions.Arn}}"}""");

        Assert.Equal(
            JsonValue.Parse(
                $$"""
                {
                  "executionArn": "{{FakeExecutions.Arn}}", "stateMachineArn": "{{FakeStateMachines.Arn}}", "name": "e",
                  "status": "SUCCEEDED", "startDate": 1700000000.050, "stopDate": 1700000001,
                  "input": "{ \"a\": 1 }", "inputDetails": {"included": true},
                  "output": "{}", "outputDetails": {"included": true},
                  "redriveCount": 0, "redriveStatus": "NOT_REDRIVABLE",
                  "redriveStatusReason": "Execution is SUCCEEDED and cannot be redriven"
                }
                """),
            answer.Json);
    }

    // Measured, and recorded in timeouts/test_global_timeout.
    [Fact]
    public async Task DescribeExecution_TimedOut_HasNoError()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        edge.Executions.Execution = edge.Executions.Execution with
        {
            Summary = FakeExecutions.Summary(States.Deciding.ExecutionStatus.TimedOut),
            Error = "States.Timeout",
        };

        var answer = await edge.CallAsync("DescribeExecution", $$"""{"executionArn":"{{FakeExecutions.Arn}}"}""");

        Assert.DoesNotContain("States.Timeout", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DescribeExecution_MetadataOnly_LeavesPayloadsOut()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync(
            "DescribeExecution", $$"""{"executionArn":"{{FakeExecutions.Arn}}","includedData":"METADATA_ONLY"}""");

        Assert.DoesNotContain("input", answer.Text, StringComparison.Ordinal);
    }

    // Recorded in sfn_api (defaults) and, since November 2024, sfn_api_variable_references (encryptionConfiguration).
    [Fact]
    public async Task DescribeStateMachine_NothingConfigured_AnswersTheDefaults()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync(
            "DescribeStateMachine", $$"""{"stateMachineArn":"{{FakeStateMachines.Arn}}"}""");

        Assert.Equal(
            JsonValue.Parse(
                $$"""
                {
                  "stateMachineArn": "{{FakeStateMachines.Arn}}", "name": "m", "status": "ACTIVE", "type": "STANDARD",
                  "definition": "{\"StartAt\": \"A\"}", "roleArn": "arn:aws:iam::000000000000:role/r",
                  "creationDate": 1700000000.123,
                  "loggingConfiguration": {"level": "OFF", "includeExecutionData": false},
                  "tracingConfiguration": {"enabled": false},
                  "encryptionConfiguration": {"type": "AWS_OWNED_KEY"}
                }
                """),
            answer.Json);
    }

    [Theory]
    [InlineData("""'publish':true""", "ValidationException", "'publish'")]
    [InlineData(
        """'versionDescription':'v'""",
        "ValidationException",
        "Version description can only be set when publish is true")]
    [InlineData(
        """'loggingConfiguration':{'level':'ALL'}""",
        "InvalidLoggingConfiguration",
        "Must specify exactly one Log Destination.")]
    [InlineData(
        """'encryptionConfiguration':{'type':'CUSTOMER_MANAGED_KMS_KEY'}""", "InvalidEncryptionConfiguration", "KMS")]
    public async Task CreateStateMachine_AsksForWhatIsNotThere_RefusedByName(string member, string code, string text)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync(
            "CreateStateMachine",
            $$"""{"name":"m","definition":"{}","roleArn":"arn:aws:iam::0:role/r",{{member.Replace('\'', '"')}}}""");

        Assert.EndsWith("#" + code, answer.Type, StringComparison.Ordinal);
        Assert.Contains(text, answer.Message, StringComparison.Ordinal);
        Assert.Null(edge.StateMachines.Created);
    }

    [Fact]
    public async Task CreateStateMachine_Tags_AreHandedOn()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        await edge.CallAsync(
            "CreateStateMachine",
            """{"name":"m","definition":"{}","roleArn":"arn:aws:iam::0:role/r","tags":[{"key":"k","value":"v"}]}""");

        Assert.Equal([new Engine.Api.Tag("k", "v")], edge.StateMachines.Created?.Tags);
    }

    [Fact]
    public async Task CreateStateMachine_TagKeyIsEmpty_MemberIsCountedFromOne()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync(
            "CreateStateMachine",
            """{"name":"m","definition":"{}","roleArn":"arn:aws:iam::0:role/r","tags":[{"key":""}]}""");

        Assert.Contains("at 'tags.1.member.key'", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UpdateStateMachine_NothingGiven_MissingRequiredParameter()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync(
            "UpdateStateMachine", $$"""{"stateMachineArn":"{{FakeStateMachines.Arn}}","definition":null}""");

        Assert.Equal("com.amazonaws.swf.service.v2.model#MissingRequiredParameter", answer.Type);
    }

    [Fact]
    public async Task SendTaskSuccess_OutputIsJson_CompletesWithItsValue()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync("SendTaskSuccess", """{"taskToken":"t","output":"{\"ok\":true}"}""");

        Assert.Equal("{}", answer.Text);
        Assert.Equal(("t", JsonObject.Of("ok", true)), edge.Executions.Succeeded);
    }

    [Fact]
    public async Task SendTaskSuccess_OutputIsNoJson_InvalidOutput()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync("SendTaskSuccess", """{"taskToken":"t","output":"nope"}""");

        Assert.Equal("com.amazonaws.swf.service.v2.model#InvalidOutput", answer.Type);
        Assert.Null(edge.Executions.Succeeded);
    }

    [Fact]
    public async Task SendTaskFailure_NothingSaid_PassesNulls()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        await edge.CallAsync("SendTaskFailure", """{"taskToken":"t"}""");

        Assert.Equal(("t", null, null), edge.Executions.Failed);
    }

    [Fact]
    public async Task GetActivityTask_WorkerGoesAway_PollingIsCancelled()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        using var leaving = new CancellationTokenSource();
        using var request = EdgeUnderTest.Request("GetActivityTask", $$"""{"activityArn":"{{FakeActivities.Arn}}"}""");
        var call = edge.Client.SendAsync(request, leaving.Token);
        await edge.Activities.Polled;

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await edge.Activities.Left.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task GetActivityTask_ServerStops_AnswersThatNothingCame()
    {
        var edge = await EdgeUnderTest.StartAsync();
        var call = edge.CallAsync("GetActivityTask", $$"""{"activityArn":"{{FakeActivities.Arn}}"}""");
        await edge.Activities.Polled;

        var stopping = edge.StopAsync();

        Assert.Equal("{}", (await call).Text);
        await stopping;
    }

    private static string Json(string value) => int.TryParse(value, out _) ? value : new JsonString(value).ToText();
}
