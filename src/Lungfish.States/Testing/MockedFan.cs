using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.States.Testing;

/// <summary>A Map or Parallel state whose iterations or branches do not run: what comes of them is mocked.</summary>
internal static class MockedFan
{
    /// <returns>Why the test does not fit what the state's fields give, or null.</returns>
    public static TestRefusal? Decide(Turn turn, StateTestSetup setup, StateMock mock)
    {
        var scope = turn.GetScope(ScopeId.Root);
        var data = new StateData(turn, scope, StateDecider.GetVisit(scope));
        var input = data.Input();
        var fields = setup.State is MapState map
            ? MapFields.Evaluate(turn, data, map, input, setup)
            : new MapFields(data.Arguments(input).Failure, null);
        switch (fields, mock)
        {
            case ({ Refusal: { } refusal }, _):
                return refusal;
            case ({ Failure: { } failure }, _):
                StateDecider.FailWith(turn, scope, failure);
                break;
            case (_, MockedResult mocked):
                StateDecider.LeaveWith(turn, scope, data.ExitWith(mocked.Result), NextOf(setup.State));
                break;
            case (_, MockedError mocked):
                StateDecider.FailWith(turn, scope, mocked.ToFailure() with { OfBranch = true });
                break;
        }

        return null;
    }

    private static string? NextOf(State state) => state switch
    {
        MapState map => map.Next,
        ParallelState parallel => parallel.Next,
        _ => null,
    };
}
