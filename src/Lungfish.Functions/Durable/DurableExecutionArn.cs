using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Lungfish.Functions.Durable;

/// <summary><c>{qualified function version ARN}/durable-execution/{name}/{id}</c>, taken apart.</summary>
public sealed partial record DurableExecutionArn(
    string Value, string FunctionArn, string Version, string Name, string Id)
{
    /// <summary>As the model of the API has it.</summary>
    public const string Pattern =
        @"arn:([a-zA-Z0-9-]+):lambda:([a-zA-Z0-9-]+):(\d{12}):function:([a-zA-Z0-9_-]+):"
        + @"(\$LATEST(?:\.PUBLISHED)?|[0-9]+)/durable-execution/([a-zA-Z0-9_-]+)/([a-zA-Z0-9_-]+)";

    private const int LengthMax = 1024;

    public static bool TryParse(string text, [NotNullWhen(true)] out DurableExecutionArn? arn)
    {
        var match = text.Length <= LengthMax ? Form().Match(text) : Match.Empty;
        arn = match.Success
            ? new(text, match.Groups["function"].Value, match.Groups["version"].Value, match.Groups["name"].Value,
                match.Groups["id"].Value)
            : null;
        return match.Success;
    }

    /// <summary>As <see cref="TryParse"/>, but nothing is taken apart.</summary>
    public static bool IsOne(string text) => text.Length <= LengthMax && Form().IsMatch(text);

    /// <exception cref="FormatException">It is none.</exception>
    public static DurableExecutionArn Parse(string text) =>
        TryParse(text, out var arn) ? arn : throw new FormatException($"{text} is no ARN of a durable execution.");

    [GeneratedRegex(
        @"\A(?<function>arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:[0-9]{12}:function:[a-zA-Z0-9_-]+:"
        + @"(?<version>\$LATEST(\.PUBLISHED)?|[0-9]+))"
        + @"/durable-execution/(?<name>[a-zA-Z0-9_-]+)/(?<id>[a-zA-Z0-9_-]+)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
