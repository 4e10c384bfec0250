using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Tests.Deciding;

namespace Lungfish.States.Tests.Journal;

/// <summary>Events as GetExecutionHistory writes them; the forms are those of the recordings.</summary>
public sealed class HistoryEventTests
{
    [Fact]
    public void WriteTo_ExecutionStarted_KeepsTheTextOfTheInput()
    {
        var world = new World(Machines.Of(""" "Type": "Succeed" """)).Start(""" {"a" : 1} """);

        Check(
            """
            {"timestamp":1769860800,"type":"ExecutionStarted","id":1,"previousEventId":0,
             "executionStartedEventDetails":{"input":" {\"a\" : 1} ","inputDetails":{"truncated":false},
             "roleArn":"arn:aws:iam::000000000000:role/orders"}}
            """,
            world.Written(1));
    }

    [Fact]
    public void WriteTo_Timestamp_IsSecondsWithMilliseconds()
    {
        var world = new World(Machines.Of(""" "Type": "Succeed" """)) { Now = World.Noon.AddTicks(1_239_999) }.Start();

        Assert.StartsWith("{\"timestamp\":1769860800.123,", world.Written(1), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteTo_TaskScheduled_ShowsParametersRegionAndLimits()
    {
        var world = new World(Machines.Task(
            Machines.SendWithToken,
            """
            "End": true, "TimeoutSeconds": 600, "HeartbeatSeconds": 5, "Parameters": { "t.$": "$$.Task.Token" }
            """)).Start();

        Check(
            """
            {"timestamp":1769860800,"type":"TaskScheduled","id":3,"previousEventId":2,"taskScheduledEventDetails":
             {"resourceType":"sqs","resource":"sendMessage.waitForTaskToken","region":"us-east-1",
             "parameters":"{\"t\":\"token-3\"}","timeoutInSeconds":600,"heartbeatInSeconds":5}}
            """,
            world.Written(3));
    }

    [Fact]
    public void WriteTo_FailureWithoutErrorAndCause_HasEmptyDetails()
    {
        var world = new World(Machines.Of(""" "Type": "Fail" """)).Start();

        Check(
            """
            {"timestamp":1769860800,"type":"ExecutionFailed","id":3,"previousEventId":2,
             "executionFailedEventDetails":{}}
            """,
            world.Written(3));
    }

    [Fact]
    public void WriteTo_EventWithoutDetails_HasNone()
    {
        var world = new World(Machines.Task(Machines.FunctionArn)).Start();

        Check(
            """{"timestamp":1769860800,"type":"LambdaFunctionStarted","id":4,"previousEventId":3}""",
            world.Written(4));
    }

    [Fact]
    public void WriteTo_WithoutData_LeavesOutInputsOutputsAndCauses()
    {
        var world = new World(
            Machines.Task(Machines.Send), task => [new(new TaskFailed(task.Id, "E", "secret"))])
            .Start("""{"secret":1}""")
            .Run();

        Assert.All(world.History, e =>
            Assert.DoesNotContain("secret", world.Written(e.Id, includeData: false), StringComparison.Ordinal));
        Check(
            """
            {"timestamp":1769860800,"type":"TaskFailed","id":5,"previousEventId":4,"taskFailedEventDetails":
             {"resourceType":"sqs","resource":"sendMessage","error":"E"}}
            """,
            world.Written(5, includeData: false));
    }

    [Fact]
    public void WriteTo_CauseWithALoneSurrogate_EscapesIt()
    {
        var world = new World(
            Machines.Task(Machines.FunctionArn), task => [new(new TaskFailed(task.Id, "E", "a\ud800b"))]).Start().Run();

        Assert.Contains("\"cause\":\"a\\ud800b\"", world.Written(5), StringComparison.OrdinalIgnoreCase);
    }

    private static void Check(string expected, string actual) =>
        Assert.Equal(JsonValue.Parse(expected), JsonValue.Parse(actual));
}
