namespace Lungfish.Deployment.Serverless;

/// <summary>The logical ids that the framework and its Step Functions plugin give to resources.</summary>
internal static class ServerlessNames
{
    public static string FunctionId(string key) => $"{Normalize(key)}LambdaFunction";

    public static string ActivityId(string name) => $"{Normalize(name)}StepFunctionsActivity";

    /// <param name="idOrName">The machine's own id or name decides, if it has one.</param>
    public static string StateMachineId(string key, string? idOrName) =>
        idOrName is null ? $"{Normalize(key)}StepFunctionsStateMachine" : Normalize(idOrName);

    private static string Normalize(string name)
    {
        var normalized = name
            .Replace("-", "Dash", StringComparison.Ordinal)
            .Replace("_", "Underscore", StringComparison.Ordinal);
        return normalized.Length == 0 ? "" : char.ToUpperInvariant(normalized[0]) + normalized[1..];
    }
}
