using System.Globalization;
using System.Text.RegularExpressions;
using Lungfish.Engine.Identifiers;
using Lungfish.Functions;
using Lungfish.Json;

namespace Lungfish.Server.Lambda;

/// <summary>What the operations on aliases share.</summary>
internal static partial class Aliases
{
    private const string NamePattern = "(?!^[0-9]+$)([a-zA-Z0-9-_]+)";
    private const string VersionPattern = @"(\$LATEST(\.PUBLISHED)?|[0-9]+)";
    private const int NameLengthMax = 128;

    /// <summary>The alias that the path names.</summary>
    public static (string Function, string Alias) ReadName(LambdaCall call) => (
        ReadFunction(call),
        call.Request.RouteValues["Name"] as string ?? "");

    /// <exception cref="Lungfish.Engine.ApiException">The function is named with a qualifier.</exception>
    public static string ReadFunction(LambdaCall call) => call.ReadReference() switch
    {
        { Qualifier: null } reference => reference.Name,
        var reference => throw LambdaErrors.InvalidParameter(
            $"An alias belongs to a function, not to its version or alias {reference.Qualifier}."),
    };

    public static string ReadNewName(RequestBody body)
    {
        var name = body.GetText("Name");
        if (name.Length > NameLengthMax)
        {
            body.Fail($"'{name}'", "Name", $"Member must have length less than or equal to {NameLengthMax}");
        }
        else if (body.Has("Name") && !NameForm().IsMatch(name))
        {
            body.Fail($"'{name}'", "Name", $"Member must satisfy regular expression pattern: {NamePattern}");
        }

        return name;
    }

    public static AliasChange ReadChange(RequestBody body)
    {
        var version = body.FindText("FunctionVersion");
        if (version is not null && !VersionForm().IsMatch(version))
        {
            body.Fail(
                $"'{version}'", "FunctionVersion", $"Member must satisfy regular expression pattern: {VersionPattern}");
        }

        return new AliasChange
        {
            FunctionVersion = version,
            Description = body.FindText("Description", lengthMax: 256),
            Routing = body.Has("RoutingConfig") ? ReadRouting(body.FindObject("RoutingConfig")) : null,
            ExpectedRevision = body.FindText("RevisionId"),
        };
    }

    public static JsonObject ToJson(FunctionAlias alias, AwsAccount account)
    {
        var answer = JsonObject.Of(
            ("AliasArn", new FunctionReference(alias.FunctionName, alias.Name).ToArn(account)),
            ("Name", alias.Name),
            ("FunctionVersion", alias.FunctionVersion),
            ("Description", alias.Description));
        if (alias.Additional is { } route)
        {
            answer = answer.With("RoutingConfig", JsonObject.Of(
                "AdditionalVersionWeights", JsonObject.Of(route.Version, route.Weight)));
        }

        return answer.With("RevisionId", alias.RevisionId);
    }

    private static List<AliasRoute> ReadRouting(RequestBody config)
    {
        var routing = new List<AliasRoute>();
        foreach (var (version, value) in config.FindObject("AdditionalVersionWeights").Members)
        {
            if (value is not JsonNumber { Value: >= 0 and <= 1 } weight)
            {
                config.Fail(
                    $"'{value.ToText()}'",
                    "AdditionalVersionWeights",
                    "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, "
                    + "Member must have value greater than or equal to 0.0]");
                continue;
            }

            if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                config.Fail(
                    $"'{version}'",
                    "AdditionalVersionWeights",
                    "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [0-9]+]");
            }

            routing.Add(new(version, weight.Value));
        }

        return routing;
    }

    [GeneratedRegex(
        @"\A(?![0-9]+\z)[a-zA-Z0-9_-]+\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameForm();

    [GeneratedRegex(
        @"\A(\$LATEST(\.PUBLISHED)?|[0-9]{1,1024})\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionForm();
}
