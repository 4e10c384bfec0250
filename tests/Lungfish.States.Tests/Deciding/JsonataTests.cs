using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;

namespace Lungfish.States.Tests.Deciding;

/// <summary>How data flows through JSONata states.</summary>
public sealed class JsonataTests
{
    [Theory]
    [InlineData("", """{"n":1}""")]
    [InlineData("""   "Output": "{% $states.input.n + 1 %}",   """, "2")]
    [InlineData("""   "Output": null,   """, "null")]
    [InlineData("""   "Output": " {% $states.input %} ",   """, "\" {% $states.input %} \"")] // Recorded.
    [InlineData("""   "Output": { "{% 1 %}": [true, "{% $states.input.n %}", ["{% 'x' %}"]] },   """,
        """{"{% 1 %}":[true,1,["x"]]}""")]
    [InlineData("""   "Output": "{% $states.context.State.Name %}",   """, "\"S\"")]
    [InlineData("""   "Output": "{% $string($states.context.State.RetryCount) = '0' %}",   """, "false")]
    [InlineData("""   "Output": "{% 1 / 0 %}",   """, "\"Infinity\"")] // Measured.
    [InlineData("""   "Output": "{% $range(1, 9, 9) %}",   """, "1")] // Recorded.
    public void Pass_Output_IsEvaluatedAtAnyDepth(string output, string expected) => Assert.Equal(
        expected,
        Run($$"""   "S": { "Type": "Pass", {{output}} "End": true }   """, """{"n":1}""").Execution.Output?.ToText());

    [Fact]
    public void Task_ArgumentsAndResult_GoInAndOut()
    {
        PendingTask? task = null;
        var world = Run(
            $$"""
            "S": { "Type": "Task", "Resource": "{{Machines.FunctionArn}}",
                "Arguments": { "twice": "{% $states.input * 2 %}" },
                "Assign": { "r": "{% $states.result.r %}", "i": "{% $states.input %}" },
                "Output": { "r": "{% $states.result.r %}", "before": "{% $exists($r) %}" }, "Next": "N" },
            "N": { "Type": "Succeed", "Output": { "in": "{% $states.input %}", "vars": "{% [$r, $i] %}" } }
            """,
            "21",
            scheduled =>
            {
                task = scheduled;
                return World.Succeed(JsonObject.Of("r", "done"))(scheduled);
            });

        Assert.Equal("""{"twice":42}""", task?.Input.ToText());
        Assert.Equal("""{"in":{"r":"done","before":false},"vars":["done",21]}""", world.Execution.Output?.ToText());
    }

    [Fact]
    public void Task_NoArgumentsAndNoOutput_PassInputAndResult()
    {
        PendingTask? task = null;
        var world = Run(
            $$"""   "S": { "Type": "Task", "Resource": "{{Machines.FunctionArn}}", "End": true }   """,
            """{"n":1}""",
            scheduled =>
            {
                task = scheduled;
                return World.Succeed(7)(scheduled);
            });

        Assert.Same(world.Execution.Input, task?.Input);
        Assert.Equal("7", world.Execution.Output?.ToText());
    }

    [Fact]
    public void Task_TimesRoleAndToken_AreComputed()
    {
        PendingTask? task = null;
        var world = Run(
            $$"""
            "S": { "Type": "Task", "Resource": "{{Machines.SendWithToken}}", "End": true,
                "Arguments": { "t": "{% $states.context.Task.Token %}" },
                "Credentials": { "RoleArn": "{% 'arn:aws:iam::1:role/' & $states.input.role %}" },
                "TimeoutSeconds": "{% $states.input.seconds * 2 %}", "HeartbeatSeconds": "{% $x := 5 %}" }
            """,
            """{"role":"r","seconds":30}""",
            scheduled =>
            {
                task = scheduled;
                return [];
            });

        Assert.Equal("""{"t":"token-3"}""", task?.Input.ToText());
        Assert.Equal((TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(5)), (task?.Timeout, task?.Heartbeat));
        Assert.Contains(
            "\"taskCredentials\":{\"roleArn\":\"arn:aws:iam::1:role/r\"}", world.Written(3), StringComparison.Ordinal);
    }

    [Fact]
    public void Parallel_Arguments_AreTheInputOfEveryBranch()
    {
        var world = Run(
            """
            "S": { "Type": "Parallel", "Arguments": { "a": "{% $states.input.n %}" }, "End": true, "Branches": [
                { "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } },
                { "StartAt": "B", "States": {
                    "B": { "Type": "Pass", "Output": "{% $states.input.a + 1 %}", "End": true } } }
            ], "Output": "{% $reverse($states.result) %}" }
            """,
            """{"n":1}""");

        Assert.Equal("""[2,{"a":1}]""", world.Execution.Output?.ToText());
    }

    [Fact]
    public void Map_ItemsAndSelector_AreEvaluatedForEachItem()
    {
        var world = Run(
            """
            "S": { "Type": "Map", "Items": [1, "{% $states.input.n %}", 3], "MaxConcurrency": "{% $c := 1 %}",
                "ItemSelector": {
                    "i": "{% $states.context.Map.Item.Index %}", "v": "{% $states.context.Map.Item.Value %}" },
                "ItemProcessor": { "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true,
                    "Output": { "in": "{% $states.input %}", "item": "{% $exists($states.context.Map) %}" } } } },
                "End": true }
            """,
            """{"n":2}""");

        // Measured: JSONata reads an item in ItemSelector only.
        Assert.Equal(
            """
            [{"in":{"i":0,"v":1},"item":false},{"in":{"i":1,"v":2},"item":false},{"in":{"i":2,"v":3},"item":false}]
            """,
            world.Execution.Output?.ToText());
        Assert.Equal(
            [
                "MapIterationStarted", "PassStateEntered", "PassStateExited", "MapIterationSucceeded",
                "MapIterationStarted",
            ],
            world.History.Skip(3).Take(5).Select(e => e.Type.ToString()));
    }

    [Theory]
    [InlineData("""{"n":1}""", "\"rule\"", "\"first\"")]
    [InlineData("""{"n":2}""", """{"n":2}""", "\"none\"")] // No Output of its own: the input, and nothing assigned.
    [InlineData("""{"n":3}""", "\"state\"", "\"default\"")]
    public void Choice_AssignAndOutput_AreThoseOfTheWayOut(string input, string output, string variable)
    {
        var world = Run(
            """
            "S": { "Type": "Pass", "Assign": { "v": "none" }, "Next": "C" },
            "C": { "Type": "Choice", "Default": "N", "Output": "state", "Assign": { "v": "default" }, "Choices": [
                { "Condition": false, "Next": "N" },
                { "Condition": "{% $states.input.n = 1 %}", "Output": "rule", "Assign": { "v": "first" }, "Next": "N" },
                { "Condition": "{% $states.input.n = 2 %}", "Next": "N" }] },
            "N": { "Type": "Succeed", "Output": ["{% $states.input %}", "{% $v %}"] }
            """,
            input);

        Assert.Equal($"[{output},{variable}]", world.Execution.Output?.ToText());
    }

    [Theory]
    [InlineData("\"Seconds\": \"{% $states.input.n %}\"", 7)]
    [InlineData("\"Seconds\": \"{% 2.0 %}\"", 2)]
    [InlineData("\"Timestamp\": \"{% $states.input.t %}\"", 60)]
    [InlineData("\"Timestamp\": \"{% '2026-01-31t12:01z' %}\"", 60)]
    [InlineData("\"Timestamp\": \"{% '2026-01-31T13:01:00.000000001+01:00' %}\"", 60)]
    [InlineData("\"Timestamp\": \"{% '1999-01-31T13:01:00Z' %}\"", 0)]
    public void Wait_Computed_LastsUntilThen(string until, int seconds)
    {
        var world = Run(
            $$"""   "S": { "Type": "Wait", {{until}}, "Output": "{% $states.input.n %}", "End": true }   """,
            """{"n":7,"t":"2026-01-31T12:01:00Z"}""");

        Assert.Equal(World.Noon.AddSeconds(seconds), world.Now);
        Assert.Equal("7", world.Execution.Output?.ToText());
    }

    [Fact]
    public void Fail_ErrorAndCause_AreComputed()
    {
        var execution = Run(
            """
            "S": { "Type": "Fail", "Error": "{% 'E' & $states.input %}", "Cause": "{% $states.context.State.Name %}" }
            """,
            "1").Execution;

        Assert.Equal(("E1", "S"), (execution.Error, execution.Cause));
    }

    [Fact]
    public void Catch_OutputAndAssign_ReadErrorOutput()
    {
        var world = Run(
            $$"""
            "S": { "Type": "Task", "Resource": "{{Machines.FunctionArn}}", "Output": "never", "End": true, "Catch": [
                { "ErrorEquals": ["E"], "Next": "N", "Assign": { "e": "{% $states.errorOutput.Error %}" },
                    "Output": { "in": "{% $states.input %}", "cause": "{% $states.errorOutput.Cause %}" } }] },
            "N": { "Type": "Succeed", "Output": ["{% $states.input %}", "{% $e %}"] }
            """,
            "1",
            World.Fail("E", "C"));

        Assert.Equal("""[{"in":1,"cause":"C"},"E"]""", world.Execution.Output?.ToText());
    }

    [Fact]
    public void Catch_WithoutOutput_PassesTheErrorOutput()
    {
        var world = Run(
            $$"""
            "S": { "Type": "Task", "Resource": "{{Machines.FunctionArn}}", "End": true,
                "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "N" }] },
            "N": { "Type": "Succeed" }
            """,
            "1",
            World.Fail("E", null));

        Assert.Equal("""{"Error":"E","Cause":null}""", world.Execution.Output?.ToText());
    }

    [Fact]
    public void States_OfBothLanguages_ShareVariablesAndData()
    {
        var world = new World(
            """
            { "StartAt": "A", "States": {
                "A": { "Type": "Pass", "Assign": { "x.$": "$.n" }, "Next": "B" },
                "B": { "Type": "Pass", "QueryLanguage": "JSONata", "Assign": { "y": "{% $x + 1 %}" },
                    "Output": { "n": "{% $states.input.n %}" }, "Next": "C" },
                "C": { "Type": "Pass", "Parameters": { "x.$": "$x", "y.$": "$y", "n.$": "$.n" }, "End": true } } }
            """).Start("""{"n":1,"m":2}""").Run();

        Assert.Equal("""{"x":1,"y":2,"n":1}""", world.Execution.Output?.ToText());
    }

    [Fact]
    public void Evaluate_TimeAndChance_ComeFromTheDecisionAlone()
    {
        const string States = """
            "S": { "Type": "Pass", "End": true,
                "Output": ["{% $uuid() %}", "{% $uuid() %}", "{% $now() %}", "{% $random() < 1 %}"] }
            """;
        var (first, again) = (Run(States), Run(States));

        Assert.Equal(first.Facts, again.Facts);
        var output = Assert.IsType<JsonArray>(first.Execution.Output);
        Assert.NotEqual(output[0], output[1]);
        Assert.Equal("2026-01-31T12:00:00.000Z", ((JsonString)output[2]).Value);
    }

    [Fact]
    public void Evaluate_LiteralTemplates_AreShared()
    {
        var world = Run(
            """
            "S": { "Type": "Pass", "Output": { "fixed": { "a": [1, 2] }, "n": "{% 1 %}" }, "Next": "T" },
            "T": { "Type": "Pass", "Output": { "whole": "literal" }, "End": true }
            """);
        var again = new World(world.Execution.Definition).Start().Run();

        Assert.Same(OutputOf(world, 3)["fixed"], OutputOf(again, 3)["fixed"]);
        Assert.Same(OutputOf(world, 5), OutputOf(again, 5));

        static JsonObject OutputOf(World of, long id) => Assert.IsType<JsonObject>(of.Event(id).Details.Output);
    }

    private static World Run(
        string states, string input = "{}", Func<PendingTask, IEnumerable<Answer>>? answers = null) => new World(
            $$"""{ "QueryLanguage": "JSONata", "StartAt": "S", "States": { {{states}} } }""", answers)
        .Start(input).Run();
}
