using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lungfish.Conformance.Matching;

namespace Lungfish.Conformance.Running;

/// <summary>Fills in the <c>{{...}}</c> of a case with what this run knows.</summary>
internal sealed partial class Templates(string region, string account)
{
    // What goes on beside a case answers too.
    private readonly ConcurrentDictionary<string, JsonNode?> _answers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _fresh = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Name, string Arn)> _functions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _created = new(StringComparer.Ordinal);

    public string RoleArn { get; } = $"arn:aws:iam::{account}:role/sfn-conformance-role";

    /// <summary>Remembers the answer of step <paramref name="id"/>, for <c>{{r2.stateMachineArn}}</c> and its
    /// kin.</summary>
    public void AddAnswer(string id, JsonNode? answer) => _answers[id] = answer;

    public void AddFunction(string id, string name, string arn) => _functions[id] = (name, arn);

    /// <summary>Remembers a name or ARN that this case made, for lists of <c>only_created_here</c>.</summary>
    public void AddCreated(string? name)
    {
        if (name is not null)
        {
            _created.Add(name);
        }
    }

    /// <summary>The value that a placeholder must have by the case's bindings, or null while it cannot be
    /// told.</summary>
    public string? FindBinding(JsonNode? template)
    {
        try
        {
            return Evaluate(template) is JsonValue value && value.TryGetValue<string>(out var text)
                && !text.Contains("{{", StringComparison.Ordinal)
                ? text
                : null;
        }
        catch (TemplateException)
        {
            return null; // The step that it refers to has not answered yet.
        }
    }

    public JsonNode? Evaluate(JsonNode? template) => template switch
    {
        JsonObject members when members.Count == 1 && members["$ref"] is { } reference =>
            Follow(reference.GetValue<string>()),
        JsonObject members when members.ContainsKey("$list") => EvaluateList(members),
        JsonObject members when members.ContainsKey("$jsonpath") =>
            throw new TemplateException("$jsonpath is not supported."),
        JsonObject members => new JsonObject(
            members.Select(member => KeyValuePair.Create(Text(member.Key), Evaluate(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Evaluate)]),
        JsonValue value when value.TryGetValue<string>(out var text) => EvaluateText(text),
        _ => template?.DeepClone(),
    };

    public string Text(string template) => Plain(EvaluateText(template));

    private JsonNode? EvaluateText(string template)
    {
        if (Expression().Match(template) is { Success: true } whole && whole.Length == template.Length
            && IsKnown(whole))
        {
            return Look(whole.Groups["expression"].Value);
        }

        return Expression().Replace(
            template, match => IsKnown(match) ? Plain(Look(match.Groups["expression"].Value)) : match.Value);
    }

    private bool IsKnown(Match match)
    {
        var head = Head().Match(match.Groups["expression"].Value).Value;
        return head is "uid" or "lambda" or "lambdaName" or "roleArn" or "account" or "region" or "now"
            || AnswerId().IsMatch(head)
            || _answers.ContainsKey(head);
    }

    private JsonNode? Look(string expression)
    {
        var parts = expression.Split('|');
        var value = LookUnfiltered(parts[0]);
        foreach (var filter in parts[1..])
        {
            value = filter switch
            {
                "last" => Plain(value).Split(':')[^1],
                "tojson" => value?.ToJsonString() ?? "null",
                _ when filter.StartsWith("json", StringComparison.Ordinal) => filter.Split('.')[1..]
                    .Aggregate(JsonText.Find(Plain(value)), (current, name) => current?[name])?.DeepClone(),
                _ => throw new TemplateException($"Unknown filter {filter}."),
            };
        }

        return value;
    }

    private JsonNode? LookUnfiltered(string head) => head.Split(':', 2) switch
    {
        ["uid", _] => Fresh(head),
        ["lambda", var id] => Function(id).Arn,
        ["lambdaName", var id] => Function(id).Name,
        ["roleArn"] => RoleArn,
        ["account"] => account,
        ["region"] => region,
        [var now] when now.StartsWith("now+", StringComparison.Ordinal) => DateTimeOffset.UtcNow
            .AddDays(int.Parse(now[4..^1], CultureInfo.InvariantCulture))
            .ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
        _ => Follow(head),
    };

    private JsonNode? Follow(string path)
    {
        var names = PathStep().Matches(path).Select(match => match.Value).ToList();
        if (!_answers.TryGetValue(names[0], out var value))
        {
            throw new TemplateException($"No answer for {path}.");
        }

        foreach (var name in names.Skip(1))
        {
            value = (value, name) switch
            {
                (JsonArray items, ['[', ..]) when int.Parse(name[1..^1], CultureInfo.InvariantCulture) is var index
                    && index < items.Count => items[index],
                (JsonObject members, _) when members.TryGetPropertyValue(name, out var member) => member,
                _ => throw new TemplateException($"No {name} in {path}."),
            };
        }

        return value?.DeepClone();
    }

    private JsonArray EvaluateList(JsonObject template)
    {
        IEnumerable<JsonNode?> items;
        try
        {
            items = Follow(template["$list"]?.GetValue<string>() ?? "") as JsonArray ?? [];
        }
        catch (TemplateException)
        {
            items = [];
        }

        if (template["only_created_here"]?.GetValue<bool>() ?? false)
        {
            items = items.Where(WasCreatedHere);
        }

        var slice = template["slice"]?.AsArray().Select(number => number?.GetValue<int>() ?? 0).ToArray() ?? [0, 0];
        var wanted = slice[0] == 0 ? items : items.Skip(slice[0]).Take(slice[1]);
        return new JsonArray([.. wanted.Select(item => item?.DeepClone())]);
    }

    private bool WasCreatedHere(JsonNode? item) => item is JsonObject members
        && members.Any(member => member.Value is JsonValue value
            && value.TryGetValue<string>(out var text)
            && _created.Contains(text));

    private string Fresh(string id)
    {
        if (!_fresh.TryGetValue(id, out var text))
        {
            _fresh[id] = text = Guid.NewGuid().ToString("N")[..8];
        }

        return text;
    }

    private (string Name, string Arn) Function(string id) =>
        _functions.TryGetValue(id, out var function) ? function : throw new TemplateException($"No function {id}.");

    private static string Plain(JsonNode? value) =>
        value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : value?.ToJsonString() ?? "null";

    [GeneratedRegex(@"\{\{(?<expression>[^{}]+)\}\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Expression();

    [GeneratedRegex(@"^[^|.\[:+]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Head();

    [GeneratedRegex("^r[0-9]+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AnswerId();

    [GeneratedRegex(@"[^.\[\]]+|\[[0-9]+\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PathStep();
}

internal sealed class TemplateException(string message) : Exception(message);
