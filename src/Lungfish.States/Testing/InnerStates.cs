using Lungfish.States.Model;

namespace Lungfish.States.Testing;

internal static class InnerStates
{
    /// <summary>The states of a flow and of all flows inside it.</summary>
    public static IEnumerable<State> Of(Flow flow) => flow.States.Values.SelectMany(state => Of(state).Prepend(state));

    /// <summary>The states of the flows inside a Map or Parallel state.</summary>
    public static IEnumerable<State> Of(State state) => state switch
    {
        MapState map => Of(map.ItemProcessor),
        ParallelState parallel => parallel.Branches.SelectMany(Of),
        _ => [],
    };
}
