using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;
using Lungfish.States.Parsing;

namespace Lungfish.States.Testing;

/// <summary>Makes a test of what was asked, or refuses it in AWS's words.</summary>
/// <param name="schemas">What services answer; null: mocked results are not compared with it.</param>
/// <param name="canRun">Tells whether real tasks of this resource can be carried out.</param>
public sealed class StateTestReader(IAnswerSchemas? schemas, Func<TaskResource, bool> canRun)
{
    private const string StateNotFound = "State not found in definition";

    /// <param name="request">What was asked.</param>
    /// <param name="identity">Of the execution that the state would be in.</param>
    /// <param name="refusal">Why there is no test, if the answer is null.</param>
    public StateTestSetup? Read(StateTestRequest request, ExecutionIdentity identity, out TestRefusal? refusal)
    {
        // Nothing but the tested state is carried out, and not even that with a mock.
        var options = new DefinitionOptions { CanRun = _ => true };
        var tested = TestedState.Read(request.Definition, request.StateName, options);
        if (tested.Errors.Length > 0)
        {
            refusal = new TestRefusal(TestRefusalKind.Definition, tested.Errors);
            return null;
        }

        if (tested.State is not { } state)
        {
            refusal = TestRefusal.Invalid(StateNotFound);
            return null;
        }

        JsonObject? context = null;
        JsonObject? variables = null;
        StateMock? mock = null;
        refusal = request.Mock is { } asked
            ? new MockReader(schemas).WhyNot(request, asked, state, out mock)
            : WhyNotWithoutMock(request, state);
        refusal ??= WhyNotObject(request.Context, "Invalid Context object provided: not a JSON object", out context)
            ?? WhyNotContext(context, state)
            ?? WhyNotObject(request.Variables, "Variables must be a JSON object", out variables)
            ?? WhyNotInside(request.Configuration.ErrorCausedByState, state)
            ?? WhyNotRead(request.Configuration.MapItemReaderData, state);
        return refusal is not null ? null : new StateTestSetup
        {
            State = state,
            Input = request.Input,
            Variables = variables ?? JsonObject.Empty,
            Identity = identity,
            Context = context,
            Mock = mock,
            Configuration = request.Configuration,
        };
    }

    private TestRefusal? WhyNotWithoutMock(StateTestRequest request, State state)
    {
        // Recorded for MapIterationFailureCount, and documented for the context; the others follow them.
        if (OnlyWithMock(request) is { } name)
        {
            return TestRefusal.Invalid($"TestState does not support {name} when a mock is not specified.");
        }

        return state switch
        {
            // Recorded in state_mock_validation/*requires_mock.
            MapState or ParallelState => TestRefusal.NotTestable(
                "TestState API does not support Map or Parallel states. Supported state types include: "
                + "[Task, Wait, Pass, Succeed, Fail, Choice]"),
            TaskState task => WhyNotCarriedOut(task.Resource, request),
            _ => null,
        };
    }

    private TestRefusal? WhyNotCarriedOut(TaskResource resource, StateTestRequest request) => resource switch
    {
        // Documented that these need a mock; the words are guessed.
        ActivityResource => TestRefusal.NotTestable("TestState API does not support Activity tasks."),
        ServiceIntegration { Pattern: not IntegrationPattern.RequestResponse } => TestRefusal.NotTestable(
            "TestState API does not support '.sync' or '.waitForTaskToken' integration patterns."),
        _ when !canRun(resource) => TestRefusal.NotTestable(
            $"This server cannot carry out '{resource.Arn}': test the state with a mock."),

        // Recorded in test_state_scenarios/*no_role_arn_validation.
        _ when request.RoleArn is null => TestRefusal.Invalid("RoleArn must be specified when testing a Task state"),
        _ => null,
    };

    private static string? OnlyWithMock(StateTestRequest request) => request switch
    {
        { Configuration.MapIterationFailureCount: not null } => "MapIterationFailureCount",
        { Configuration.RetrierRetryCount: not null } => "RetrierRetryCount",
        { Configuration.ErrorCausedByState: not null } => "ErrorCausedByState",
        { Configuration.MapItemReaderData: not null } => "MapItemReaderData",
        { Context: not null } => "Context",
        _ => null,
    };

    /// <param name="text">What should be the JSON text of an object, or null.</param>
    /// <param name="otherwise">What to say if it is none. The words are ours.</param>
    /// <param name="value">The object; null if there is none.</param>
    private static TestRefusal? WhyNotObject(string? text, string otherwise, out JsonObject? value)
    {
        value = text is null ? null : JsonTexts.TryParse(text) as JsonObject;
        return text is not null && value is null ? TestRefusal.Invalid(otherwise) : null;
    }

    private static TestRefusal? WhyNotContext(JsonObject? context, State state) =>
        context is not null && MockedContext.WhyNot(context, state) is { } why ? TestRefusal.Invalid(why) : null;

    // Reported, not recorded.
    private static TestRefusal? WhyNotRead(string? data, State state) =>
        data is null && state is MapState { Distributed.Reader: not null }
            ? TestRefusal.Invalid(
                "ItemReader data must be specified when testing a Map state with ItemReader specified.")
            : null;

    private static TestRefusal? WhyNotInside(string? name, State state) =>
        name is not null && InnerStates.Of(state).All(inner => inner.Name != name)
            ? TestRefusal.Invalid(StateNotFound)
            : null;
}

internal static class JsonTexts
{
    /// <summary>Null if the text is no JSON value.</summary>
    public static JsonValue? TryParse(string text)
    {
        try
        {
            return JsonValue.Parse(text);
        }
        catch (JsonParseException)
        {
            return null; // The caller says so in AWS's words.
        }
    }
}
