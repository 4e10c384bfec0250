using Lungfish.States.Jsonata;
using Lungfish.States.JsonPath;
using Lungfish.States.Validation;

namespace Lungfish.States.Parsing;

/// <summary>Reads <c>Assign</c>, whose members are variables.</summary>
internal static class AssignReader
{
    private const string PathSuffix = ".$";

    public static PayloadTemplate? ReadPayload(FieldReader fields)
    {
        CheckNames(fields);
        return fields.Template("Assign");
    }

    public static JsonataTemplate? ReadJsonata(FieldReader fields, JsonataPlace place)
    {
        CheckNames(fields);
        return fields.Object("Assign") is null ? null : fields.Jsonata("Assign", place);
    }

    /// <summary>The variables that the field <c>Assign</c> of an object sets, with where each one stands.</summary>
    public static IEnumerable<(string Name, DefinitionNode Node)> VariablesOf(DefinitionNode holder, bool isJsonata) =>
        holder["Assign"]?.Members.Select(member => (NameOf(member, isJsonata), member)) ?? [];

    private static void CheckNames(FieldReader fields)
    {
        foreach (var (name, node) in VariablesOf(fields.Node, fields.IsJsonata))
        {
            // Measured, the words and codes; the place is a guess.
            if (name == VariableName.Reserved)
            {
                fields.Refuse(
                    node, DiagnosticCodes.ReservedVariableName,
                    $"Cannot assign to reserved variable '${name}'.", "Choose another name.");
            }
            else if (!VariableName.IsValid(name))
            {
                fields.Refuse(
                    node,
                    DiagnosticCodes.InvalidVariableName,
                    $"Invalid variable name '{name}': the variable name contains invalid characters.",
                    $"Begin with a letter, go on with letters, digits and '_', up to {VariableName.LengthMax} " +
                        "characters; a variable is always assigned as a whole.");
            }
        }
    }

    private static string NameOf(DefinitionNode member, bool isJsonata) =>
        member.Name is not { } name ? ""
        : !isJsonata && name.EndsWith(PathSuffix, StringComparison.Ordinal) ? name[..^PathSuffix.Length]
        : name;
}
