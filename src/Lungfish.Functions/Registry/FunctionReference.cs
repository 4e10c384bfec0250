using System.Text.RegularExpressions;
using Lungfish.Engine.Identifiers;

namespace Lungfish.Functions;

/// <summary>A function as callers name it, taken apart.</summary>
/// <param name="Qualifier">A version or alias; null: none was given, which means <c>$LATEST</c>.</param>
public sealed partial record FunctionReference(string Name, string? Qualifier)
{
    public const string Latest = "$LATEST";

    /// <summary>Reads <c>name</c>, <c>name:qualifier</c>, <c>account:function:name</c> and whole ARNs.</summary>
    /// <exception cref="Lungfish.Engine.ApiException">The text names no function, or one of another account or
    /// region.</exception>
    public static FunctionReference Parse(string text, string? qualifier, AwsAccount account)
    {
        var match = Pattern().Match(text);
        if (!match.Success || text.Length > 256)
        {
            throw LambdaErrors.Validation(
                $"Value '{text}' at 'functionName' failed to satisfy constraint: "
                + $"Member must satisfy regular expression pattern: {DocumentedPattern}");
        }

        var name = match.Groups["name"].Value;
        var own = match.Groups["qualifier"] is { Success: true, Value: var value } ? value : null;
        if (own is not null && qualifier is not null && own != qualifier)
        {
            throw LambdaErrors.InvalidParameter(
                "The derived qualifier from the function name does not match the specified qualifier.");
        }

        if (IsOther(match.Groups["region"], account.Region) || IsOther(match.Groups["account"], account.AccountId))
        {
            throw LambdaErrors.FunctionNotFound(text);
        }

        return new(name, own ?? qualifier);
    }

    /// <summary>The ARN with the qualifier, if there is one.</summary>
    public string ToArn(AwsAccount account) =>
        Qualifier is null ? account.FunctionArn(Name) : $"{account.FunctionArn(Name)}:{Qualifier}";

    private const string DocumentedPattern =
        @"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?"
        + @"([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?";

    private static bool IsOther(Group group, string own) => group.Success && group.Value != own;

    [GeneratedRegex(
        @"^(arn:aws[a-zA-Z-]*:lambda:(?<region>[a-z0-9-]+):)?((?<account>[0-9]{12}):)?(function:)?"
        + @"(?<name>[a-zA-Z0-9_-]+)(:(?<qualifier>\$LATEST|[a-zA-Z0-9_-]+))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
