using Lungfish.States.Model;

namespace Lungfish.States.Deciding;

internal static class PassDecider
{
    public static void Attempt(Turn turn, Scope scope, Visit visit, PassState state)
    {
        var data = new StateData(turn.Execution, turn.DiceForNext, scope, visit);
        var input = data.Select(state.Data.InputPath, visit.Input);
        var result = state.Result is { } literal && input.Failure is null
            ? literal
            : data.Compose(state.Data.Parameters, input);
        StateDecider.LeaveWith(turn, scope, data.Output(state.Data, result), state.Next);
    }
}
