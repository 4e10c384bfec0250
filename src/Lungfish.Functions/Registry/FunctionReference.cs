using System.Buffers;
using System.Text.RegularExpressions;
using Lungfish.Engine.Identifiers;

namespace Lungfish.Functions;

/// <summary>A function as callers name it, taken apart.</summary>
/// <param name="Qualifier">A version or alias; null: none was given, which means <c>$LATEST</c>.</param>
public sealed partial record FunctionReference(string Name, string? Qualifier)
{
    public const string Latest = "$LATEST";

    private const int LengthMax = 256;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Reads <c>name</c>, <c>name:qualifier</c>, <c>account:function:name</c> and whole ARNs.</summary>
    /// <exception cref="Lungfish.Engine.ApiException">The text names no function, or one of another account or
    /// region.</exception>
    public static FunctionReference Parse(string text, string? qualifier, AwsAccount account)
    {
        if (text.Length > LengthMax || (ReadUsual(text, account) ?? ReadAny(text, account)) is not
            (var name, var own, var isOther))
        {
            throw LambdaErrors.Validation(
                $"Value '{text}' at 'functionName' failed to satisfy constraint: "
                + $"Member must satisfy regular expression pattern: {DocumentedPattern}");
        }

        if (own is not null && qualifier is not null && own != qualifier)
        {
            throw LambdaErrors.InvalidParameter(
                "The derived qualifier from the function name does not match the specified qualifier.");
        }

        if (isOther)
        {
            throw LambdaErrors.FunctionNotFound(text);
        }

        return new(name, own ?? qualifier);
    }

    /// <summary>The ARN with the qualifier, if there is one.</summary>
    public string ToArn(AwsAccount account) => account.FunctionArn(Qualifier is null ? Name : $"{Name}:{Qualifier}");

    private const string DocumentedPattern =
        @"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?"
        + @"([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?";

    /// <summary>A plain name, or the ARN of a function of this account: nearly all are, and need no regular expression.
    /// </summary>
    /// <returns>Null: it is of another form.</returns>
    private static Parts? ReadUsual(ReadOnlySpan<char> text, AwsAccount account)
    {
        var rest = text;
        if (Cut(ref rest, "arn:aws:lambda:"))
        {
            if (!Cut(ref rest, account.Region) || !Cut(ref rest, ":") || !Cut(ref rest, account.AccountId)
                || !Cut(ref rest, ":function:"))
            {
                return null;
            }
        }
        else if (rest.Contains(':'))
        {
            return null;
        }

        var colon = rest.IndexOf(':');
        var name = colon < 0 ? rest : rest[..colon];
        var qualifier = colon < 0 ? default : rest[(colon + 1)..];
        return IsName(name) && (colon < 0 || qualifier.SequenceEqual(Latest) || IsName(qualifier))
            ? new Parts(name.ToString(), colon < 0 ? null : qualifier.ToString(), IsOther: false)
            : null;
    }

    private static Parts? ReadAny(string text, AwsAccount account)
    {
        var match = Pattern().Match(text);
        return match.Success
            ? new Parts(
                match.Groups["name"].Value,
                match.Groups["qualifier"] is { Success: true, Value: var qualifier } ? qualifier : null,
                IsOther(match.Groups["region"], account.Region) || IsOther(match.Groups["account"], account.AccountId))
            : null;
    }

    private static bool Cut(ref ReadOnlySpan<char> text, string prefix)
    {
        var isThere = text.StartsWith(prefix, StringComparison.Ordinal);
        text = isThere ? text[prefix.Length..] : text;
        return isThere;
    }

    private static bool IsName(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(NameCharacters);

    /// <param name="IsOther">It is of another account or region.</param>
    private readonly record struct Parts(string Name, string? Qualifier, bool IsOther);

    private static bool IsOther(Group group, string own) => group.Success && group.Value != own;

    [GeneratedRegex(
        @"^(arn:aws[a-zA-Z-]*:lambda:(?<region>[a-z0-9-]+):)?((?<account>[0-9]{12}):)?(function:)?"
        + @"(?<name>[a-zA-Z0-9_-]+)(:(?<qualifier>\$LATEST|[a-zA-Z0-9_-]+))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
