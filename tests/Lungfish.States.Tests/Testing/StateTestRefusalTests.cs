using Lungfish.States.Testing;

namespace Lungfish.States.Tests.Testing;

public sealed class StateTestRefusalTests
{
    private const string Function = """
        { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:work", "End": true }
        """;

    private const string Send = """
        { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}, "End": true }
        """;

    private const string Parallel = """
        {
          "Type": "Parallel", "End": true, "Branches": [
            { "StartAt": "A", "States": { "A": { "Type": "Succeed" } } },
            { "StartAt": "B", "States": { "B": { "Type": "Succeed" } } }
          ]
        }
        """;

    private const string Map = """
        {
          "Type": "Map", "End": true,
          "ItemProcessor": { "StartAt": "A", "States": { "A": { "Type": "Succeed" } } }
        }
        """;

    [Theory]
    [InlineData("""{ "Type": "Pass", "End": true }""", "Pass")]
    [InlineData("""{ "Type": "Wait", "Seconds": 1, "End": true }""", "Wait")]
    [InlineData("""{ "Type": "Succeed" }""", "Succeed")]
    [InlineData("""{ "Type": "Fail" }""", "Fail")]
    public void Read_StateDoesNoWork_TakesNoMock(string definition, string type) => AssertRefused(
        Trial.With(definition, "1"), $"State type '{type}' is not supported when a mock is specified");

    [Theory]
    [InlineData(Map)]
    [InlineData(Parallel)]
    public void Read_MapOrParallelWithoutMock_IsNotTestable(string definition) => AssertRefused(
        Trial.Of(definition),
        "TestState API does not support Map or Parallel states. Supported state types include: " +
            "[Task, Wait, Pass, Succeed, Fail, Choice]",
        TestRefusalKind.NotTestable);

    [Theory]
    [InlineData("arn:aws:states:us-east-1:000000000000:activity:work")]
    [InlineData("arn:aws:states:::lambda:invoke.waitForTaskToken")]
    [InlineData("arn:aws:states:::states:startExecution.sync")]
    [InlineData("arn:aws:states:::nobody:knows")]
    public void Read_TaskThatCannotBeCarriedOut_NeedsAMock(string resource)
    {
        var definition = $$"""
            { "Type": "Task", "Resource": "{{resource}}", "Parameters": { "FunctionName": "f" }, "End": true }
            """;

        Assert.Equal(TestRefusalKind.NotTestable, Trial.Refuse(Trial.Of(definition)).Kind);
        Assert.NotNull(Trial.Begin(Trial.With(definition, """{"Id":1}""")).Result);
    }

    [Fact]
    public void Read_TaskWithoutRoleOrMock_IsRefused() => AssertRefused(
        Trial.Of(Function) with { RoleArn = null }, "RoleArn must be specified when testing a Task state");

    [Fact]
    public void Read_MockAndRevealSecrets_IsRefused() => AssertRefused(
        Trial.With(Function, "1") with { RevealSecrets = true },
        "TestState does not support RevealSecrets when a mock is specified.");

    [Theory]
    [InlineData("1", "E")]
    [InlineData(null, null)]
    public void Read_MockWithTwoOutcomesOrNone_IsRefused(string? result, string? error) => AssertRefused(
        Trial.Of(Function) with
        {
            Mock = new MockRequest
            {
                Result = result,
                ErrorOutput = error is null ? null : new MockedErrorOutput(error, null),
            },
        },
        "A test mock should have only one of the following fields: [result, errorOutput].");

    [Theory]
    [InlineData(Function, "nope", "Mocked result must be valid JSON")]
    [InlineData(Map, "{}", "Mocked result must be an array.")]
    [InlineData(Parallel, "{}", "Mocked result must be an array.")]
    [InlineData(
        Parallel, "[1]", "Mocked result must contain the same number of items as number of Parallel branches.")]
    [InlineData(Send, "{}", "Id is missing")]
    public void Read_MockedResultDoesNotFit_IsRefused(string definition, string result, string why) =>
        AssertRefused(Trial.With(definition, result), why);

    [Theory]
    [InlineData(MockValidation.Present)]
    [InlineData(MockValidation.None)]
    public void Read_AnswerIsNotRequiredWhole_IsAccepted(MockValidation validation) => Assert.NotNull(
        Trial.Begin(Trial.Of(Send) with { Mock = new MockRequest { Result = "{}", Validation = validation } }).Result);

    public static TheoryData<string, StateTestRequest> OnlyWithMock => new()
    {
        { "MapIterationFailureCount", Trial.Of(Map) with { Configuration = new() { MapIterationFailureCount = 0 } } },
        { "RetrierRetryCount", Trial.Of(Function) with { Configuration = new() { RetrierRetryCount = 1 } } },
        { "ErrorCausedByState", Trial.Of(Map) with { Configuration = new() { ErrorCausedByState = "A" } } },
        { "MapItemReaderData", Trial.Of(Map) with { Configuration = new() { MapItemReaderData = "" } } },
        { "Context", Trial.Of(Function) with { Context = "{}" } },
    };

    [Theory]
    [MemberData(nameof(OnlyWithMock))]
    public void Read_WhatOnlyAMockUsesWithoutOne_IsRefused(string name, StateTestRequest request) =>
        AssertRefused(request, $"TestState does not support {name} when a mock is not specified.");

    [Theory]
    [InlineData("""{"Execution":{"Id":1}}""", "Invalid Context object provided: Execution.Id must be a string")]
    [InlineData(
        """{"State":{"RetryCount":"1"}}""", "Invalid Context object provided: State.RetryCount must be a number")]
    [InlineData("""{"Execution":1}""", "Invalid Context object provided: Execution must be an object")]
    [InlineData("""{"Other":1}""", "Invalid Context object provided: Field 'Other' is not allowed")]
    [InlineData("""{"State":{"Other":1}}""", "Invalid Context object provided: Field 'Other' is not allowed")]
    [InlineData(
        """{"Map":{}}""",
        "Invalid Context object provided: 'Map' field is not supported when mocking a Context object")]
    [InlineData(
        """{"Task":{"Token":"t"}}""",
        "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' " +
            "service integration pattern")]
    [InlineData("[]", "Invalid Context object provided: not a JSON object")]
    public void Read_ContextIsNone_IsRefused(string context, string why) =>
        AssertRefused(Trial.With(Function, "1") with { Context = context }, why);

    [Fact]
    public void Read_ContextWithToken_IsReadByATaskThatWaits()
    {
        const string Definition = """
            {
              "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true,
              "Parameters": { "t.$": "$$.Task.Token", "n.$": "$$.Execution.Name" }
            }
            """;

        var result = Trial.Run(Trial.With(Definition, """{"Id":1}""") with
        {
            Context = """{"Task":{"Token":"mine"},"Execution":{"Name":"e"}}""",
        });

        Assert.Equal("""{"t":"mine","n":"e"}""", result.Inspection.AfterParameters?.ToText());
    }

    [Theory]
    [InlineData("A", true)]
    [InlineData("StateName", false)]
    public void Read_ErrorCausedByState_MustStandInsideTheState(string name, bool isInside)
    {
        var request = Trial.WithError(Map, "E") with
        {
            Input = Json.JsonArray.Empty,
            Configuration = new() { ErrorCausedByState = name },
        };

        if (isInside)
        {
            Assert.Equal("E", Trial.Run(request).Error);
        }
        else
        {
            AssertRefused(request, "State not found in definition");
        }
    }

    [Theory]
    [InlineData("""{ "StartAt": "A", "States": { "A": { "Type": "Succeed" } } }""", "B")]
    public void Read_NoStateOfTheName_IsRefused(string definition, string name) =>
        AssertRefused(Trial.Of(definition) with { StateName = name }, "State not found in definition");

    [Theory]
    [InlineData(
        """{ "Type": "Parallel", "Branches": [], "End": true }""",
        "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/StateName/Branches")]
    [InlineData(
        """
        {
          "Type": "Parallel", "Next": "Elsewhere", "Branches": [
            { "StartAt": "A", "States": { "A": { "Type": "Pass", "Next": "B" }, "C": { "Type": "Succeed" } } }] }
        """,
        "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/StateName/Branches[0]/States/A/Next, " +
            "MISSING_TRANSITION_TARGET: State \"C\" is not reachable. at /States/StateName/Branches[0]/States/C")]
    [InlineData("[]", "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null")]
    public void Read_DefinitionHasErrors_TellsThemAsInAMachine(string definition, string errors) =>
        AssertRefused(Trial.Of(definition), errors, TestRefusalKind.Definition);

    [Fact]
    public void Read_VariablesAreNoObject_IsRefused() => AssertRefused(
        Trial.Of("""{ "Type": "Succeed" }""") with { Variables = "[]" }, "Variables must be a JSON object");

    private static void AssertRefused(
        StateTestRequest request, string message, TestRefusalKind kind = TestRefusalKind.Request) =>
        Assert.Equal(new TestRefusal(kind, message), Trial.Refuse(request));
}
