using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.States.Deciding;

internal static class SucceedDecider
{
    public static void Attempt(Turn turn, Scope scope, Visit visit, SucceedState state)
    {
        var data = new StateData(turn.Execution, turn.DiceForNext, scope, visit);
        var output = data.Select(state.OutputPath, data.Select(state.InputPath, visit.Input));
        StateDecider.LeaveWith(turn, scope, output, next: null);
    }
}

internal static class FailDecider
{
    public static void Attempt(Turn turn, Scope scope, Visit visit, FailState state)
    {
        var data = new StateData(turn.Execution, turn.DiceForNext, scope, visit);
        var error = data.Text(state.Error, "ErrorPath", visit.Input);
        var cause = data.Text(state.Cause, "CausePath", visit.Input);
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
