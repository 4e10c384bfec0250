using Lungfish.States.Model;

namespace Lungfish.States.Deciding;

internal static class PassDecider
{
    public static void Attempt(Turn turn, Scope scope, Visit visit, PassState state)
    {
        var data = new StateData(turn.Execution, scope, visit);
        var output = data.Select(state.Data.InputPath, visit.Input)
            .Then(input => state.Result ?? data.Compose(state.Data.Parameters, input))
            .Then(result => data.Output(state.Data, result));
        StateDecider.LeaveWith(turn, scope, output, state.Next);
    }
}
