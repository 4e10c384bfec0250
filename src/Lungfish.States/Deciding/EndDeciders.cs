using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.States.Deciding;

internal static class SucceedDecider
{
    public static void Attempt(Turn turn, Scope scope, Visit visit, SucceedState state)
    {
        var data = new StateData(turn, scope, visit);
        StateDecider.LeaveWith(turn, scope, data.ExitWithout(state.Data, data.Input()), next: null);
    }
}

internal static class FailDecider
{
    public static void Attempt(Turn turn, Scope scope, Visit visit, FailState state)
    {
        var data = new StateData(turn, scope, visit);
        var error = Text(data, state.Error, visit.Input);
        var cause = Text(data, state.Cause, visit.Input);
        var failure = error.Failure
            ?? cause.Failure
            ?? new StateFailure(
                (error.Value as JsonString)?.Value, (cause.Value as JsonString)?.Value, FailureKind.State);
        FailureDecider.Fail(turn, scope, failure, visit.EnteredEventId);
    }

    // Documented: what ErrorPath and CausePath find must be a string. The words are ours.
    private static Evaluated Text(StateData data, Field<string>? field, JsonValue input) =>
        data.Text(field, input) switch
        {
            { Value: { } value and not JsonString } when field is AtValue<string> at => data.RuntimeError(
                $"The {at.Name} parameter does not reference a string: {at.Value.Text} == {value.ToText()}"),
            var text => text,
        };
}
