using System.Collections.Immutable;
using Lungfish.States.Model;

namespace Lungfish.States.Parsing;

/// <summary>Reads a Parallel state.</summary>
internal static class ParallelParser
{
    public static ParallelState Read(string name, FieldReader state, StateParser states)
    {
        _ = state.Require("Branches");
        var branches = ImmutableArray.CreateBuilder<Flow>();
        foreach (var item in state.Items("Branches", canBeEmpty: false))
        {
            if (state.AsObject(item) is { } branch)
            {
                StateFields.AllowOnly(branch, "StartAt", "States", "Comment");
                branches.Add(states.ReadFlow(branch));
            }
        }

        return new ParallelState
        {
            Name = name,
            Branches = branches.ToImmutable(),
            Data = CommonFields.ReadDataFlow(state, JsonataPlace.AfterWork),
            Retry = ErrorHandlingParser.ReadRetry(state),
            Catch = ErrorHandlingParser.ReadCatch(state),
            Next = CommonFields.ReadNext(state),
        };
    }
}
