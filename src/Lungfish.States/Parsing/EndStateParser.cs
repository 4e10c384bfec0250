using Lungfish.States.Model;
using Lungfish.States.Validation;

namespace Lungfish.States.Parsing;

/// <summary>Reads Succeed and Fail states.</summary>
internal static class EndStateParser
{
    public static SucceedState ReadSucceed(string name, FieldReader state) => new()
    {
        Name = name,
        Data = CommonFields.ReadDataFlow(state, JsonataPlace.BeforeWork),
    };

    public static FailState ReadFail(string name, FieldReader state)
    {
        if (!state.IsJsonata)
        {
            LiteralPaths.WarnOfNoPath(state, state["Error"]);
            LiteralPaths.WarnOfNoPath(state, state["Cause"]);
        }

        return new FailState
        {
            Name = name,
            Data = state.IsJsonata ? new JsonataFlow() : JsonPathFlow.Default,
            Error = ValueFields.ReadText(state, "Error", "ErrorPath"),
            Cause = ValueFields.ReadText(state, "Cause", "CausePath"),
        };
    }
}
