using System.Collections.Frozen;

namespace Lungfish.States.Parsing;

/// <summary>Which fields a state of each type may have, in either query language.</summary>
internal static class StateFields
{
    private static readonly string[] Common = ["Type", "Comment", "QueryLanguage"];
    private static readonly string[] Paths = ["InputPath", "OutputPath"];
    private static readonly string[] Exit = ["Next", "End", "Assign"];
    private static readonly string[] Errors = ["Retry", "Catch"];

    private static readonly FrozenDictionary<string, Fields> ByType = new Dictionary<string, Fields>
    {
        ["Pass"] = new([.. Common, .. Exit], [.. Paths, "Parameters", "Result", "ResultPath"], ["Output"], []),
        ["Task"] = new(
            [.. Common, .. Exit, .. Errors, "Resource", "TimeoutSeconds", "HeartbeatSeconds", "Credentials"],
            [.. Paths, "Parameters", "ResultSelector", "ResultPath", "TimeoutSecondsPath", "HeartbeatSecondsPath"],
            ["Arguments", "Output"],
            []),
        ["Choice"] = new([.. Common, "Assign", "Choices", "Default"], Paths, ["Output"], []),
        ["Wait"] = new(
            [.. Common, .. Exit, "Seconds", "Timestamp"],
            [.. Paths, "SecondsPath", "TimestampPath"],
            ["Output"],
            []),
        ["Succeed"] = new(Common, Paths, ["Output"], []),
        ["Fail"] = new([.. Common, "Error", "Cause"], ["ErrorPath", "CausePath"], [], []),
        ["Parallel"] = new(
            [.. Common, .. Exit, .. Errors, "Branches"],
            [.. Paths, "Parameters", "ResultSelector", "ResultPath"],
            ["Arguments", "Output"],
            []),
        ["Map"] = new(
            [
                .. Common, .. Exit, .. Errors, "ItemProcessor", "Iterator", "ItemSelector", "MaxConcurrency",
                "ToleratedFailureCount", "ToleratedFailurePercentage", "ItemReader", "ItemBatcher", "ResultWriter",
                "Label",
            ],
            [
                .. Paths, "ItemsPath", "Parameters", "ResultSelector", "ResultPath", "MaxConcurrencyPath",
                "ToleratedFailureCountPath", "ToleratedFailurePercentagePath",
            ],
            ["Items", "Output"],
            []),
    }.ToFrozenDictionary();

    /// <summary>Reports the fields that a state of this type cannot have, or not in its language, or not yet.</summary>
    public static void Check(string type, FieldReader state) => Check(state, ByType[type]);

    /// <summary>The same for a part of a state: a rule of a Choice, a catcher.</summary>
    public static void CheckPart(FieldReader part, string[] both, string[] jsonPath, string[] jsonata) =>
        Check(part, new Fields(both, jsonPath, jsonata, []));

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

    /// <summary>Reports a field that only states in the other language have.</summary>
    /// <remarks>Measured for fields of JSONata in JSONPath states; the mirrored form is a guess.</remarks>
    public static void RefuseOtherLanguage(FieldReader holder, string name)
    {
        var (own, other) = holder.IsJsonata ? ("JSONata", "JSONPath") : ("JSONPath", "JSONata");
        holder.Refuse(
            $"The QueryLanguage is set to '{own}', " +
                $"but field '{name}' is only supported for the '{other}' QueryLanguage",
            name switch
            {
                "Arguments" => "Use 'Parameters'.",
                "Parameters" => "Use 'Arguments'.",
                "Result" => "Use 'Output'.",
                _ => $"Remove '{name}', or set 'QueryLanguage'.",
            });
    }

    private static void Check(FieldReader holder, Fields fields)
    {
        var (own, other) = holder.IsJsonata ? (fields.Jsonata, fields.JsonPath) : (fields.JsonPath, fields.Jsonata);
        foreach (var member in holder.Node.Members)
        {
            var name = member.Name ?? "";
            if (fields.Both.Contains(name) || own.Contains(name))
            {
                continue;
            }

            if (other.Contains(name))
            {
                RefuseOtherLanguage(holder, name);
            }
            else if (fields.NotYet.Contains(name))
            {
                holder.RefuseForNow(member, $"The field '{name}' is not supported yet", $"Remove '{name}'.");
            }
            else
            {
                RefuseField(holder, name);
            }
        }
    }

    private sealed record Fields(string[] Both, string[] JsonPath, string[] Jsonata, string[] NotYet);
}
