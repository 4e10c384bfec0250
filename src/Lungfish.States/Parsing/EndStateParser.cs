using Lungfish.States.Model;

namespace Lungfish.States.Parsing;

/// <summary>Reads Succeed and Fail states.</summary>
internal static class EndStateParser
{
    public static SucceedState ReadSucceed(string name, FieldReader state) => new()
    {
        Name = name,
        InputPath = state.PathOrNull("InputPath"),
        OutputPath = state.PathOrNull("OutputPath"),
    };

    public static FailState ReadFail(string name, FieldReader state) => new()
    {
        Name = name,
        Error = ReadTextField(state, "Error"),
        Cause = ReadTextField(state, "Cause"),
    };

    private static TextField? ReadTextField(FieldReader state, string name)
    {
        if (!state.AllowOneOf(name, name + "Path"))
        {
            return null;
        }

        return state.Text(name) is { } literal
            ? new TextField(literal, null)
            : state.Value(name + "Path") is { } path ? new TextField(null, path) : null;
    }
}
