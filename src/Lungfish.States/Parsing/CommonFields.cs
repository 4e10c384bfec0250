using Lungfish.States.Model;

namespace Lungfish.States.Parsing;

/// <summary>Reads the fields that states of several types have.</summary>
internal static class CommonFields
{
    /// <summary>Documented: the limit of every number of seconds.</summary>
    public const long SecondsMax = 99_999_999;

    /// <summary>The next state, or null where <c>"End": true</c> stands.</summary>
    public static string? ReadNext(FieldReader state)
    {
        var (next, end) = (state.Text("Next"), state.Boolean("End"));
        if (next is not null && end == true)
        {
            state.RefuseSeveral(["Next", "End"], "Remove 'Next' or 'End'.");
        }
        else if (!state.Has("Next") && (end == false || !state.Has("End")))
        {
            state.RefuseNone(
                ["Next", "End"], "Add '\"Next\": \"...\"', or '\"End\": true' if nothing follows.");
        }

        return next;
    }

    /// <summary>The data fields of a state in its language. Those that it cannot have were reported before.</summary>
    /// <param name="outcome">What Assign and Output may read.</param>
    public static DataFlow ReadDataFlow(FieldReader state, JsonataPlace outcome) => state.IsJsonata
        ? new JsonataFlow
        {
            Arguments = state.Jsonata("Arguments", JsonataPlace.BeforeWork),
            Assign = AssignReader.ReadJsonata(state, outcome),
            Output = state.Jsonata("Output", outcome),
        }
        : new JsonPathFlow
        {
            InputPath = state.PathOrNull("InputPath"),
            Parameters = state.Template("Parameters"),
            ResultSelector = state.Template("ResultSelector"),
            Assign = AssignReader.ReadPayload(state),
            ResultPath = ReadResultPath(state),
            OutputPath = state.PathOrNull("OutputPath"),
        };

    public static PathField ReadResultPath(FieldReader fields)
    {
        var result = fields.PathOrNull("ResultPath", isReference: true);
        if (result.Path is { ReadsInput: false } && fields["ResultPath"] is { } field)
        {
            fields.Refuse(field, "Value is not a Reference Path", "A result goes into the input: begin with '$.'.");
        }

        return result;
    }

    public static void RefuseTimestamp(FieldReader fields, DefinitionNode field) => fields.Refuse(
        field, "String does not match RFC3339 timestamp", "Write a time such as 2026-01-31T10:00:00Z.");
}
