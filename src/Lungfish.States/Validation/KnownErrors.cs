using System.Collections.Frozen;
using Lungfish.States.Parsing;

namespace Lungfish.States.Validation;

/// <summary>The error names that begin with <c>States.</c>: reserved, so that the list is closed.</summary>
internal static class KnownErrors
{
    private const string Prefix = "States.";
    private const string HttpStatusPrefix = "States.Http.StatusCode.";
    private const string Uncatchable = "States.Runtime";

    // Documented.
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.Ordinal,
        "States.ALL",
        "States.BranchFailed",
        "States.DataLimitExceeded",
        "States.ExceedToleratedFailureThreshold",
        "States.HeartbeatTimeout",
        "States.Http.Socket",
        "States.IntrinsicFailure",
        "States.ItemReaderFailed",
        "States.NoChoiceMatched",
        "States.ParameterPathFailure",
        "States.Permissions",
        "States.QueryEvaluationError",
        "States.ResultPathMatchFailure",
        "States.ResultWriterFailed",
        "States.TaskFailed",
        "States.Timeout");

    /// <summary>Warns of a name that no error has, and of the one that nothing catches. AWS accepts both.</summary>
    public static void WarnIfNeverMatched(FieldReader fields, DefinitionNode item, string name)
    {
        if (name == Uncatchable)
        {
            fields.Warn(
                item, DiagnosticCodes.ErrorNeverMatches, $"The error '{name}' is neither retried nor caught",
                "It ends the execution at once; check paths and data before they can fail.");
        }
        else if (name.StartsWith(Prefix, StringComparison.Ordinal) && !Names.Contains(name) &&
            !name.StartsWith(HttpStatusPrefix, StringComparison.Ordinal))
        {
            fields.Warn(
                item, DiagnosticCodes.ErrorNeverMatches, $"There is no error '{name}'",
                "Check the spelling; names of your own do not begin with 'States.'.");
        }
    }
}
