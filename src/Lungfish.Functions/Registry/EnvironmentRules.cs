using System.Collections.Immutable;
using System.Text;

namespace Lungfish.Functions.Registry;

/// <summary>What a function's own environment variables must keep to.</summary>
internal static class EnvironmentRules
{
    private const int BytesMax = 4096; // Documented: the total size of all variables is 4 KB.

    // Documented: developer guide, "Defined runtime environment variables", reserved ones.
    private static readonly ImmutableHashSet<string> Reserved = ImmutableHashSet.Create(
        StringComparer.Ordinal,
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_MAX_CONCURRENCY",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT");

    public static void Check(ImmutableSortedDictionary<string, string>? variables)
    {
        if (variables is null)
        {
            return;
        }

        var reserved = variables.Keys.Where(Reserved.Contains).ToArray();
        if (reserved.Length > 0)
        {
            throw LambdaErrors.InvalidParameter(
                "Lambda was unable to configure your environment variables because the environment variables you have "
                + "provided contains reserved keys that are currently not supported for modification. Reserved keys "
                + $"used in this request: {string.Join(", ", reserved)}");
        }

        if (variables.Keys.FirstOrDefault(name => !IsName(name)) is { } bad)
        {
            throw LambdaErrors.Validation(
                $"Value '{bad}' at 'environment.variables' failed to satisfy constraint: Map keys must "
                + "satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]");
        }

        if (variables.Sum(v => Encoding.UTF8.GetByteCount(v.Key) + Encoding.UTF8.GetByteCount(v.Value)) > BytesMax)
        {
            throw LambdaErrors.InvalidParameter(
                "Lambda was unable to configure your environment variables because the environment variables you have "
                + "provided exceeded the 4KB limit.");
        }
    }

    private static bool IsName(string name) =>
        name.Length > 1 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
