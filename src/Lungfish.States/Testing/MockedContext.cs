using System.Globalization;
using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.States.Testing;

/// <summary>The context object of a test: given by the caller, or made for it.</summary>
public static class MockedContext
{
    private static readonly (string Name, Field Field)[] ExecutionFields =
    [
        ("Id", Field.Text), ("Input", Field.Any), ("Name", Field.Text), ("RoleArn", Field.Text),
        ("StartTime", Field.Text), ("RedriveCount", Field.Number), ("RedriveTime", Field.Text),
    ];

    private static readonly (string Name, (string Name, Field Field)[] Fields)[] Parts =
    [
        ("Execution", ExecutionFields),
        ("State", [("EnteredTime", Field.Text), ("Name", Field.Text), ("RetryCount", Field.Number)]),
        ("StateMachine", [("Id", Field.Text), ("Name", Field.Text)]),
        ("Task", [("Token", Field.Text)]),
    ];

    private enum Field
    {
        Any,
        Text,
        Number,
    }

    /// <summary>Why a given context object is none, in AWS's words, or null.</summary>
    public static string? WhyNot(JsonObject context, State state)
    {
        // Recorded in state_context_object/*validation_failures: texts and prefix.
        return WhyInvalid(context) is { } why ? $"Invalid Context object provided: {why}"
            : context["Task"] is null || GivesToken(state) ? null
            : "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' "
                + "service integration pattern";
    }

    /// <summary>Recorded in state_configuration and test_state_scenarios: these members, and the state's name is always
    /// <c>StateName</c>.</summary>
    internal static JsonObject Make(StateTestSetup setup, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var identity = setup.Identity;
        var state = JsonObject.Of(("Name", "StateName"), ("EnteredTime", time));
        return JsonObject.Of(
            ("Execution", JsonObject.Of(
                ("Id", identity.ExecutionArn),
                ("Input", setup.Input),
                ("Name", identity.ExecutionName),
                ("RoleArn", identity.RoleArn.Length > 0 ? identity.RoleArn : JsonValue.Null),
                ("StartTime", time))),
            ("StateMachine", JsonObject.Of(
                ("Id", identity.StateMachineArn), ("Name", identity.StateMachineName))),
            ("State", setup.State is TaskState or ParallelState or MapState
                ? state.With("RetryCount", setup.Configuration.RetrierRetryCount ?? 0)
                : state));
    }

    private static string? WhyInvalid(JsonObject context)
    {
        foreach (var (name, value) in context)
        {
            if (name == "Map")
            {
                return "'Map' field is not supported when mocking a Context object";
            }

            var fields = Array.Find(Parts, part => part.Name == name).Fields;
            if (fields is null)
            {
                return NotAllowed(name);
            }

            if (value is not JsonObject part)
            {
                return $"{name} must be an object";
            }

            if (WhyInvalid(name, part, fields) is { } why)
            {
                return why;
            }
        }

        return null;
    }

    private static string? WhyInvalid(string partName, JsonObject part, (string Name, Field Field)[] fields)
    {
        foreach (var (name, value) in part)
        {
            var at = Array.FindIndex(fields, field => field.Name == name);
            if (at < 0)
            {
                return NotAllowed(name);
            }

            switch (fields[at].Field)
            {
                case Field.Text when value is not JsonString:
                    return $"{partName}.{name} must be a string";
                case Field.Number when value is not JsonNumber:
                    return $"{partName}.{name} must be a number";
                default:
                    break;
            }
        }

        return null;
    }

    private static string NotAllowed(string name) => $"Field '{name}' is not allowed";

    private static bool GivesToken(State state) => state is TaskState
    {
        Resource: ServiceIntegration { Pattern: not IntegrationPattern.RequestResponse },
    };
}
