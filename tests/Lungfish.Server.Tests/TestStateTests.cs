using Lungfish.Json;
using Lungfish.States.Testing;

namespace Lungfish.Server.Tests;

public sealed class TestStateTests
{
    [Fact]
    public async Task Test_EveryMember_IsPassedOn()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync("TestState", """
            {
              "definition": "{}", "stateName": "A", "roleArn": "arn:aws:iam::000000000000:role/r", "input": "[1]",
              "variables": "{\"v\":1}", "context": "{\"State\":{}}", "revealSecrets": true,
              "mock": {"result": "2", "errorOutput": {"error": "E", "cause": "C"}, "fieldValidationMode": "PRESENT"},
              "stateConfiguration": {
                "retrierRetryCount": 3, "errorCausedByState": "B", "mapIterationFailureCount": 4,
                "mapItemReaderData": "a,b"
              }
            }
            """);

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            new StateTestRequest
            {
                Definition = "{}",
                StateName = "A",
                RoleArn = "arn:aws:iam::000000000000:role/r",
                Input = JsonArray.Of([1]),
                Variables = """{"v":1}""",
                Context = """{"State":{}}""",
                RevealSecrets = true,
                Mock = new MockRequest
                {
                    Result = "2",
                    ErrorOutput = new MockedErrorOutput("E", "C"),
                    Validation = MockValidation.Present,
                },
                Configuration = new StateTestConfiguration
                {
                    RetrierRetryCount = 3,
                    ErrorCausedByState = "B",
                    MapIterationFailureCount = 4,
                    MapItemReaderData = "a,b",
                },
            },
            edge.StateTests.Asked);
    }

    [Fact]
    public async Task Test_OnlyDefinition_AsksWithTheDefaults()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        await edge.CallAsync("TestState", """{"definition":"{}","mock":{"result":"1"}}""");

        var asked = edge.StateTests.Asked;
        Assert.NotNull(asked);
        Assert.Equal(JsonObject.Empty, asked.Input);
        Assert.Equal(MockValidation.Strict, asked.Mock?.Validation);
        Assert.Equal(new StateTestConfiguration(), asked.Configuration);
    }

    [Theory]
    [InlineData("INFO", false)]
    [InlineData("DEBUG", true)]
    [InlineData("TRACE", true)]
    public async Task Test_InspectionLevel_SaysWhetherInspectionIsAnswered(string level, bool isAnswered)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync("TestState", $$"""{"definition":"{}","inspectionLevel":"{{level}}"}""");

        Assert.Equal(
            isAnswered
                ? """{"output":"{}","inspectionData":{"input":"{}"},"status":"SUCCEEDED"}"""
                : """{"output":"{}","status":"SUCCEEDED"}""",
            answer.Json.ToText());
    }

    [Fact]
    public async Task Test_FullResult_IsAnsweredInTheWiresForm()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        edge.StateTests.Result = new StateTestResult
        {
            Status = StateTestStatus.CaughtError,
            Output = "o",
            Error = "E",
            Cause = "C",
            NextState = "N",
            Inspection = new StateInspection
            {
                Input = 0,
                AfterArguments = 1,
                AfterInputPath = 2,
                AfterParameters = 3,
                Result = JsonArray.Of([4]),
                AfterResultSelector = 5,
                AfterResultPath = 6,
                Variables = JsonObject.Of("v", 7),
                AfterItemsPath = 8,
                AfterItemSelector = 9,
                AfterItemBatcher = 10,
                MaxConcurrency = 11,
                ToleratedFailureCount = 12,
                ToleratedFailurePercentage = 12.5,
                RetryIndex = 0,
                RetryBackoff = TimeSpan.FromSeconds(1.9),
                CatchIndex = 1,
            },
        };

        var answer = await edge.CallAsync("TestState", """{"definition":"{}","inspectionLevel":"DEBUG"}""");

        Assert.Equal(
            JsonValue.Parse("""
                {
                  "output": "\"o\"", "error": "E", "cause": "C", "nextState": "N", "status": "CAUGHT_ERROR",
                  "inspectionData": {
                    "input": "0", "afterArguments": "1", "afterInputPath": "2", "afterParameters": "3",
                    "result": "[4]", "afterResultSelector": "5", "afterResultPath": "6", "variables": "{\"v\":7}",
                    "afterItemsPath": "8", "afterItemSelector": "9", "afterItemBatcher": "10", "maxConcurrency": 11,
                    "toleratedFailureCount": 12, "toleratedFailurePercentage": 12.5,
                    "errorDetails": {"catchIndex": 1, "retryIndex": 0, "retryBackoffIntervalSeconds": 1}
                  }
                }
                """),
            answer.Json);
    }

    [Theory]
    [InlineData("{}", "Value null at 'definition' failed to satisfy constraint: Member must not be null")]
    [InlineData(
        """{"definition":"{}","inspectionLevel":"ALL"}""",
        "Value 'ALL' at 'inspectionLevel' failed to satisfy constraint: Member must satisfy enum value set: "
            + "[INFO, DEBUG, TRACE]")]
    [InlineData(
        """{"definition":"{}","stateName":""}""",
        "Value at 'stateName' failed to satisfy constraint: Member must have length greater than or equal to 1")]
    [InlineData(
        """{"definition":"{}","stateConfiguration":{"retrierRetryCount":-1}}""",
        "Value '-1' at 'stateConfiguration.retrierRetryCount' failed to satisfy constraint: "
            + "Member must have value greater than or equal to 0")]
    public async Task Test_MemberBreaksTheModel_IsRefused(string body, string violation)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync("TestState", body);

        Assert.Equal(400, answer.Status);
        Assert.Equal($"1 validation error detected: {violation}", answer.Message);
    }

    [Fact]
    public async Task Test_InputIsNoJson_IsRefusedAsStartExecutionRefusesIt()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync("TestState", """{"definition":"{}","input":"nope"}""");

        Assert.Equal("com.amazonaws.swf.service.v2.model#InvalidExecutionInput", answer.Type);
        Assert.Null(edge.StateTests.Asked);
    }
}
