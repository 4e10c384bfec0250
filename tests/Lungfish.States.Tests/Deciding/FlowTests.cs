using Lungfish.States.Deciding;
using Lungfish.States.Journal;

namespace Lungfish.States.Tests.Deciding;

public sealed class FlowTests
{
    private const string Squares = """
        { "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, {0} "ItemProcessor": {
            "StartAt": "A", "States": { "A": { {1} "End": true } } } } } }
        """;

    [Fact]
    public void Decide_LongChain_YieldsAndGoesOn()
    {
        var states = Enumerable.Range(0, 1_200).Select(i => $$"""
            "S{{i}}": { "Type": "Pass", {{(i < 1_199 ? $"\"Next\": \"S{i + 1}\"" : "\"End\": true")}} }
            """);
        var world = new World($$"""{ "StartAt": "S0", "States": { {{string.Join(',', states)}} } }""").Start();

        Assert.True(world.Execution.HasMoreToDo);
        Assert.Equal(ExecutionStatus.Running, world.Execution.Status);
        _ = world.Run();

        Assert.Equal(3, world.Decisions);
        Assert.Equal(2_402, world.Execution.LastEventId);
        Assert.Equal(ExecutionStatus.Succeeded, world.Execution.Status);
    }

    [Fact]
    public void Decide_AnotherMessageWhileYielded_LeavesTheRestToContinue()
    {
        var world = new World(Map("", Task())).Start($"[{string.Join(',', Enumerable.Range(0, 600))}]");
        Assert.True(world.Execution.HasMoreToDo);

        _ = world.Send(new Stop(null, null));

        Assert.False(world.Execution.HasMoreToDo);
        Assert.Equal(ExecutionStatus.Aborted, world.Execution.Status);
    }

    [Fact]
    public void Decide_EndlessLoop_EndsAtEvent25000AsMeasured()
    {
        var world = new World("""
            { "StartAt": "A", "States": { "A": { "Type": "Pass", "Next": "B" }, "B": { "Type": "Pass", "Next": "C" },
              "C": { "Type": "Choice", "Default": "A", "Choices": [
                { "Variable": "$.stop", "IsPresent": true, "Next": "End" }] }, "End": { "Type": "Succeed" } } }
            """).Start().Run();

        var last = world.Event(25_000);
        Assert.Equal(25_000, world.Execution.LastEventId);
        Assert.Equal(HistoryEventType.ExecutionFailed, last.Type);
        Assert.Equal(24_999, last.PreviousEventId);
        Assert.Equal("States.Runtime", last.Details.Error);
        Assert.Equal("The execution reached the maximum number of history events (25000).", last.Details.Cause);
    }

    [Theory]
    [InlineData(24_990)]
    [InlineData(24_991)]
    [InlineData(24_992)]
    [InlineData(24_993)]
    [InlineData(24_994)]
    [InlineData(24_995)]
    public void Decide_LimitOfEventsInTheMiddleOfAnything_EndsTheExecution(int events)
    {
        // Pass states use up the events, so that the limit falls on each event of the Map in turn.
        var passes = (events - 1) / 2;
        var wait = events % 2 == 0 ? "\"Type\": \"Fail\"" : "\"Type\": \"Pass\", \"End\": true";
        var world = new World($$"""
            { "StartAt": "C", "States": {
              "C": { "Type": "Choice", "Default": "L", "Choices": [
                { "Variable": "$$.State.Name", "StringEquals": "never", "Next": "L" }] },
              "L": { "Type": "Map", "ItemsPath": "$.items", "ResultPath": null, "MaxConcurrency": 1, "Next": "M",
                "ItemProcessor": { "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } } },
              "M": { "Type": "Parallel", "End": true, "Branches": [
                { "StartAt": "X", "States": { "X": { "Type": "Wait", "Seconds": 60, "End": true } } },
                { "StartAt": "Y", "States": { "Y": { {{wait}} } } }] } } }
            """) { IsChecked = false }
            .Start($$"""{"items":[{{string.Join(',', Enumerable.Repeat(1, (passes / 2) - 2))}}]}""").Run();

        Assert.NotEqual(ExecutionStatus.Running, world.Execution.Status);
        Assert.InRange(world.Execution.LastEventId, 1, 25_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(0)]
    public void Map_MaxConcurrency_IsNeverExceeded(int max)
    {
        var (running, most) = (0, 0);
        var world = new World(Map($"\"MaxConcurrency\": {max},", Task()), task =>
        {
            most = Math.Max(most, ++running);
            return [new(new TaskSucceeded(task.Id, task.Input), TimeSpan.FromSeconds(1 + (task.Id % 3)))];
        });
        _ = world.Start("[1,2,3,4,5,6,7,8,9,10]");
        while (world.Execution.Status == ExecutionStatus.Running)
        {
            var pending = world.Execution.PendingTasks.Count;
            Assert.InRange(pending, 1, max == 0 ? 10 : max);
            running = pending - 1;
            _ = world.Run(world.Decisions + 1);
        }

        Assert.Equal("[1,2,3,4,5,6,7,8,9,10]", world.Execution.Output?.ToText());
        Assert.Equal(max == 0 ? 10 : max, most);
    }

    [Fact]
    public void Map_ResultsOutOfOrder_StandInTheOrderOfTheItems()
    {
        var world = new World(Map("", Task()), task =>
            [new(new TaskSucceeded(task.Id, task.Input), TimeSpan.FromSeconds(1_000 - task.Id))]);

        Assert.Equal("[1,2,3,4]", world.Start("[1,2,3,4]").Run().Execution.Output?.ToText());
    }

    [Fact]
    public void Map_ItemSelector_SeesItemInputAndContext()
    {
        var world = new World("""
            { "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "ItemsPath": "$.i", "ItemSelector": {
                "index.$": "$$.Map.Item.Index", "value.$": "$$.Map.Item.Value", "all.$": "$.i" }, "ItemProcessor": {
                "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } } } } }
            """).Start("""{"i":["a","b"]}""");

        Assert.Equal(
            """[{"index":0,"value":"a","all":["a","b"]},{"index":1,"value":"b","all":["a","b"]}]""",
            world.Execution.Output?.ToText());
    }

    [Fact]
    public void Map_NestedItems_ShowTheInnermost()
    {
        var world = new World("""
            { "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "ItemProcessor": {
              "StartAt": "N", "States": { "N": { "Type": "Map", "End": true, "ItemProcessor": {
                "StartAt": "P", "States": {
                "P": { "Type": "Parallel", "End": true, "Branches": [{ "StartAt": "A", "States": {
                  "A": { "Type": "Pass", "InputPath": "$$.Map.Item", "End": true } } }] } } } } } } } } }
            """).Start("[[1],[2,3]]");

        Assert.Equal(
            """[[[{"Index":0,"Value":1}]],[[{"Index":0,"Value":2}],[{"Index":1,"Value":3}]]]""",
            world.Execution.Output?.ToText());
    }

    [Fact]
    public void Map_ItemsAreNoArray_SaysSoAsRecorded()
    {
        var world = new World(Map("", "\"Type\": \"Pass\",")).Start("{}");

        Assert.Equal("Reference path \"$\" must point to array.", world.Execution.Cause);
    }

    [Fact]
    public void Parallel_Results_StandInTheOrderOfTheBranches()
    {
        var world = new World("""
            { "StartAt": "P", "States": { "P": { "Type": "Parallel", "End": true, "Branches": [
                { "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": 9, "Next": "A2" },
                    "A2": { "Type": "Pass", "Result": "slow", "End": true } } },
                { "StartAt": "B", "States": { "B": { "Type": "Pass", "Result": "fast", "End": true } } } ] } } }
            """).Start().Run();

        Assert.Equal("""["slow","fast"]""", world.Execution.Output?.ToText());
    }

    [Fact]
    public void Parallel_NestedInsideACutBranch_IsCutToo()
    {
        var world = new World($$"""
            { "StartAt": "P", "States": { "P": { "Type": "Parallel", "End": true, "Branches": [
                { "StartAt": "M", "States": { "M": { "Type": "Map", "ItemsPath": "$.i", "End": true, "ItemProcessor": {
                    "StartAt": "T", "States": { "T": { "Type": "Task", "Resource": "{{Machines.Send}}",
                    "TimeoutSeconds": 60, "End": true } } } } } },
                { "StartAt": "R", "States": { "R": { "Type": "Task", "End": true,
                    "Resource": "{{Machines.FunctionArn}}",
                    "Retry": [{ "ErrorEquals": ["E"], "IntervalSeconds": 30 }] } } },
                { "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 1, "Next": "F" },
                    "F": { "Type": "Fail", "Error": "Boom" } } } ] } } }
            """, task => task.StateName == "R" ? World.Fail("E", null)(task) : []).Start("""{"i":[1,2]}""").Run();

        Assert.Equal("Boom", world.Execution.Error);
        Assert.Equal(
            ["MapStateAborted", "MapIterationAborted", "TaskStateAborted", "MapIterationAborted", "TaskStateAborted",
             "TaskStateAborted", "ParallelStateFailed", "ExecutionFailed"],
            world.History.SkipWhile(e => e.Type != HistoryEventType.MapStateAborted).Select(e => e.Type.ToString()));
    }

    [Fact]
    public void Context_WholeObject_HasAwsMembersInAwsOrder()
    {
        var world = new World(Machines.Task(
            Machines.SendWithToken, """ "End": true, "Parameters": { "c.$": "$$" } """)).Start("""{"a":1}""");

        const string Expected = """
            {"c":{"Execution":{"Id":"arn:aws:states:us-east-1:000000000000:execution:orders:first","Input":{"a":1},
            "StartTime":"2026-01-31T12:00:00.000Z","Name":"first","RoleArn":"arn:aws:iam::000000000000:role/orders",
            "RedriveCount":0},"StateMachine":{"Id":"arn:aws:states:us-east-1:000000000000:stateMachine:orders",
            "Name":"orders"},"State":{"Name":"S","EnteredTime":"2026-01-31T12:00:00.000Z","RetryCount":0},
            "Task":{"Token":"token-3"}}}
            """;
        Assert.Equal(Expected.ReplaceLineEndings(""), world.Execution.PendingTasks[3].Input.ToText());
    }

    [Theory]
    [InlineData("$$.Execution.Name", "\"first\"")]
    [InlineData("$$['StateMachine']['Name']", "\"orders\"")]
    [InlineData("$$.State", """{"Name":"S","EnteredTime":"2026-01-31T12:00:00.000Z","RetryCount":0}""")]
    [InlineData("$$.Task.Token", "\"token-3\"")]
    public void Context_OneMember_IsFoundAloneAndAfterAnother(string path, string expected)
    {
        var world = new World(Machines.Task(Machines.SendWithToken, $$"""
            "End": true, "InputPath": "{{path}}", "Parameters": {
              "first.$": "$", "id.$": "$$.StateMachine.Name", "again.$": "{{path}}", "input.$": "$$.Execution.Input" }
            """)).Start("""{"a":1}""");

        Assert.Equal(
            $$$"""{"first":{{{expected}}},"id":"orders","again":{{{expected}}},"input":{"a":1}}""",
            world.Execution.PendingTasks[3].Input.ToText());
    }

    /// <summary>A value that is only passed on stays one instance, so that no step costs its size.</summary>
    [Fact]
    public void Pass_LargePayload_StaysOneInstance()
    {
        var states = Enumerable.Range(0, 50).Select(i => $$"""
            "S{{i}}": { "Type": "Pass", {{(i < 49 ? $"\"Next\": \"S{i + 1}\"" : "\"End\": true")}} }
            """);
        var input = $"\"{new string('x', 200_000)}\"";
        var world = new World($$"""{ "StartAt": "S0", "States": { {{string.Join(',', states)}} } }""").Start(input);

        Assert.Same(world.Execution.Input, world.Execution.Output);
        Assert.Single(Assert.Single(world.Segments).Blobs);
    }

    [Fact]
    public void Map_OfManyItems_CostsTheSameForEach()
    {
        // Counted in facts, not in time: each item costs the same few, and the results are written once.
        var world = new World(Map("\"MaxConcurrency\": 40,", "\"Type\": \"Pass\",")).Start(
            $"[{string.Join(',', Enumerable.Range(0, 2_000))}]");
        _ = world.Run();

        Assert.Equal(8_006, world.Execution.LastEventId);
        Assert.InRange(world.Segments.Sum(segment => (long)segment.Segment.Length), 1, 280_000);
    }

    private static string Task() => $"\"Type\": \"Task\", \"Resource\": \"{Machines.Send}\",";

    private static string Map(string members, string inner) =>
        Squares.Replace("{0}", members, StringComparison.Ordinal).Replace("{1}", inner, StringComparison.Ordinal);
}
