using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;

namespace Lungfish.States.Tests.Deciding;

public sealed class ErrorHandlingTests
{
    private const string ErrorOutput = """{"Error":"E","Cause":"C"}""";

    [Theory]
    [InlineData("\"MaxAttempts\": 4", new double[] { 1, 2, 4, 8 })]
    [InlineData("\"IntervalSeconds\": 3, \"BackoffRate\": 1.5", new[] { 3, 4.5, 6.75 })]
    [InlineData("\"IntervalSeconds\": 2, \"MaxDelaySeconds\": 5", new double[] { 2, 4, 5 })]
    [InlineData("\"MaxAttempts\": 0", new double[0])]
    [InlineData("\"IntervalSeconds\": 10, \"BackoffRate\": 1, \"MaxAttempts\": 2", new double[] { 10, 10 })]
    public void Retry_Attempts_WaitAsTheRetrierSays(string retrier, double[] delays)
    {
        var world = Failing($$"""
            "Retry": [{ "ErrorEquals": ["E"], {{retrier}} }]
            """);

        Assert.Equal(delays, Delays(world));
        Assert.Equal(ExecutionStatus.Failed, world.Execution.Status);
    }

    [Fact]
    public void Retry_BackoffBeyondAllNumbers_IsCut()
    {
        var world = Failing("""
            "Retry": [{ "ErrorEquals": ["E"], "IntervalSeconds": 99999999, "BackoffRate": 1e300, "MaxAttempts": 3 }]
            """);

        Assert.Equal([99_999_999, 99_999_999, 99_999_999], Delays(world));
    }

    [Fact]
    public void Retry_FullJitter_IsDrawnFromTheSeed()
    {
        var delays = Enumerable.Range(0, 50).SelectMany(seed => Delays(Jittered((ulong)seed))).ToArray();

        Assert.All(delays, delay => Assert.InRange(delay, 0, 10));
        Assert.InRange(delays.Average(), 3, 7);
        Assert.Equal(Delays(Jittered(3)), Delays(Jittered(3)));

        static World Jittered(ulong seed) => new World(
            Machines.Task(Machines.Send, """
                "End": true, "Retry": [{ "ErrorEquals": ["E"], "IntervalSeconds": 10, "BackoffRate": 1,
                    "JitterStrategy": "FULL" }]
                """),
            World.Fail("E", "C"))
        { Seed = seed }.Start().Run();
    }

    [Fact]
    public void Retry_SeveralRetriers_EachCountsItsOwn()
    {
        var errors = new Queue<string>(["A", "B", "A", "B", "B"]);
        var world = new World(
            Machines.Task(Machines.Send, """
                "End": true, "Retry": [
                    { "ErrorEquals": ["A"], "IntervalSeconds": 1, "MaxAttempts": 2 },
                    { "ErrorEquals": ["B"], "IntervalSeconds": 10, "MaxAttempts": 2 }]
                """),
            task => [new(new TaskFailed(task.Id, errors.Dequeue(), null))]).Start().Run();

        Assert.Equal([1, 10, 2, 20], Delays(world));
        Assert.Equal("B", world.Execution.Error);
    }

    [Fact]
    public void Retry_MatchingRetrierIsUsedUp_NoLaterOneIsTried()
    {
        var world = Failing("""
            "Retry": [{ "ErrorEquals": ["E"], "MaxAttempts": 1 }, { "ErrorEquals": ["States.ALL"], "MaxAttempts": 5 }]
            """);

        Assert.Equal([1], Delays(world));
    }

    [Fact]
    public void Retry_NextVisitToTheState_CountsAnew()
    {
        var world = new World(
            $$"""
            { "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "MaxConcurrency": 1, "ItemProcessor": {
                "StartAt": "A", "States": { "A": { "Type": "Task", "Resource": "{{Machines.Send}}", "End": true,
                "Retry": [{ "ErrorEquals": ["E"], "MaxAttempts": 1 }] } } } } } }
            """,
            task => task.RetryCount == 0
                ? [new(new TaskFailed(task.Id, "E", null))]
                : [new(new TaskSucceeded(task.Id, "ok"))]).Start("[1,2]").Run();

        Assert.Equal([1, 1], Delays(world));
        Assert.Equal("""["ok","ok"]""", world.Execution.Output?.ToText());
    }

    [Fact]
    public void Retry_Attempt_EvaluatesItsParametersAnew()
    {
        List<string> inputs = [];
        _ = new World(
            Machines.Task(Machines.Send, """
                "End": true, "Parameters": { "n.$": "$$.State.RetryCount" }, "Retry": [{ "ErrorEquals": ["E"] }]
                """),
            task =>
            {
                inputs.Add(task.Input.ToText());
                return World.Fail("E", null)(task);
            }).Start().Run();

        Assert.Equal(["""{"n":0}""", """{"n":1}""", """{"n":2}""", """{"n":3}"""], inputs);
    }

    [Theory]
    [InlineData("E", "E", true)]
    [InlineData("States.ALL", "E", true)]
    [InlineData("States.TaskFailed", "E", true)]
    [InlineData("States.TaskFailed", "Lambda.Unknown", true)]
    [InlineData("e", "E", false)]
    [InlineData("States.Timeout", "E", false)]
    [InlineData("States.ALL", null, true)]
    public void Catch_ErrorOfATask_MatchesByName(string name, string? error, bool isCaught)
    {
        var world = new World(Caught(name), World.Fail(error, "C")).Start().Run();

        Assert.Equal(isCaught ? ExecutionStatus.Succeeded : ExecutionStatus.Failed, world.Execution.Status);
    }

    [Theory]
    [InlineData("States.Timeout", true)]
    [InlineData("States.ALL", true)]
    [InlineData("States.TaskFailed", false)]
    [InlineData("States.HeartbeatTimeout", false)]
    public void Catch_Timeout_MatchesByName(string name, bool isCaught)
    {
        var world = new World(Caught(name, "\"TimeoutSeconds\": 5,")).Start().Run();

        Assert.Equal(isCaught ? ExecutionStatus.Succeeded : ExecutionStatus.Failed, world.Execution.Status);
        if (isCaught)
        {
            Assert.Equal("""{"Error":"States.Timeout","Cause":""}""", world.Execution.Output?.ToText());
        }
    }

    [Theory]
    [InlineData("States.Timeout", true)]
    [InlineData("States.HeartbeatTimeout", true)]
    [InlineData("States.TaskFailed", false)]
    public void Catch_MissedHeartbeat_MatchesBothNames(string name, bool isCaught)
    {
        var world = new World(
            Caught(name, "\"HeartbeatSeconds\": 5,", Machines.SendWithToken),
            task => [new(new TaskSubmitted(task.Id, 1))]).Start().Run();

        Assert.Equal(isCaught ? ExecutionStatus.Succeeded : ExecutionStatus.Failed, world.Execution.Status);
    }

    [Theory]
    [InlineData("\"$\"", ErrorOutput)]
    [InlineData("\"$.err\"", """{"a":1,"err":""" + ErrorOutput + "}")]
    [InlineData("null", """{"a":1}""")]
    public void Catch_ResultPath_PutsTheErrorIntoTheRawInput(string resultPath, string output)
    {
        var world = new World(
            Machines.Task(Machines.Send, $$"""
                "End": true, "InputPath": "$.a", "ResultPath": "$.ignored", "OutputPath": "$.no.such.path",
                "Catch": [{ "ErrorEquals": ["E"], "Next": "N", "ResultPath": {{resultPath}} }]
                """),
            World.Fail("E", "C")).Start("""{"a":1}""").Run();

        Assert.Equal(output, world.Execution.Output?.ToText());
    }

    [Fact]
    public void Catch_FailureWithoutErrorAndCause_ShowsNulls()
    {
        var world = new World(Caught("States.ALL"), World.Fail(null, null)).Start().Run();

        Assert.Equal("""{"Error":null,"Cause":null}""", world.Execution.Output?.ToText());
    }

    [Fact]
    public void Catch_RuntimeError_IsNotCaught()
    {
        var world = new World(
            Machines.Task(Machines.Send, """
                "End": true, "ResultSelector": { "a.$": "$.no" },
                "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "N" }]
                """),
            World.Succeed(JsonObject.Of("b", 1))).Start().Run();

        Assert.Equal("States.Runtime", world.Execution.Error);
        Assert.Equal(
            "An error occurred while executing the state 'S' (entered at the event id #2). The JSONPath '$.no' "
            + "specified for the field 'a.$' could not be found in the input '{\"b\":1}'",
            world.Execution.Cause);
    }

    [Fact]
    public void Catch_ResultPathThatCannotBeApplied_IsCaught()
    {
        var world = new World(
            Machines.Task(Machines.Send, """
                "End": true, "ResultPath": "$.a.b",
                "Catch": [{ "ErrorEquals": ["States.ResultPathMatchFailure"], "Next": "N", "ResultPath": null }]
                """),
            World.Succeed(1)).Start("""{"a":1}""").Run();

        Assert.Equal(ExecutionStatus.Succeeded, world.Execution.Status);
    }

    [Fact]
    public void Fail_TaskResultTooLarge_IsCaughtAsRecorded()
    {
        var world = new World(Caught("States.ALL"), World.Succeed(new string('x', 262_143))).Start().Run();

        const string Cause =
            "The state/task 'sqs' returned a result with a size exceeding the maximum number of bytes service limit.";
        Assert.Equal(
            JsonObject.Of(("Error", "States.DataLimitExceeded"), ("Cause", Cause)), world.Execution.Output);
    }

    [Fact]
    public void Leave_OutputOfTheLargestSize_IsPassedOn()
    {
        var world = new World(Caught("States.ALL"), World.Succeed(new string('x', 262_142))).Start().Run();

        Assert.Equal(262_144, world.Execution.Output?.Utf8Length);
    }

    [Fact]
    public void Leave_OutputTooLarge_EndsTheExecution()
    {
        var world = new World(
            Machines.Task(Machines.Send, """
                "End": true, "ResultPath": "$.r", "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "N" }]
                """),
            World.Succeed(new string('x', 262_142))).Start().Run();

        Assert.Equal("States.DataLimitExceeded", world.Execution.Error);
        Assert.Equal(
            "The state/task 'S' returned a result with a size exceeding the maximum number of bytes service limit.",
            world.Execution.Cause);
    }

    private static World Failing(string members) => new World(
        Machines.Task(Machines.Send, "\"End\": true, " + members), World.Fail("E", "C")).Start().Run();

    private static string Caught(string name, string members = "", string resource = Machines.Send) =>
        Machines.Task(resource, $$"""
            {{members}} "End": true, "Catch": [{ "ErrorEquals": ["{{name}}"], "Next": "N" }]
            """);

    private static double[] Delays(World world)
    {
        List<double> delays = [];
        var failedAt = DateTimeOffset.MinValue;
        foreach (var fact in world.Facts)
        {
            if (fact is HistoryEvent e)
            {
                failedAt = e.Timestamp;
            }
            else if (fact is RetryScheduled retry)
            {
                delays.Add((retry.Due - failedAt).TotalSeconds);
            }
        }

        return [.. delays];
    }
}
