using Lungfish.States.Deciding;

namespace Lungfish.States.Tests.Deciding;

/// <summary>The event sequences of sfn-api.md section 5.3, literally.</summary>
public sealed class HistoryTests
{
    [Fact]
    public void Pass_Ends_AsRecorded() => Check(
        """{ "StartAt": "S", "States": { "S": { "Type": "Pass", "End": true } } }""",
        "1<0 ExecutionStarted 2<0 PassStateEntered 3<2 PassStateExited 4<3 ExecutionSucceeded");

    [Fact]
    public void Fail_Ends_AsRecorded() => Check(
        """{ "StartAt": "S", "States": { "S": { "Type": "Fail", "Error": "E", "Cause": "C" } } }""",
        "1<0 ExecutionStarted 2<0 FailStateEntered 3<2 ExecutionFailed");

    [Fact]
    public void Choice_Matches_AsRecorded() => Check(
        """
        { "StartAt": "S", "States": {
            "S": { "Type": "Choice", "Choices": [{ "Variable": "$.a", "IsPresent": false, "Next": "N" }] },
            "N": { "Type": "Pass", "End": true } } }
        """,
        """
        1<0 ExecutionStarted 2<0 ChoiceStateEntered 3<2 ChoiceStateExited 4<3 PassStateEntered 5<4 PassStateExited
        6<5 ExecutionSucceeded
        """);

    [Fact]
    public void Choice_NoneMatches_AsMeasured() => Check(
        """
        { "StartAt": "S", "States": {
            "S": { "Type": "Choice", "Choices": [{ "Variable": "$.a", "IsPresent": true, "Next": "N" }] },
            "N": { "Type": "Pass", "End": true } } }
        """,
        "1<0 ExecutionStarted 2<0 ChoiceStateEntered 3<2 ExecutionFailed");

    [Theory]
    [InlineData("\"Seconds\": 5")]
    [InlineData("\"Seconds\": 0")]
    [InlineData("\"Timestamp\": \"2016-03-14T01:59:00Z\"")]
    [InlineData("\"Timestamp\": \"2026-03-14T01:59:00+01:00\"")]
    public void Wait_Ends_AsRecorded(string until) => Check(
        $$"""{ "StartAt": "S", "States": { "S": { "Type": "Wait", {{until}}, "End": true } } }""",
        "1<0 ExecutionStarted 2<0 WaitStateEntered 3<2 WaitStateExited 4<3 ExecutionSucceeded");

    [Fact]
    public void Succeed_Ends_AsRecorded() => Check(
        """{ "StartAt": "S", "States": { "S": { "Type": "Succeed" } } }""",
        "1<0 ExecutionStarted 2<0 SucceedStateEntered 3<2 SucceedStateExited 4<3 ExecutionSucceeded");

    [Fact]
    public void FunctionArn_Succeeds_AsRecorded() => Check(
        Machines.Task(Machines.FunctionArn),
        """
        1<0 ExecutionStarted 2<0 TaskStateEntered 3<2 LambdaFunctionScheduled 4<3 LambdaFunctionStarted
        5<4 LambdaFunctionSucceeded 6<5 TaskStateExited 7<6 ExecutionSucceeded
        """,
        World.Succeed(1));

    [Fact]
    public void Send_Succeeds_AsRecorded() => Check(
        Machines.Task(Machines.Send),
        """
        1<0 ExecutionStarted 2<0 TaskStateEntered 3<2 TaskScheduled 4<3 TaskStarted 5<4 TaskSucceeded
        6<5 TaskStateExited 7<6 ExecutionSucceeded
        """,
        World.Succeed(1));

    [Fact]
    public void Send_FailsUncaught_AsRecorded() => Check(
        Machines.Task(Machines.Send),
        """
        1<0 ExecutionStarted 2<0 TaskStateEntered 3<2 TaskScheduled 4<3 TaskStarted 5<4 TaskFailed
        6<5 ExecutionFailed
        """,
        World.Fail("E", "C"));

    [Fact]
    public void FunctionArn_FailsCaught_AsRecorded() => Check(
        Machines.Task(
            Machines.FunctionArn, """ "End": true, "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "N" }] """),
        """
        1<0 ExecutionStarted 2<0 TaskStateEntered 3<2 LambdaFunctionScheduled 4<3 LambdaFunctionStarted
        5<4 LambdaFunctionFailed 6<5 TaskStateExited 7<6 PassStateEntered 8<7 PassStateExited 9<8 ExecutionSucceeded
        """,
        World.Fail("E", "C"));

    [Fact]
    public void FunctionArn_RetriedThenCaught_AsRecorded() => Check(
        Machines.Task(
            Machines.FunctionArn,
            """
            "End": true, "Retry": [{ "ErrorEquals": ["States.ALL"], "MaxAttempts": 3 }],
            "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "N" }]
            """),
        """
        1<0 ExecutionStarted 2<0 TaskStateEntered 3<2 LambdaFunctionScheduled 4<3 LambdaFunctionStarted
        5<4 LambdaFunctionFailed 6<5 LambdaFunctionScheduled 7<6 LambdaFunctionStarted 8<7 LambdaFunctionFailed
        9<8 LambdaFunctionScheduled 10<9 LambdaFunctionStarted 11<10 LambdaFunctionFailed
        12<11 LambdaFunctionScheduled 13<12 LambdaFunctionStarted 14<13 LambdaFunctionFailed 15<14 TaskStateExited
        16<15 PassStateEntered 17<16 PassStateExited 18<17 ExecutionSucceeded
        """,
        World.Fail("E", "C"));

    [Fact]
    public void Send_TimesOut_AsRecorded() => Check(
        Machines.Task(Machines.Send, "\"End\": true, \"TimeoutSeconds\": 5"),
        """
        1<0 ExecutionStarted 2<0 TaskStateEntered 3<2 TaskScheduled 4<3 TaskStarted 5<4 TaskTimedOut
        6<5 ExecutionFailed
        """);

    [Fact]
    public void FunctionArn_TimesOut_AsRecorded() => Check(
        Machines.Task(Machines.FunctionArn, "\"End\": true, \"TimeoutSeconds\": 5"),
        """
        1<0 ExecutionStarted 2<0 TaskStateEntered 3<2 LambdaFunctionScheduled 4<3 LambdaFunctionStarted
        5<4 LambdaFunctionTimedOut 6<5 ExecutionFailed
        """);

    [Fact]
    public void Callback_Succeeds_AsRecorded() => Check(
        Machines.Task(Machines.SendWithToken),
        """
        1<0 ExecutionStarted 2<0 TaskStateEntered 3<2 TaskScheduled 4<3 TaskStarted 5<4 TaskSubmitted
        6<5 TaskSucceeded 7<6 TaskStateExited 8<7 ExecutionSucceeded
        """,
        task => [new(new TaskSubmitted(task.Id, 1)), new(new TaskSucceeded(task.Id, 2), TimeSpan.FromHours(1))]);

    [Fact]
    public void Callback_AnsweredBeforeItIsSubmitted_SubmissionIsIgnored() => Check(
        Machines.Task(Machines.SendWithToken),
        """
        1<0 ExecutionStarted 2<0 TaskStateEntered 3<2 TaskScheduled 4<3 TaskStarted 5<4 TaskSucceeded
        6<5 TaskStateExited 7<6 ExecutionSucceeded
        """,
        task => [new(new TaskSucceeded(task.Id, 2)), new(new TaskSubmitted(task.Id, 1))]);

    [Fact]
    public void Callback_MissesHeartbeat_AsRecorded() => Check(
        Machines.Task(Machines.SendWithToken, "\"End\": true, \"TimeoutSeconds\": 600, \"HeartbeatSeconds\": 5"),
        """
        1<0 ExecutionStarted 2<0 TaskStateEntered 3<2 TaskScheduled 4<3 TaskStarted 5<4 TaskSubmitted
        6<5 TaskTimedOut 7<6 ExecutionFailed
        """,
        task => [new(new TaskSubmitted(task.Id, 1))]);

    [Fact]
    public void Callback_Fails_AsRecorded() => Check(
        Machines.Task(Machines.SendWithToken),
        """
        1<0 ExecutionStarted 2<0 TaskStateEntered 3<2 TaskScheduled 4<3 TaskStarted 5<4 TaskSubmitted 6<5 TaskFailed
        7<6 ExecutionFailed
        """,
        task => [new(new TaskSubmitted(task.Id, 1)), new(new TaskFailed(task.Id, null, null))]);

    [Fact]
    public void Activity_Succeeds_AsRecorded() => Check(
        Machines.Task(Machines.ActivityArn),
        """
        1<0 ExecutionStarted 2<0 TaskStateEntered 3<2 ActivityScheduled 4<3 ActivityStarted 5<4 ActivitySucceeded
        6<5 TaskStateExited 7<6 ExecutionSucceeded
        """,
        task => [new(new TaskTaken(task.Id, "w")), new(new TaskSucceeded(task.Id, 2))]);

    [Fact]
    public void Activity_TimesOut_AsRecorded() => Check(
        Machines.Task(Machines.ActivityArn, "\"End\": true, \"TimeoutSeconds\": 5"),
        """
        1<0 ExecutionStarted 2<0 TaskStateEntered 3<2 ActivityScheduled 4<3 ActivityStarted 5<4 ActivityTimedOut
        6<5 ExecutionFailed
        """,
        task => [new(new TaskTaken(task.Id, null))]);

    [Fact]
    public void Activity_Deleted_AsRecorded()
    {
        var world = new World(Machines.Task(Machines.ActivityArn));
        world.MissingActivities.Add(Machines.ActivityArn);
        _ = world.Start().Run();

        Assert.Equal(["1<0 ExecutionStarted", "2<0 TaskStateEntered", "3<2 ExecutionFailed"], world.Rendered());
        Assert.Equal(
            "An error occurred while executing the state 'S' (entered at the event id #2). "
            + $"The activity {Machines.ActivityArn} does not exist.",
            world.Execution.Cause);
    }

    [Fact]
    public void Stop_WhileWaiting_AsRecorded()
    {
        var world = new World(Machines.Of(""" "Type": "Wait", "Seconds": 9, "End": true """));
        _ = world.Start().Send(new Stop(null, null));

        Assert.Equal(["1<0 ExecutionStarted", "2<0 WaitStateEntered", "3<0 ExecutionAborted"], world.Rendered());
        Assert.Equal(ExecutionStatus.Aborted, world.Execution.Status);
    }

    [Fact]
    public void MachineTimeout_WhileWaiting_AsRecorded() => Check(
        """
        { "TimeoutSeconds": 5, "StartAt": "S", "States": { "S": { "Type": "Wait", "Seconds": 9, "End": true } } }
        """,
        "1<0 ExecutionStarted 2<0 WaitStateEntered 3<0 ExecutionTimedOut");

    [Fact]
    public void Parallel_Succeeds_AsRecorded() => Check(
        """
        { "StartAt": "P", "States": { "P": { "Type": "Parallel", "End": true, "Branches": [
            { "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } },
            { "StartAt": "B", "States": { "B": { "Type": "Pass", "End": true } } } ] } } }
        """,
        """
        1<0 ExecutionStarted 2<0 ParallelStateEntered 3<2 ParallelStateStarted 4<3 PassStateEntered 5<4 PassStateExited
        6<3 PassStateEntered 7<6 PassStateExited 8<7 ParallelStateSucceeded 9<7 ParallelStateExited
        10<9 ExecutionSucceeded
        """);

    [Fact]
    public void Parallel_BranchFails_AsRecorded() => Check(
        """
        { "StartAt": "P", "States": { "P": { "Type": "Parallel", "End": true, "Branches": [
            { "StartAt": "A", "States": { "A": { "Type": "Fail" } } } ] } } }
        """,
        """
        1<0 ExecutionStarted 2<0 ParallelStateEntered 3<2 ParallelStateStarted 4<3 FailStateEntered
        5<4 ParallelStateFailed 6<5 ExecutionFailed
        """);

    [Fact]
    public void Parallel_BranchFailsCaught_AsRecorded() => Check(
        """
        { "StartAt": "P", "States": { "N": { "Type": "Pass", "End": true }, "P": { "Type": "Parallel", "End": true,
            "Catch": [{ "ErrorEquals": ["States.BranchFailed"], "Next": "N" }], "Branches": [
            { "StartAt": "A", "States": { "A": { "Type": "Fail" } } } ] } } }
        """,
        """
        1<0 ExecutionStarted 2<0 ParallelStateEntered 3<2 ParallelStateStarted 4<3 FailStateEntered
        5<4 ParallelStateFailed 6<5 ParallelStateExited 7<6 PassStateEntered 8<7 PassStateExited 9<8 ExecutionSucceeded
        """);

    [Fact]
    public void Parallel_Retried_AsRecorded() => Check(
        """
        { "StartAt": "P", "States": { "P": { "Type": "Parallel", "End": true,
            "Retry": [{ "ErrorEquals": ["FailureType"], "MaxAttempts": 2 }], "Branches": [
            { "StartAt": "A", "States": { "A": { "Type": "Fail", "Error": "FailureType" } } } ] } } }
        """,
        """
        1<0 ExecutionStarted 2<0 ParallelStateEntered 3<2 ParallelStateStarted 4<3 FailStateEntered
        5<4 ParallelStateStarted 6<5 FailStateEntered 7<6 ParallelStateStarted 8<7 FailStateEntered
        9<8 ParallelStateFailed 10<9 ExecutionFailed
        """);

    [Fact]
    public void Map_OneAtATime_AsRecorded() => Check(
        """
        { "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "MaxConcurrency": 1, "ItemProcessor": {
            "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } } } } }
        """,
        """
        1<0 ExecutionStarted 2<0 MapStateEntered 3<2 MapStateStarted
        4<3 MapIterationStarted 5<4 PassStateEntered 6<5 PassStateExited 7<6 MapIterationSucceeded
        8<6 MapIterationStarted 9<8 PassStateEntered 10<9 PassStateExited 11<10 MapIterationSucceeded
        12<10 MapIterationStarted 13<12 PassStateEntered 14<13 PassStateExited 15<14 MapIterationSucceeded
        16<15 MapStateSucceeded 17<15 MapStateExited 18<17 ExecutionSucceeded
        """,
        input: "[1,2,3]");

    [Fact]
    public void Map_OfNothing_AsMeasured() => Check(
        """
        { "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "ItemProcessor": {
            "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } } } } }
        """,
        """
        1<0 ExecutionStarted 2<0 MapStateEntered 3<2 MapStateStarted 4<3 MapStateSucceeded 5<3 MapStateExited
        6<5 ExecutionSucceeded
        """,
        input: "[]");

    [Fact]
    public void Map_AllTasksTimeOutAtOnce_AsRecorded() => Check(
        $$"""
        { "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "ItemProcessor": { "StartAt": "A", "States": {
            "A": { "Type": "Task", "Resource": "{{Machines.Send}}", "TimeoutSeconds": 5, "End": true } } } } } }
        """,

        // As recorded, but that a task starts in the turn in which it is scheduled, and that they time out in order.
        """
        1<0 ExecutionStarted 2<0 MapStateEntered 3<2 MapStateStarted
        4<3 MapIterationStarted 5<3 MapIterationStarted 6<3 MapIterationStarted 7<3 MapIterationStarted
        8<4 TaskStateEntered 9<8 TaskScheduled 10<9 TaskStarted 11<5 TaskStateEntered 12<11 TaskScheduled
        13<12 TaskStarted 14<6 TaskStateEntered 15<14 TaskScheduled 16<15 TaskStarted 17<7 TaskStateEntered
        18<17 TaskScheduled 19<18 TaskStarted
        20<10 TaskTimedOut 21<13 TaskTimedOut 22<16 TaskTimedOut 23<19 TaskTimedOut
        24<20 MapIterationFailed 25<20 TaskStateAborted 26<20 MapIterationAborted 27<20 TaskStateAborted
        28<20 MapIterationAborted 29<20 TaskStateAborted 30<20 MapIterationAborted 31<20 TaskStateAborted
        32<20 MapStateFailed 33<32 ExecutionFailed
        """,
        input: "[1,2,3,4]");

    [Fact]
    public void Map_IterationFails_AsRecorded() => Check(
        """
        { "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "MaxConcurrency": 1, "ItemProcessor": {
            "StartAt": "A", "States": { "A": { "Type": "Fail" } } } } } }
        """,
        """
        1<0 ExecutionStarted 2<0 MapStateEntered 3<2 MapStateStarted 4<3 MapIterationStarted 5<4 FailStateEntered
        6<5 MapIterationFailed 7<5 MapStateFailed 8<7 ExecutionFailed
        """,
        input: "[1,2,3]");

    [Fact]
    public void Map_Retried_AsRecorded() => Check(
        """
        { "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "MaxConcurrency": 1,
            "Retry": [{ "ErrorEquals": ["E"], "MaxAttempts": 2 }], "ItemProcessor": {
            "StartAt": "A", "States": { "A": { "Type": "Fail", "Error": "E" } } } } } }
        """,
        """
        1<0 ExecutionStarted 2<0 MapStateEntered 3<2 MapStateStarted 4<3 MapIterationStarted 5<4 FailStateEntered
        6<5 MapIterationFailed 7<5 MapStateStarted 8<7 MapIterationStarted 9<8 FailStateEntered 10<9 MapIterationFailed
        11<9 MapStateStarted 12<11 MapIterationStarted 13<12 FailStateEntered 14<13 MapIterationFailed
        15<13 MapStateFailed 16<15 ExecutionFailed
        """,
        input: "[1]");

    [Fact]
    public void Parallel_TaskFailsCaught_AsRecorded() => Check(
        $$"""
        { "StartAt": "P", "States": { "N": { "Type": "Pass", "End": true }, "P": { "Type": "Parallel", "End": true,
            "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "N" }], "Branches": [{ "StartAt": "A", "States": {
            "A": { "Type": "Task", "Resource": "{{Machines.SendWithToken}}", "End": true } } }] } } }
        """,
        """
        1<0 ExecutionStarted 2<0 ParallelStateEntered 3<2 ParallelStateStarted 4<3 TaskStateEntered 5<4 TaskScheduled
        6<5 TaskStarted 7<6 TaskSubmitted 8<7 TaskFailed 9<8 TaskStateAborted 10<8 ParallelStateFailed
        11<10 ParallelStateExited 12<11 PassStateEntered 13<12 PassStateExited 14<13 ExecutionSucceeded
        """,
        task => [new(new TaskSubmitted(task.Id, 1)), new(new TaskFailed(task.Id, null, null))]);

    [Fact]
    public void Parallel_SiblingsAreCut_AsMeasured() => Check(
        $$"""
        { "StartAt": "P", "States": { "P": { "Type": "Parallel", "End": true, "Branches": [
            { "StartAt": "A", "States": { "A": { "Type": "Task", "Resource": "{{Machines.Send}}", "End": true } } },
            { "StartAt": "B", "States": { "B": { "Type": "Wait", "Seconds": 60, "End": true } } },
            { "StartAt": "C", "States": {
                "C": { "Type": "Wait", "Seconds": 1, "Next": "F" }, "F": { "Type": "Fail" } } }
        ] } } }
        """,
        """
        1<0 ExecutionStarted 2<0 ParallelStateEntered 3<2 ParallelStateStarted 4<3 TaskStateEntered 5<4 TaskScheduled
        6<5 TaskStarted 7<3 WaitStateEntered 8<3 WaitStateEntered 9<8 WaitStateExited 10<9 FailStateEntered
        11<10 TaskStateAborted 12<10 WaitStateAborted 13<10 ParallelStateFailed 14<13 ExecutionFailed
        """);

    [Fact]
    public void Parallel_RuntimeErrorInside_EndsAtOnceAsMeasured() => Check(
        """
        { "StartAt": "P", "States": { "N": { "Type": "Pass", "End": true }, "P": { "Type": "Parallel", "End": true,
            "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "N" }], "Branches": [
            { "StartAt": "A", "States": { "A": { "Type": "Pass", "InputPath": "$.no", "End": true } } } ] } } }
        """,
        """
        1<0 ExecutionStarted 2<0 ParallelStateEntered 3<2 ParallelStateStarted 4<3 PassStateEntered 5<4 ExecutionFailed
        """);

    [Fact]
    public void Parallel_OwnOutputFails_AsMeasured() => Check(
        """
        { "StartAt": "P", "States": { "P": { "Type": "Parallel", "End": true, "ResultSelector": { "a.$": "$.no" },
            "Branches": [{ "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } }] } } }
        """,
        """
        1<0 ExecutionStarted 2<0 ParallelStateEntered 3<2 ParallelStateStarted 4<3 PassStateEntered 5<4 PassStateExited
        6<5 ParallelStateSucceeded 7<6 ExecutionFailed
        """);

    [Fact]
    public void Map_BadConcurrency_AsRecorded() => Check(
        """
        { "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "MaxConcurrencyPath": "$.c",
            "ItemsPath": "$.i", "ItemProcessor": {
            "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } } } } }
        """,
        "1<0 ExecutionStarted 2<0 MapStateEntered 3<2 ExecutionFailed",
        input: """{"c":"NoNumber","i":[1]}""");

    private static void Check(
        string definition,
        string history,
        Func<PendingTask, IEnumerable<Answer>>? answers = null,
        string input = "{}")
    {
        var world = new World(definition, answers).Start(input).Run();

        Assert.NotEqual(ExecutionStatus.Running, world.Execution.Status);
        Assert.Equal(Words(history), Words(string.Join(' ', world.Rendered())));
    }

    /// <summary>One event a line, so that a difference is easy to see.</summary>
    private static string Words(string history) => string.Join(
        '\n', history.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Chunk(2).Select(e => $"{e[0]} {e[1]}"));
}
