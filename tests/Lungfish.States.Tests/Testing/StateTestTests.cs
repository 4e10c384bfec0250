using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Testing;
using Lungfish.States.Tests.Deciding;

namespace Lungfish.States.Tests.Testing;

public sealed class StateTestTests
{
    private const string Call = """
        {
          "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:work", "Next": "N",
          "TimeoutSeconds": 60,
          "Retry": [
            { "ErrorEquals": ["Busy"], "IntervalSeconds": 3, "BackoffRate": 2, "MaxAttempts": 2 },
            { "ErrorEquals": ["Once"], "MaxAttempts": 0 }
          ],
          "Catch": [
            { "ErrorEquals": ["Lost"], "Next": "L", "ResultPath": "$.error" },
            { "ErrorEquals": ["Once", "Busy"], "Next": "O" }
          ]
        }
        """;

    [Fact]
    public void Run_TaskWithMockedResult_ShowsEveryStepOfItsData()
    {
        const string Definition = """
            {
              "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:work", "Next": "N",
              "InputPath": "$.in", "Parameters": { "p.$": "$.a" }, "ResultSelector": { "s.$": "$.r" },
              "ResultPath": "$.out", "OutputPath": "$.out"
            }
            """;

        var result = Trial.Run(Trial.With(Definition, """{"r":2}""") with
        {
            Input = JsonValue.Parse("""{"in":{"a":1}}"""),
        });

        Assert.Equal(StateTestStatus.Succeeded, result.Status);
        Assert.Equal("N", result.NextState);
        Assert.Equal("""{"s":2}""", result.Output?.ToText());
        Assert.Equal(
            new StateInspection
            {
                Input = JsonValue.Parse("""{"in":{"a":1}}"""),
                AfterInputPath = JsonValue.Parse("""{"a":1}"""),
                AfterParameters = JsonValue.Parse("""{"p":1}"""),
                Result = JsonValue.Parse("""{"r":2}"""),
                AfterResultSelector = JsonValue.Parse("""{"s":2}"""),
                AfterResultPath = JsonValue.Parse("""{"in":{"a":1},"out":{"s":2}}"""),
            },
            result.Inspection);
    }

    [Fact]
    public void Run_JsonataTask_ShowsArgumentsResultAndVariables()
    {
        const string Definition = """
            {
              "Type": "Task", "QueryLanguage": "JSONata", "End": true,
              "Resource": "arn:aws:lambda:us-east-1:000000000000:function:work",
              "Arguments": { "sum": "{% $states.input.a + $v %}" }, "Assign": { "w": "{% $states.result %}" },
              "Output": "{% $states.result * 2 %}"
            }
            """;

        var result = Trial.Run(Trial.With(Definition, "21") with
        {
            Input = JsonObject.Of("a", 1),
            Variables = """{"v":2}""",
        });

        Assert.Equal("42", result.Output?.ToText());
        Assert.Null(result.NextState);
        Assert.Equal(
            new StateInspection
            {
                Input = JsonObject.Of("a", 1),
                AfterArguments = JsonObject.Of("sum", 3),
                Result = 21,
                Variables = JsonObject.Of(("v", 2), ("w", 21)),
            },
            result.Inspection);
    }

    // The delay before retry k is interval * rate^(k-1).
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 6)]
    public void Run_RetrierHasAttemptsLeft_IsRetriableAfterItsBackoff(int retries, int seconds)
    {
        var result = Trial.Run(Trial.WithError(Call, "Busy", "c") with
        {
            Configuration = new() { RetrierRetryCount = retries },
        });

        Assert.Equal(StateTestStatus.Retriable, result.Status);
        Assert.Equal(("Busy", "c"), (result.Error, result.Cause));
        Assert.Null(result.NextState);
        Assert.Null(result.Output);
        Assert.Equal(0, result.Inspection.RetryIndex);
        Assert.Equal(TimeSpan.FromSeconds(seconds), result.Inspection.RetryBackoff);
    }

    [Fact]
    public void Run_RetrierIsUsedUp_IsCaughtAndNamesBoth()
    {
        var result = Trial.Run(Trial.WithError(Call, "Busy") with { Configuration = new() { RetrierRetryCount = 2 } });

        Assert.Equal((StateTestStatus.CaughtError, "O"), (result.Status, result.NextState));
        Assert.Equal(
            (0, null, 1),
            (result.Inspection.RetryIndex, result.Inspection.RetryBackoff, result.Inspection.CatchIndex));
    }

    [Fact]
    public void Run_ErrorIsCaught_ShowsNoStepOfTheResult()
    {
        var result = Trial.Run(Trial.WithError(Call, "Lost", "c") with { Input = JsonObject.Of("a", 1) });

        Assert.Equal("""{"a":1,"error":{"Error":"Lost","Cause":"c"}}""", result.Output?.ToText());
        Assert.Null(result.Inspection.AfterResultPath);
        Assert.Null(result.Inspection.Result);
    }

    // Documented: States.ALL catches neither States.Runtime nor, as States.TaskFailed, a time-out.
    [Theory]
    [InlineData("States.ALL", "Any", StateTestStatus.CaughtError)]
    [InlineData("States.ALL", "States.Timeout", StateTestStatus.CaughtError)]
    [InlineData("States.ALL", "States.Runtime", StateTestStatus.Failed)]
    [InlineData("States.TaskFailed", "Any", StateTestStatus.CaughtError)]
    [InlineData("States.TaskFailed", "States.Timeout", StateTestStatus.Failed)]
    public void Run_WildcardCatcher_TakesWhatItTakesInAnExecution(string name, string error, StateTestStatus status)
    {
        var result = Trial.Run(Trial.WithError(
            $$"""
            {
              "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:work", "End": true,
              "Catch": [{ "ErrorEquals": ["{{name}}"], "Next": "N" }]
            }
            """,
            error));

        Assert.Equal(status, result.Status);
    }

    [Fact]
    public void Run_StateLeadsToItself_IsLeftAfterOneVisit()
    {
        var result = Trial.Run(Trial.Of("""{ "Type": "Pass", "Next": "StateName" }""") with { Input = 1 });

        Assert.Equal((StateTestStatus.Succeeded, "StateName"), (result.Status, result.NextState));
    }

    [Fact]
    public void Run_NestedStateOfAMachine_IsFoundByItsName()
    {
        var result = Trial.Run(Trial.Of("""
            {
              "StartAt": "M", "States": { "M": {
                "Type": "Map", "End": true, "ItemProcessor": {
                  "StartAt": "Inner", "States": { "Inner": { "Type": "Pass", "Result": 7, "End": true } } } } }
            }
            """) with { StateName = "Inner" });

        Assert.Equal("7", result.Output?.ToText());
    }

    [Fact]
    public void Run_FieldCannotBeEvaluated_FailsWithItsCause()
    {
        var result = Trial.Run(Trial.Of("""{ "Type": "Pass", "InputPath": "$.no", "End": true }"""));

        Assert.Equal((StateTestStatus.Failed, "States.Runtime"), (result.Status, result.Error));
        Assert.Equal(
            "An error occurred while executing the state 'StateName' (entered at the event id #2). " +
                "Invalid path '$.no' : No results for path: $['no']",
            result.Cause);
        Assert.Null(result.Inspection.AfterInputPath);
    }

    [Fact]
    public void Run_MockedTaskWithToken_ReadsATokenAndTheAnswerIsTheResult()
    {
        const string Definition = """
            {
              "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true,
              "Parameters": { "QueueUrl": "q", "MessageBody": { "t.$": "$$.Task.Token" } }
            }
            """;

        var result = Trial.Run(Trial.Of(Definition) with
        {
            Mock = new MockRequest { Result = "\"yes\"", Validation = MockValidation.None },
        });

        Assert.Equal("\"yes\"", result.Output?.ToText());
        Assert.Equal(
            """{"QueueUrl":"q","MessageBody":{"t":"token"}}""", result.Inspection.AfterParameters?.ToText());
    }

    [Fact]
    public void Begin_TaskWithoutMock_WaitsForItsOutcome()
    {
        var test = Trial.Begin(Trial.Of(Call));

        Assert.Null(test.Result);
        var task = test.Task;
        Assert.NotNull(task);
        Assert.Equal(World.Noon.AddSeconds(60), test.NextDue);

        test.Take(new TaskSucceeded(task.Id, 5), World.Noon.AddSeconds(1));

        Assert.Equal(StateTestStatus.Succeeded, test.Result?.Status);
        Assert.Equal("5", test.Result?.Output?.ToText());
        Assert.Null(test.Task);
    }

    [Fact]
    public void TakeDueTimers_TaskTimesOut_FailsWithStatesTimeout()
    {
        var test = Trial.Begin(Trial.Of(Call));

        test.TakeDueTimers(World.Noon.AddSeconds(59));
        Assert.Null(test.Result);
        test.TakeDueTimers(World.Noon.AddSeconds(60));

        Assert.Equal((StateTestStatus.Failed, "States.Timeout"), (test.Result?.Status, test.Result?.Error));
    }

    [Fact]
    public void TakeDueTimers_WaitIsOver_LeavesTheState()
    {
        var test = Trial.Begin(Trial.Of("""{ "Type": "Wait", "Seconds": 5, "Next": "N" }"""));

        Assert.Null(test.Result);
        Assert.Equal(World.Noon.AddSeconds(5), test.NextDue);
        test.TakeDueTimers(World.Noon.AddSeconds(5));

        Assert.Equal((StateTestStatus.Succeeded, "N"), (test.Result?.Status, test.Result?.NextState));
    }

    [Fact]
    public void Expire_StateStillWaits_FailsWithStatesTimeout()
    {
        var test = Trial.Begin(Trial.Of("""{ "Type": "Wait", "Seconds": 5, "Next": "N" }"""));

        test.Expire();

        Assert.Equal((StateTestStatus.Failed, "States.Timeout"), (test.Result?.Status, test.Result?.Error));
    }
}
