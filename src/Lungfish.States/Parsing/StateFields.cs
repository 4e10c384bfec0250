using System.Collections.Frozen;

namespace Lungfish.States.Parsing;

/// <summary>Which fields a state of each type may have (the table of the language, JSONPath).</summary>
internal static class StateFields
{
    private static readonly string[] Common = ["Type", "Comment", "QueryLanguage"];
    private static readonly string[] Paths = ["InputPath", "OutputPath"];
    private static readonly string[] Exit = ["Next", "End"];
    private static readonly string[] Errors = ["Retry", "Catch"];

    private static readonly FrozenDictionary<string, Fields> ByType = new Dictionary<string, Fields>
    {
        ["Pass"] = new([.. Common, .. Paths, .. Exit, "Parameters", "Result", "ResultPath"], ["Output"], ["Assign"]),
        ["Task"] = new(
            [
                .. Common, .. Paths, .. Exit, .. Errors, "Resource", "Parameters", "ResultSelector", "ResultPath",
                "TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath",
            ],
            ["Arguments", "Output"],
            ["Assign", "Credentials"]),
        ["Choice"] = new([.. Common, .. Paths, "Choices", "Default"], ["Output"], ["Assign"]),
        ["Wait"] = new(
            [.. Common, .. Paths, .. Exit, "Seconds", "SecondsPath", "Timestamp", "TimestampPath"],
            ["Output"],
            ["Assign"]),
        ["Succeed"] = new([.. Common, .. Paths], ["Output"], []),
        ["Fail"] = new([.. Common, "Error", "ErrorPath", "Cause", "CausePath"], [], []),
        ["Parallel"] = new(
            [.. Common, .. Paths, .. Exit, .. Errors, "Branches", "Parameters", "ResultSelector", "ResultPath"],
            ["Arguments", "Output"],
            ["Assign"]),
        ["Map"] = new(
            [
                .. Common, .. Paths, .. Exit, .. Errors, "ItemProcessor", "Iterator", "ItemsPath", "ItemSelector",
                "Parameters", "ResultSelector", "ResultPath", "MaxConcurrency", "MaxConcurrencyPath",
            ],
            ["Items", "Output"],
            [
                "Assign", "ItemReader", "ItemBatcher", "ResultWriter", "Label", "ToleratedFailureCount",
                "ToleratedFailureCountPath", "ToleratedFailurePercentage", "ToleratedFailurePercentagePath",
            ]),
    }.ToFrozenDictionary();

    /// <summary>Reports the fields that a state of this type cannot have, or not here, or not yet.</summary>
    public static void Check(string type, FieldReader state)
    {
        var fields = ByType[type];
        foreach (var member in state.Node.Members)
        {
            var name = member.Name ?? "";
            if (fields.Known.Contains(name))
            {
                continue;
            }

            if (fields.JsonataOnly.Contains(name))
            {
                RefuseJsonataField(state, name);
            }
            else if (fields.NotYet.Contains(name))
            {
                state.RefuseForNow(member, $"The field '{name}' is not supported yet", $"Remove '{name}'.");
            }
            else
            {
                RefuseField(state, name);
            }
        }
    }

    /// <summary>Reports the fields of an object other than these.</summary>
    public static void AllowOnly(FieldReader fields, params ReadOnlySpan<string> known)
    {
        foreach (var member in fields.Node.Members)
        {
            if (!known.Contains(member.Name))
            {
                RefuseField(fields, member.Name ?? "");
            }
        }
    }

    // Measured on AWS: the location is the object that holds the field.
    public static void RefuseField(FieldReader holder, string name) =>
        holder.Refuse($"Field '{name}' is not supported", $"Remove '{name}', or check how it is spelled.");

    public static void RefuseJsonataField(FieldReader holder, string name) => holder.Refuse(
        $"The QueryLanguage is set to 'JSONPath', but field '{name}' is only supported for the 'JSONata' QueryLanguage",
        name == "Arguments" ? "Use 'Parameters'." : $"Remove '{name}'.");

    private sealed record Fields(string[] Known, string[] JsonataOnly, string[] NotYet);
}
