using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Lungfish.Functions;
using Lungfish.Json;

namespace Lungfish.Server.Lambda;

/// <summary>Reads members of a request and notes which break a constraint of the API's model.</summary>
/// <remarks>AWS answers all broken constraints at once, so reading goes on; <see cref="Check"/> ends it.</remarks>
/// <param name="body">The members.</param>
/// <param name="path">Of an object inside of the request: its name and a dot.</param>
/// <param name="failures">Where to note; null: this is the request itself.</param>
internal sealed partial class RequestBody(JsonObject body, string path = "", List<string>? failures = null)
{
    private const string RolePattern = @"arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+";

    private const string CapacityProviderPattern =
        @"arn:aws[a-zA-Z-]*:lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}"
        + ":capacity-provider:[a-zA-Z0-9-_]+";

    private readonly List<string> _failures = failures ?? [];

    public bool Has(string name) => body[name] is { Kind: not JsonKind.Null };

    public string? FindText(string name)
    {
        switch (body[name])
        {
            case null or JsonNull:
                return null;
            case JsonString text:
                return text.Value;
            default:
                MustBe(name, "a string");
                return null;
        }
    }

    public string GetText(string name)
    {
        if (!Has(name))
        {
            Fail("null", name, "Member must not be null");
        }

        return FindText(name) ?? "";
    }

    public string? FindText(string name, int lengthMax)
    {
        var text = FindText(name);
        if (text?.Length > lengthMax)
        {
            Fail($"'{text}'", name, string.Create(
                CultureInfo.InvariantCulture, $"Member must have length less than or equal to {lengthMax}"));
        }

        return text;
    }

    public string? FindRole(string name)
    {
        var role = FindText(name);
        if (role is not null && !Role().IsMatch(role))
        {
            Fail($"'{role}'", name, $"Member must satisfy regular expression pattern: {RolePattern}");
        }

        return role;
    }

    public string GetCapacityProvider(string name)
    {
        var arn = GetText(name);
        _ = FindText(name, lengthMax: 140);
        if (Has(name) && !CapacityProvider().IsMatch(arn))
        {
            Fail($"'{arn}'", name, $"Member must satisfy regular expression pattern: {CapacityProviderPattern}");
        }

        return arn;
    }

    public double? FindNumber(string name, double min, double max)
    {
        if (!Has(name))
        {
            return null;
        }

        if (body[name] is not JsonNumber number)
        {
            MustBe(name, "a number");
            return null;
        }

        CheckRange(name, number.Value, min, max);
        return number.Value;
    }

    public int? FindNumber(string name, int min, int max)
    {
        if (!Has(name))
        {
            return null;
        }

        if (body[name] is not JsonNumber number || !number.TryGetInt64(out var value))
        {
            MustBe(name, "an integer");
            return null;
        }

        CheckRange(name, value, (long)min, max);
        return (int)Math.Clamp(value, min, max);
    }

    public bool IsTrue(string name) => body[name] is JsonBoolean { Value: true };

    /// <summary>An object without members if it is not given; what it breaks counts for the request.</summary>
    public RequestBody FindObject(string name)
    {
        if (Has(name) && body[name] is not JsonObject)
        {
            MustBe(name, "an object");
        }

        return new(body[name] as JsonObject ?? JsonObject.Empty, $"{path}{Camel(name)}.", _failures);
    }

    /// <summary>The members of an object with their values, as they were sent.</summary>
    public IEnumerable<KeyValuePair<string, JsonValue>> Members => body;

    /// <summary>An object of strings; null if it is not given.</summary>
    public ImmutableSortedDictionary<string, string>? FindTexts(string name)
    {
        if (body[name] is not JsonObject members)
        {
            return null;
        }

        var texts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in members)
        {
            texts[key] = value is JsonString text ? text.Value : value.ToText();
        }

        return texts.ToImmutable();
    }

    public ImmutableArray<string>? FindList(string name) =>
        body[name] is JsonArray items ? [.. items.Select(i => (i as JsonString)?.Value ?? "")] : null;

    public JsonValue? Find(string name) => Has(name) ? body[name] : null;

    public void Fail(string value, string name, string constraint) =>
        _failures.Add($"Value {value} at '{path}{Camel(name)}' failed to satisfy constraint: {constraint}");

    public void MustBe(string name, string kind) =>
        _failures.Add($"Value at '{path}{Camel(name)}' failed to satisfy constraint: Member must be {kind}");

    /// <exception cref="Lungfish.Engine.ApiException">A constraint was broken.</exception>
    public void Check()
    {
        if (_failures.Count > 0)
        {
            throw LambdaErrors.Validation(_failures);
        }
    }

    private void CheckRange<T>(string name, T value, T min, T max)
        where T : IComparable<T>
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"'{value}'");
        if (value.CompareTo(min) < 0)
        {
            Fail(text, name, string.Create(
                CultureInfo.InvariantCulture, $"Member must have value greater than or equal to {min}"));
        }
        else if (value.CompareTo(max) > 0)
        {
            Fail(text, name, string.Create(
                CultureInfo.InvariantCulture, $"Member must have value less than or equal to {max}"));
        }
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    [GeneratedRegex(
        "^" + RolePattern + "$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Role();

    [GeneratedRegex(
        "^" + CapacityProviderPattern + "$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex CapacityProvider();
}
