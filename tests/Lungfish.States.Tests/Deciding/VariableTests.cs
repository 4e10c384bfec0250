using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;

namespace Lungfish.States.Tests.Deciding;

public sealed class VariableTests
{
    [Fact]
    public void Assign_RightHandSides_SeeTheValuesOnEntry()
    {
        var world = Run(
            """
            "S": { "Type": "Pass", "Assign": { "x": 1, "y": 2 }, "Next": "Swap" },
            "Swap": { "Type": "Pass", "Assign": { "x.$": "$y", "y.$": "$x" },
                "Parameters": { "x.$": "$x" }, "Next": "Show" },
            "Show": { "Type": "Pass", "Parameters": { "x.$": "$x", "y.$": "$y", "before.$": "$.x" }, "End": true }
            """);

        Assert.Equal("""{"x":2,"y":1,"before":1}""", world.Execution.Output?.ToText());
    }

    [Fact]
    public void Assign_Task_ReadsTheSelectedResultAndTakesEffectInTheNextState()
    {
        var world = new World(Machines.Of(
            $$"""
            "Type": "Task", "Resource": "{{Machines.FunctionArn}}", "ResultSelector": { "n.$": "$.deep.n" },
            "ResultPath": "$.r", "Assign": { "n.$": "$.n", "whole.$": "$" }, "Next": "N"
            """,
            """ "N": { "Type": "Succeed", "OutputPath": "$whole" } """),
            World.Succeed(JsonValue.Parse("""{"deep":{"n":7}}"""))).Start().Run();

        var assigned = world.History.Single(e => e.Type == HistoryEventType.TaskStateExited).Details.Assigned;
        Assert.Equal("""{"n":7,"whole":{"n":7}}""", assigned?.ToText());
        Assert.Equal("""{"n":7}""", world.Execution.Output?.ToText());
    }

    [Theory]
    [InlineData("""{"n":1}""", "\"rule\"")]
    [InlineData("""{"n":2}""", "\"none\"")] // That rule has no Assign, and the state's own is for Default.
    [InlineData("""{"n":3}""", "\"default\"")]
    public void Assign_Choice_TakesThatOfTheWayOut(string input, string expected)
    {
        var world = Run(
            """
            "S": { "Type": "Pass", "Assign": { "v": "none" }, "Next": "C" },
            "C": { "Type": "Choice", "Default": "End", "Assign": { "v": "default" }, "Choices": [
                { "Variable": "$.n", "NumericEquals": 1, "Next": "End", "Assign": { "v": "rule" } },
                { "Variable": "$.n", "NumericEquals": 2, "Next": "End" }] },
            "End": { "Type": "Succeed", "OutputPath": "$v" }
            """,
            input);

        Assert.Equal(expected, world.Execution.Output?.ToText());
    }

    [Fact]
    public void Assign_InnerScopes_ReadOuterVariablesAndLeaveNothingBehind()
    {
        var world = Run(
            """
            "S": { "Type": "Pass", "Assign": { "outer": 10 }, "Next": "M" },
            "M": { "Type": "Map", "MaxConcurrency": 1, "ItemsPath": "$.items", "Next": "After", "ItemProcessor": {
                "StartAt": "A", "States": {
                    "A": { "Type": "Choice", "Default": "B", "Choices": [
                        { "Variable": "$inner", "IsPresent": true, "Next": "Leak" }] },
                    "Leak": { "Type": "Fail", "Error": "Leaked" },
                    "B": { "Type": "Pass", "Assign": { "inner.$": "$" }, "Next": "D" },
                    "D": { "Type": "Pass", "Parameters": { "sum.$": "States.MathAdd($outer, $inner)" }, "End": true }
                } } },
            "After": { "Type": "Choice", "Default": "End", "Choices": [
                { "Variable": "$inner", "IsPresent": true, "Next": "Leak2" }] },
            "Leak2": { "Type": "Fail", "Error": "Leaked" },
            "End": { "Type": "Succeed" }
            """,
            """{"items":[1,2]}""");

        Assert.Equal("""[{"sum":11},{"sum":12}]""", world.Execution.Output?.ToText());
        Assert.Equal("outer", Assert.Single(world.Execution.Root.Variables).Key);
        Assert.Equal(2, world.Execution.VariableBytes);
    }

    [Fact]
    public void Assign_CatcherOfAParallel_SetsTheOuterScopeAndTheStatesOwnIsNotUsed()
    {
        var world = Run(
            """
            "S": { "Type": "Parallel", "Assign": { "v": "own" }, "Next": "End", "Branches": [
                    { "StartAt": "A", "States": { "A": { "Type": "Pass", "Assign": { "inner": 1 }, "Next": "F" },
                        "F": { "Type": "Fail", "Error": "E", "Cause": "C" } } }],
                "Catch": [{ "ErrorEquals": ["E"], "ResultPath": null, "Next": "End",
                    "Assign": { "v.$": "$.Cause", "outer": true } }] },
            "End": { "Type": "Pass", "Parameters": { "v.$": "$v", "outer.$": "$outer", "in.$": "$" }, "End": true }
            """);

        Assert.Equal("""{"v":"C","outer":true,"in":{}}""", world.Execution.Output?.ToText());
        Assert.Equal(["outer", "v"], world.Execution.Root.Variables.Keys.Order());
    }

    [Fact]
    public void Assign_RetriedState_SetsNothingUntilItSucceeds()
    {
        var attempts = 0;
        var world = new World(Machines.Of(
            $$"""
            "Type": "Task", "Resource": "{{Machines.FunctionArn}}", "Assign": { "v.$": "$" }, "End": true,
            "Retry": [{ "ErrorEquals": ["E"] }]
            """),
            task => attempts++ == 0 ? World.Fail("E", null)(task) : World.Succeed(1)(task)).Start().Run();

        var assigned = world.History.Where(e => e.Details.Assigned is not null);
        Assert.Equal(HistoryEventType.TaskStateExited, Assert.Single(assigned).Type);
    }

    [Fact]
    public void Exited_WithVariables_WritesEachAsJsonText()
    {
        var world = Run(
            """
            "S": { "Type": "Pass", "Assign": { "x": 42, "s": "str", "o": { "a": [1] }, "n": null }, "End": true }
            """);

        using var written = System.Text.Json.JsonDocument.Parse(world.Written(3));
        var details = written.RootElement.GetProperty("stateExitedEventDetails");
        var variables = details.GetProperty("assignedVariables");
        Assert.Equal(
            ["42", "\"str\"", """{"a":[1]}""", "null"],
            variables.EnumerateObject().Select(variable => variable.Value.GetString()));
        Assert.False(details.GetProperty("assignedVariablesDetails").GetProperty("truncated").GetBoolean());
        Assert.DoesNotContain("assignedVariables", world.Written(3, includeData: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Exited_NothingAssigned_ShowsNoVariables() => Assert.DoesNotContain(
        "assignedVariables",
        Run(""" "S": { "Type": "Pass", "Assign": {}, "End": true } """).Written(3),
        StringComparison.Ordinal); // Recorded in assign/*BASE_EMPTY.

    [Fact]
    public void Journal_VariableThatIsTheOutputToo_IsWrittenOnce()
    {
        var large = new string('x', 4_000);
        var world = Run(
            """ "S": { "Type": "Pass", "Assign": { "a.$": "$.v", "b.$": "$.v" }, "OutputPath": "$.v", "End": true } """,
            $$"""{"v":["{{large}}"]}""");

        // The input once as its text and once as the value that is shared from then on.
        Assert.True(world.Segments.Sum(s => s.Segment.Length) < 9_000);
    }

    [Theory]
    [InlineData(262_142, null)] // With its quotes 262,144 bytes.
    [InlineData(262_143, "States.DataLimitExceeded")]
    public void Assign_OneVariable_MayHave256KiB(int chars, string? error)
    {
        var input = JsonObject.Of("v", new string('x', 100_000));
        var world = new World($$"""
            { "StartAt": "S", "States": { "S": { "Type": "Pass", "Result": { "v": "{{new string('x', chars)}}" },
              "Assign": { "v.$": "$.v" }, "ResultPath": null, "End": true } } }
            """) { IsChecked = false }.Start(input.ToText()).Run();

        Assert.Equal(error, world.Execution.Error);
    }

    [Fact]
    public void Assign_AllOfOneState_MayHave256KiBTogether()
    {
        var world = new World($$"""
            { "StartAt": "S", "States": { "S": { "Type": "Pass", "Result": { "v": "{{new string('x', 140_000)}}" },
              "Assign": { "a.$": "$.v", "b.$": "$.v" }, "ResultPath": null, "End": true } } }
            """) { IsChecked = false }.Start().Run();

        Assert.Equal("States.DataLimitExceeded", world.Execution.Error);
    }

    [Theory]
    [InlineData(52, ExecutionStatus.Succeeded)]
    [InlineData(53, ExecutionStatus.Failed)]
    public void Assign_AllOfAnExecution_MayHave10MiB(int iterations, ExecutionStatus status)
    {
        // Each iteration holds on to 200,000 bytes while it sleeps.
        var world = new World($$"""
            { "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "ItemProcessor": { "StartAt": "A",
              "States": {
                "A": { "Type": "Pass", "Result": "{{new string('x', 199_998)}}", "ResultPath": null,
                    "Assign": { "big.$": "$" }, "Next": "W" },
                "W": { "Type": "Wait", "Seconds": 1, "End": true } } } } } }
            """) { IsChecked = false }.Start($"[{string.Join(',', Enumerable.Range(0, iterations))}]").Run();

        Assert.Equal(status, world.Execution.Status);
        Assert.Equal(status == ExecutionStatus.Failed ? "States.DataLimitExceeded" : null, world.Execution.Error);
        Assert.True(status == ExecutionStatus.Failed || world.Execution.VariableBytes == 0);
    }

    [Fact]
    public void Assign_OneVariableAgainAndAgain_CountsItsLastValueOnly()
    {
        var world = new World($$"""
            { "StartAt": "S", "States": {
                "S": { "Type": "Pass", "Assign": { "i": 0 }, "Next": "A" },
                "A": { "Type": "Pass", "Result": "{{new string('x', 199_998)}}", "ResultPath": null,
                    "Assign": { "big.$": "$", "i.$": "States.MathAdd($i, 1)" }, "Next": "C" },
                "C": { "Type": "Choice", "Default": "End", "Choices": [
                    { "Variable": "$i", "NumericLessThan": 60, "Next": "A" }] },
                "End": { "Type": "Succeed" } } }
            """) { IsChecked = false }.Start().Run();

        Assert.Equal(ExecutionStatus.Succeeded, world.Execution.Status);
        Assert.Equal(200_002, world.Execution.VariableBytes);
    }

    private static World Run(string states, string input = "{}") =>
        new World($$"""{ "StartAt": "S", "States": { {{states}} } }""").Start(input).Run();
}
