using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.States.Testing;

/// <summary>Reads the mock of a test and compares it with the state that it is for.</summary>
internal sealed class MockReader(IAnswerSchemas? schemas)
{
    /// <summary>Why the mock cannot stand in for the state's work; null if it can, then it is
    /// <paramref name="mock"/>.</summary>
    public TestRefusal? WhyNot(StateTestRequest request, MockRequest asked, State state, out StateMock? mock)
    {
        mock = null;
        if (state is not (TaskState or MapState or ParallelState))
        {
            // Recorded in state_mock_validation/*does_not_accept_mock.
            return TestRefusal.Invalid($"State type '{TypeOf(state)}' is not supported when a mock is specified");
        }

        if (request.RevealSecrets)
        {
            return TestRefusal.Invalid("TestState does not support RevealSecrets when a mock is specified.");
        }

        if (asked.Result is null == asked.ErrorOutput is null)
        {
            return TestRefusal.Invalid(
                "A test mock should have only one of the following fields: [result, errorOutput].");
        }

        if (asked.ErrorOutput is { } output)
        {
            mock = output.Error is { } error ? new MockedError(error, output.Cause) : null;

            // Documented: an error output has an error. The words are ours.
            return mock is null ? TestRefusal.Invalid("A mocked errorOutput must have an error.") : null;
        }

        if (JsonTexts.TryParse(asked.Result ?? "") is not { } result)
        {
            return TestRefusal.Invalid("Mocked result must be valid JSON");
        }

        mock = new MockedResult(result);
        return WhyNot(result, asked.Validation, state) is { } why ? TestRefusal.Invalid(why) : null;
    }

    private string? WhyNot(JsonValue result, MockValidation validation, State state) => state switch
    {
        ParallelState when result is not JsonArray => "Mocked result must be an array.",
        ParallelState parallel when result is JsonArray { Count: var count } && count != parallel.Branches.Length =>
            "Mocked result must contain the same number of items as number of Parallel branches.",
        MapState { Distributed.Writer.Resource: not null } =>
            result is JsonObject ? null : "Mocked result must be a JSON object.",
        MapState when result is not JsonArray => "Mocked result must be an array.",
        TaskState { Resource: ServiceIntegration integration } when validation != MockValidation.None =>
            schemas?.WhyNot(integration, result, requireAll: validation == MockValidation.Strict),
        _ => null,
    };

    private static string TypeOf(State state) => state switch
    {
        PassState => "Pass",
        WaitState => "Wait",
        ChoiceState => "Choice",
        SucceedState => "Succeed",
        FailState => "Fail",
        _ => throw new System.Diagnostics.UnreachableException($"A {state.GetType().Name} takes a mock."),
    };
}
