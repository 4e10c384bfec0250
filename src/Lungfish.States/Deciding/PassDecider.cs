using Lungfish.States.Model;

namespace Lungfish.States.Deciding;

internal static class PassDecider
{
    public static void Attempt(Turn turn, Scope scope, Visit visit, PassState state)
    {
        var data = new StateData(turn, scope, visit);
        var input = data.Input();
        var passed = state.Result is { } literal && input.Failure is null ? literal : data.Arguments(input);
        StateDecider.LeaveWith(turn, scope, data.ExitWithout(state.Data, passed), state.Next);
    }
}
