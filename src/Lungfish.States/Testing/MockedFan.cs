using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.States.Testing;

/// <summary>A Map or Parallel state whose iterations or branches do not run: what comes of them is mocked.</summary>
internal static class MockedFan
{
    /// <summary>Decides the state, unless it has items to be read or the test does not fit it.</summary>
    public static MapFields Decide(Turn turn, StateTestSetup setup, StateMock mock, ItemsHaveArrived? read)
    {
        var scope = turn.GetScope(ScopeId.Root);
        var data = new StateData(turn, scope, StateDecider.GetVisit(scope));
        var fields = setup.State is MapState map
            ? MapFields.Evaluate(turn, scope, map, setup, read)
            : new MapFields(data.Arguments(data.Input()).Failure, null, null);
        switch (fields, mock)
        {
            case ({ Refusal: not null } or { Wanted: not null }, _):
                break;
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

        return fields;
    }

    private static string? NextOf(State state) => state switch
    {
        MapState map => map.Next,
        ParallelState parallel => parallel.Next,
        _ => null,
    };
}
