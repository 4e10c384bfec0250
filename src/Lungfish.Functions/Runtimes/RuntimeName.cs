using System.Text.RegularExpressions;

namespace Lungfish.Functions.Runtimes;

internal enum RuntimeFamily
{
    Python,
    Node,
    Dotnet,
    Provided,
}

/// <summary>Identifiers of runtimes, such as <c>python3.12</c>.</summary>
internal static partial class RuntimeName
{
    /// <exception cref="Lungfish.Engine.ApiException">No runtime of that name can be run here.</exception>
    public static void Check(string runtime) => _ = FamilyOf(runtime);

    public static RuntimeFamily FamilyOf(string runtime) => runtime switch
    {
        _ when runtime.StartsWith("python3.", StringComparison.Ordinal) => RuntimeFamily.Python,
        _ when NodePattern().IsMatch(runtime) => RuntimeFamily.Node,
        "dotnet6" or "dotnet8" or "dotnet10" => RuntimeFamily.Dotnet,
        "provided" or "provided.al2" or "provided.al2023" => RuntimeFamily.Provided,
        _ => throw LambdaErrors.InvalidParameter(
            $"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: "
            + "[python3.x, nodejsNN.x, dotnet8, dotnet10, provided, provided.al2, provided.al2023] or be a valid ARN"),
    };

    [GeneratedRegex("^nodejs[0-9]+\\.x$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NodePattern();
}
