using Lungfish.Engine;
using Lungfish.Json;
using Lungfish.Server.Tests.Fakes;

namespace Lungfish.Server.Tests;

public sealed class StartExecutionTests
{
    [Fact]
    public async Task Start_WithNameAndInput_PassesThemOnAndAnswersArnAndDate()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync(
            "StartExecution",
            $$"""{"stateMachineArn":"{{FakeStateMachines.Arn}}","name":"e","input":"{ \"a\": \"é\" }"}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            JsonValue.Parse($$"""{"executionArn":"{{FakeExecutions.Arn}}","startDate":1700000000.050}"""), answer.Json);
        var started = Assert.NotNull(edge.Executions.Started);
        Assert.Equal((FakeStateMachines.Arn, "e"), (started.Machine, started.Name));
        Assert.Equal(JsonObject.Of("a", "é"), started.Input);
        Assert.Equal("""{ "a": "é" }""", started.Text);
    }

    [Fact]
    public async Task Start_WithoutNameAndInput_StartsWithEmptyObject()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        await edge.CallAsync("StartExecution", $$"""{"stateMachineArn":"{{FakeStateMachines.Arn}}","name":null}""");

        var started = Assert.NotNull(edge.Executions.Started);
        Assert.Null(started.Name);
        Assert.Equal("{}", started.Text);
    }

    // Recorded in sfn_api/test_invalid_start_execution_input.
    [Theory]
    [InlineData("not some json", "Unrecognized token 'not': "
        + "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')")]
    [InlineData("{'not': 'json'", "Unexpected character (''' (code 39)): "
        + "was expecting double-quote to start field name")]
    [InlineData("", "Invalid execution input.")]
    public async Task Start_InputIsNoJson_RefusedInAwsWords(string input, string why)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync(
            "StartExecution", $$"""{"stateMachineArn":"{{FakeStateMachines.Arn}}","input":"{{input}}"}""");

        Assert.Equal(400, answer.Status);
        Assert.Equal("com.amazonaws.swf.service.v2.model#InvalidExecutionInput", answer.Type);
        Assert.Equal($"Invalid State Machine Execution Input: '{why}'", answer.Message);
        Assert.Null(edge.Executions.Started);
    }

    [Theory]
    [InlineData("\"x\"")]
    [InlineData("1.0")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task Start_InputIsAnyJson_Accepted(string input)
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        var text = new JsonString(input).ToText();

        var answer = await edge.CallAsync(
            "StartExecution", $$"""{"stateMachineArn":"{{FakeStateMachines.Arn}}","input":{{text}}}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal(input, edge.Executions.Started?.Text);
    }

    [Fact]
    public async Task Start_InputOneByteTooLarge_RefusedWithoutShowingIt()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        // One é has two bytes: 262,145 bytes in fewer characters.
        var input = $"\\\"{new string('é', 131_071)}a\\\"";
        var answer = await edge.CallAsync(
            "StartExecution", $$"""{"stateMachineArn":"{{FakeStateMachines.Arn}}","input":"{{input}}"}""");

        Assert.Equal("com.amazon.coral.validate#ValidationException", answer.Type);
        Assert.Equal(
            "1 validation error detected: Value at 'input' failed to satisfy constraint: "
            + "Member must have size less than or equal to 262144 bytes in UTF-8 encoding",
            answer.Message);
    }

    [Fact]
    public async Task Start_InputOfExactlyTheLimit_Accepted()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        var input = $"\\\"{new string('é', 131_071)}\\\"";

        var answer = await edge.CallAsync(
            "StartExecution", $$"""{"stateMachineArn":"{{FakeStateMachines.Arn}}","input":"{{input}}"}""");

        Assert.Equal(200, answer.Status);
    }

    // Measured order: the form of the ARN, model constraints, the machine, then name and input.
    [Fact]
    public async Task Start_ArnAndNameAreBad_ArnIsRefusedFirst()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync(
            "StartExecution", $$"""{"stateMachineArn":"nonsense","name":"{{new string('n', 81)}}"}""");

        Assert.Equal("com.amazonaws.swf.service.v2.model#InvalidArn", answer.Type);
        Assert.Equal("Invalid Arn: 'Invalid ARN prefix: nonsense'", answer.Message);
    }

    [Fact]
    public async Task Start_MachineUnknownAndInputBad_MachineIsRefusedFirst()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync(
            "StartExecution", $$"""{"stateMachineArn":"{{FakeStateMachines.Arn}}x","name":"a b","input":"{"}""");

        Assert.Equal("com.amazonaws.swf.service.v2.model#StateMachineDoesNotExist", answer.Type);
    }

    [Fact]
    public async Task Start_NameHasASpace_InvalidName()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync(
            "StartExecution", $$"""{"stateMachineArn":"{{FakeStateMachines.Arn}}","name":"a b"}""");

        Assert.Equal("com.amazonaws.swf.service.v2.model#InvalidName", answer.Type);
        Assert.Equal("Invalid Name: 'a b'", answer.Message);
    }

    [Fact]
    public async Task Start_SeveralConstraintsViolated_AllAreNamed()
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        var answer = await edge.CallAsync("StartExecution", """{"name":"","traceHeader":"ü"}""");

        Assert.Equal(
            "3 validation errors detected: "
            + "Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null; "
            + "Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1; "
            + "Value 'ü' at 'traceHeader' failed to satisfy constraint: "
            + @"Member must satisfy regular expression pattern: \p{ASCII}*",
            answer.Message);
    }

    [Fact]
    public async Task Start_EngineFails_AnswersInternalFailureAndHidesWhy()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        edge.Executions.Failure = new InvalidOperationException("secret");

        var answer = await edge.CallAsync("StartExecution", $$"""{"stateMachineArn":"{{FakeStateMachines.Arn}}"}""");

        Assert.Equal(500, answer.Status);
        Assert.Equal("InternalFailure", answer.Type);
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_EngineRefuses_AnswersCodeAndFurtherMembers()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        edge.Executions.Failure = new ApiException("ResourceNotFound", "none", 400, ("resourceName", "x"));

        var answer = await edge.CallAsync("StartExecution", $$"""{"stateMachineArn":"{{FakeStateMachines.Arn}}"}""");

        Assert.Equal(
            JsonValue.Parse(
                """
                {
                  "__type": "com.amazonaws.swf.service.v2.model#ResourceNotFound",
                  "message": "none", "resourceName": "x"
                }
                """),
            answer.Json);
    }
}
