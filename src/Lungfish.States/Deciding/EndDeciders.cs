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
        var error = data.Text(state.Error, visit.Input);
        var cause = data.Text(state.Cause, visit.Input);
        var failure = error.Failure
            ?? cause.Failure
            ?? new StateFailure(ToText(error.Value), ToText(cause.Value), FailureKind.State);
        FailureDecider.Fail(turn, scope, failure, visit.EnteredEventId);
    }

    private static string? ToText(JsonValue? value) => value switch
    {
        null or JsonNull => null,
        JsonString text => text.Value,
        _ => value.ToText(),
    };
}
