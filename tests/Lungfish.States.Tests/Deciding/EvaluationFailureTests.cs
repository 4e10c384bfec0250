using Lungfish.States.Deciding;
using Lungfish.States.Journal;

namespace Lungfish.States.Tests.Deciding;

/// <summary>What happens when an expression fails: the event that tells it, its chain, Retry and Catch.</summary>
public sealed class EvaluationFailureTests
{
    private const string Undefined = "returned nothing (undefined).";

    [Theory] // Field, expression and the rest of the cause: recorded and measured forms.
    [InlineData("""   "Type": "Pass", "Output": "{% $no %}"   """, "Output", "$no", Undefined)]
    [InlineData(
        """   "Type": "Pass", "Output": {"a":{"b":[[1,"{%  $no  %}"]]}}   """,
        "Output/a/b[0][1]", "$no", Undefined)]
    [InlineData("""   "Type": "Pass", "Assign": {"x":{"y":"{% $no %}"}}   """, "Assign/x/y", "$no", Undefined)]
    [InlineData("""   "Type": "Parallel", "Branches": [%I], "Arguments": ["{% $no %}"]   """, "Arguments[0]", "$no",
        Undefined)]
    [InlineData(
        """   "Type": "Task", "Resource": "%F", "Arguments": {"K":"{% $no %}"}   """,
        "Arguments/K", "$no", Undefined)]
    [InlineData("""   "Type": "Task", "Resource": "%F", "TimeoutSeconds": "{% 'x' %}"   """, "TimeoutSeconds", "'x'",
        "returned an unexpected result type. Expected 'number', but was 'string' for value: \"x\"")]
    [InlineData("""   "Type": "Task", "Resource": "%F", "HeartbeatSeconds": "{% 0 %}"   """, "HeartbeatSeconds", "0",
        "returned an unexpected value. Expected a whole number from 1 to 99999999, but was: 0")]
    [InlineData(
        """   "Type": "Task", "Resource": "%F", "Credentials": {"RoleArn":"{% 1 %}"}   """,
        "Credentials/RoleArn",
        "1", "returned an unexpected result type. Expected 'string', but was 'number' for value: 1")]
    [InlineData(
        """   "Type": "Map", "ItemProcessor": %I, "Items": "{% {'foo': 'bar'} %}"   """,
        "Items", "{'foo': 'bar'}",
        "returned an unexpected result type. Expected 'array', but was 'object' for value: {\"foo\":\"bar\"}")]
    [InlineData(
        """   "Type": "Map", "ItemProcessor": %I, "Items": [1, "{% $no %}"]   """,
        "Items[1]", "$no", Undefined)]
    [InlineData("""   "Type": "Map", "ItemProcessor": %I, "Items": "{% $fn := function($x){$x} %}"   """, "Items",
        "$fn := function($x){$x}", "returned an unsupported result type.")]
    [InlineData(
        """   "Type": "Map", "ItemProcessor": %I, "Items": [1], "MaxConcurrency": "{% -1 %}"   """,
        "MaxConcurrency",
        "-1", "returned an unexpected value. Expected a whole number from 0 to 2147483647, but was: -1")]
    [InlineData("""   "Type": "Map", "ItemProcessor": %I, "Items": [1], "ItemSelector": {"v":"{% $no %}"}   """,
        "ItemSelector/v", "$no", Undefined)]
    [InlineData("""   "Type": "Wait", "Seconds": "{% 1.5 %}"   """, "Seconds", "1.5",
        "returned an unexpected value. Expected a whole number from 0 to 9223372036854775807, but was: 1.5")]
    [InlineData("""   "Type": "Pass", "Output": "{% $randomSeeded(1) %}"   """, "Output", "$randomSeeded(1)",
        "threw an error during evaluation. T1006: Attempted to invoke a non-function")]
    [InlineData("""   "Type": "Pass", "Output": "{% 1 + 'a' %}"   """, "Output", "1 + 'a'",
        "threw an error during evaluation. T2002: The right side of the \"+\" operator must evaluate to a number")]
    public void Fails_AnyField_TellsWhereAndWhy(string state, string field, string expression, string rest)
    {
        var world = Run("\"S\": { " + Filled(state) + ", \"End\": true }");

        AssertFailed(
            world, "S", 2, field, $"The JSONata expression '{expression}' specified for the field '{field}' {rest}");
    }

    [Theory]
    [InlineData("\"Condition\": \"{% $no %}\"", "Choices[1]/Condition", "$no", Undefined)]
    [InlineData("\"Condition\": \"{% 1 %}\"", "Choices[1]/Condition", "1",
        "returned an unexpected result type. Expected 'boolean', but was 'number' for value: 1")]
    [InlineData("\"Condition\": true, \"Output\": {\"v\":\"{% $no %}\"}", "Choices[1]/Output/v", "$no", Undefined)]
    [InlineData("\"Condition\": true, \"Assign\": {\"x\":\"{% $no %}\"}", "Choices[1]/Assign/x", "$no", Undefined)]
    public void Fails_InARule_TellsWhichRule(string rule, string field, string expression, string rest)
    {
        var world = Run($$"""
            "S": { "Type": "Choice", "Default": "E", "Choices": [
                { "Condition": false, "Next": "E" }, { {{rule}}, "Next": "E" }] },
            "E": { "Type": "Succeed" }
            """);

        AssertFailed(
            world, "S", 2, field, $"The JSONata expression '{expression}' specified for the field '{field}' {rest}");
    }

    [Fact]
    public void Fails_InAFailState_EndsWithThatError() => AssertFailed(
        Run("""   "S": { "Type": "Fail", "Error": "{% $no %}" }   """),
        "S", 2, "Error", $"The JSONata expression '$no' specified for the field 'Error' {Undefined}");

    [Fact] // Recorded in scenarios/*test_wait_timestamp_jsonata.
    public void Fails_TimestampThatIsNone_NamesTheValueOnly() => AssertFailed(
        Run("""   "S": { "Type": "Wait", "Timestamp": "{% '2016-12-05 21:29:29Z' %}", "End": true }   """),
        "S", 2, "Timestamp",
        "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: " +
            "2016-12-05 21:29:29Z");

    [Fact] // Recorded in scenarios/*test_map_state_items_input_types: no location.
    public void Fails_MapOverAnInputThatIsNoArray_NamesNoField() => AssertFailed(
        Run(Filled("""   "S": { "Type": "Map", "ItemProcessor": %I, "End": true }   """), "{\"a\":1}"),
        "S", 2, null, "Map state input must be an array but was: {\"a\":1}");

    // The chains of sfn-api.md, section 5.3. At the top level those that were recorded.
    [Fact]
    public void Chain_OneRetry_HasAnEventForEachAttempt() => AssertChain(
        Run(Filled("""
            "S": { "Type": "Task", "Resource": "%F", "Arguments": "{% $no %}", "End": true,
                "Retry": [{ "ErrorEquals": ["States.QueryEvaluationError"], "MaxAttempts": 1 }] }
            """)),
        "2<0 TaskStateEntered", "3<0 EvaluationFailed", "4<3 EvaluationFailed", "5<4 ExecutionFailed");

    [Fact]
    public void Chain_InABranch_IsCaughtOutside() => AssertChain(
        Run("""
            "S": { "Type": "Parallel", "End": true, "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "N" }],
                "Branches": [{ "StartAt": "P", "States": {
                    "P": { "Type": "Pass", "Output": "{% $no %}", "End": true } } }] },
            "N": { "Type": "Succeed" }
            """),
        "2<0 ParallelStateEntered", "3<2 ParallelStateStarted", "4<3 PassStateEntered", "5<4 EvaluationFailed",
        "6<5 ParallelStateFailed", "7<6 ParallelStateExited", "8<7 SucceedStateEntered");

    [Fact]
    public void Chain_InAnIteration_FailsTheMap() => AssertChain(
        Run("""
            "S": { "Type": "Map", "Items": [1], "End": true, "ItemProcessor": {
                "StartAt": "P", "States": { "P": { "Type": "Pass", "Output": "{% $no %}", "End": true } } } }
            """),
        "2<0 MapStateEntered", "3<2 MapStateStarted", "4<3 MapIterationStarted", "5<4 PassStateEntered",
        "6<5 EvaluationFailed", "7<6 MapIterationFailed", "8<6 MapStateFailed", "9<8 ExecutionFailed");

    [Fact]
    public void Chain_Items_FailsTheMapBeforeItStarts() => AssertChain(
        Run(Filled("""   "S": { "Type": "Map", "Items": "{% 1 %}", "ItemProcessor": %I, "End": true }   """)),
        "2<0 MapStateEntered", "3<0 EvaluationFailed", "4<3 MapStateFailed", "5<4 ExecutionFailed");

    [Fact]
    public void Chain_CatcherThatFails_FailsTheStateOnceMore()
    {
        var world = Run("""
            "P": { "Type": "Succeed" },
            "S": { "Type": "Parallel", "End": true,
                "Branches": [{ "StartAt": "F", "States": { "F": { "Type": "Fail", "Error": "E" } } }],
                "Catch": [{ "ErrorEquals": ["X"], "Next": "P" },
                    { "ErrorEquals": ["E"], "Output": {"v":"{% $no %}"}, "Next": "P" },
                    { "ErrorEquals": ["States.ALL"], "Next": "P" }] }
            """);

        AssertChain(
            world, "2<0 ParallelStateEntered", "3<2 ParallelStateStarted", "4<3 FailStateEntered",
            "5<4 ParallelStateFailed", "6<4 EvaluationFailed", "7<6 ParallelStateFailed", "8<7 ExecutionFailed");
        Assert.Equal(("Catch[1]/Output/v", "S"), (world.Event(6).Details.Location, world.Event(6).Details.Name));
    }

    [Fact] // Found by random machines: the first iteration slept on, and its timer with it.
    public void Fails_ItemSelectorWhileAnIterationRuns_CutsThatOff()
    {
        var world = Run("""
            "S": { "Type": "Map", "Items": [1, 2, 3], "MaxConcurrency": 2, "Next": "N",
                "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "N" }],
                "ItemSelector": "{% $states.context.Map.Item.Value < 3 ? $states.context.Map.Item.Value : $no %}",
                "ItemProcessor": { "StartAt": "W", "States": {
                    "W": { "Type": "Wait", "Seconds": "{% $states.input * 5 %}", "End": true } } } },
            "N": { "Type": "Succeed" }
            """);

        Assert.Equal(World.Noon.AddSeconds(5), world.Now);
        Assert.Equal(
            [
                "8<6 WaitStateExited", "9<8 MapIterationSucceeded", "10<8 EvaluationFailed",
                "11<10 MapIterationAborted",
                "12<10 WaitStateAborted", "13<10 MapStateFailed", "14<13 MapStateExited",
            ],
            world.Rendered().Skip(7).Take(7));
    }

    [Fact] // Found by random machines: the timer that had gone off stayed armed.
    public void Fails_WaitAtItsEnd_LeavesNoTimer()
    {
        var world = Run("""
            "S": { "Type": "Parallel", "Next": "N", "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "N" }],
                "Branches": [{ "StartAt": "W", "States": {
                    "W": { "Type": "Wait", "Seconds": 3, "Output": "{% $no %}", "End": true } } }] },
            "N": { "Type": "Wait", "Seconds": 9, "End": true }
            """);

        Assert.Equal(ExecutionStatus.Succeeded, world.Execution.Status);
        Assert.Equal(World.Noon.AddSeconds(12), world.Now);
    }

    [Fact]
    public void Catch_TaskFailed_DoesNotMatchAFailedEvaluation()
    {
        var world = Run(Filled("""
            "S": { "Type": "Task", "Resource": "%F", "Arguments": "{% $no %}", "Next": "E", "Catch": [
                { "ErrorEquals": ["States.TaskFailed"], "Next": "E" },
                { "ErrorEquals": ["States.QueryEvaluationError"], "Next": "E",
                    "Output": "{% $states.errorOutput.Error %}" }] },
            "E": { "Type": "Succeed" }
            """));

        Assert.Equal("\"States.QueryEvaluationError\"", world.Execution.Output?.ToText());
    }

    [Fact]
    public void Fails_OutputAfterTheTask_IsRetriedWithTheTask()
    {
        var world = Run(
            Filled("""
                "S": { "Type": "Task", "Resource": "%F", "Output": "{% $states.result.no %}", "End": true,
                    "Retry": [{ "ErrorEquals": ["States.ALL"], "MaxAttempts": 1 }] }
                """),
            answers: World.Succeed(1));

        Assert.Equal(2, world.History.Count(e => e.Type == HistoryEventType.LambdaFunctionSucceeded));
        Assert.Equal(2, world.History.Count(e => e.Type == HistoryEventType.EvaluationFailed));
        Assert.Equal("States.QueryEvaluationError", world.Execution.Error);
    }

    private static void AssertFailed(World world, string state, long enteredEventId, string? field, string rest)
    {
        var failed = Assert.Single(world.History, e => e.Type == HistoryEventType.EvaluationFailed);
        var cause =
            $"An error occurred while executing the state '{state}' (entered at the event id #{enteredEventId}). "
            + rest;
        Assert.Equal((state, field, cause), (failed.Details.Name, failed.Details.Location, failed.Details.Cause));
        Assert.Equal(ExecutionStatus.Failed, world.Execution.Status);
        Assert.Equal(("States.QueryEvaluationError", cause), (world.Execution.Error, world.Execution.Cause));
        Assert.Contains($"\"state\":\"{state}\"", world.Written(failed.Id), StringComparison.Ordinal);
    }

    private static void AssertChain(World world, params string[] expected) =>
        Assert.Equal(expected, world.Rendered().Skip(1).Take(expected.Length));

    private static string Filled(string states) => states
        .Replace("%F", Machines.FunctionArn, StringComparison.Ordinal)
        .Replace(
            "%I",
            """{ "StartAt": "I", "States": { "I": { "Type": "Pass", "End": true } } }""",
            StringComparison.Ordinal);

    private static World Run(
        string states, string input = "{}", Func<PendingTask, IEnumerable<Answer>>? answers = null) => new World(
            $$"""{ "QueryLanguage": "JSONata", "StartAt": "S", "States": { {{states}} } }""", answers)
        .Start(input).Run();
}
