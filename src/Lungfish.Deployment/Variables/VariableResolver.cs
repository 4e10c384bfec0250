using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Lungfish.Deployment.Documents;
using Lungfish.Json;

namespace Lungfish.Deployment.Variables;

/// <summary>What variables are looked up in.</summary>
public sealed record VariableSources
{
    /// <summary>The whole file, for <c>${self:…}</c>.</summary>
    public required DocumentNode Self { get; init; }

    public required string Stage { get; init; }

    public required string Region { get; init; }

    public required string AccountId { get; init; }

    /// <summary>What the command line gave, for <c>${opt:…}</c>; stage and region are added by themselves.</summary>
    public ImmutableDictionary<string, string> Options { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Reads an environment variable, for <c>${env:…}</c>.</summary>
    public required Func<string, string?> Environment { get; init; }
}

/// <summary>Replaces the variables of the Serverless Framework, on demand: what nobody reads is never looked
/// up.</summary>
internal sealed class VariableResolver(VariableSources sources, Problems problems)
{
    private readonly HashSet<string> _open = [];

    /// <summary>A copy without variables, all the way down. Variables that cannot be resolved become
    /// problems.</summary>
    public DocumentNode Resolve(DocumentNode node, string key)
    {
        problems.Allowance.Enter(node.Mark, key);
        var resolved = ResolveWithin(node, key);
        problems.Allowance.Leave();
        return resolved;
    }

    private DocumentNode ResolveWithin(DocumentNode node, string key)
    {
        switch (node)
        {
            case ScalarNode { Text: { } text } scalar:
                return ResolveText(text, scalar, key);
            case ListNode list:
                return list with { Items = [.. list.Items.Select((item, i) => Resolve(item, $"{key}[{i}]"))] };
            case MapNode map:
                var entries = map.Entries.Select(e => e with { Value = Resolve(e.Value, Keys.Join(key, e.Key)) });
                return map with { Entries = [.. entries] };
            default:
                return node;
        }
    }

    private DocumentNode ResolveText(string text, ScalarNode scalar, string key)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
        {
            return scalar;
        }

        if (VariableText.Parse(text) is not { } parsed)
        {
            problems.Add(
                scalar.Mark, key,
                $"a variable is not closed, or stands in more than {VariableText.LevelsMax} others",
                "Add the missing }, or write it simpler.");
            return scalar;
        }

        return parsed.HasVariables ? Evaluate(parsed, scalar.Mark, key) : scalar;
    }

    private DocumentNode Evaluate(VariableText text, Mark mark, string key)
    {
        if (text.Parts is [VariableText.Variable only])
        {
            return Evaluate(only, mark, key); // The whole text is one variable: its type is kept.
        }

        var joined = new StringBuilder();
        foreach (var part in text.Parts)
        {
            if (part is VariableText.Literal literal)
            {
                joined.Append(literal.Text);
            }
            else if (part is VariableText.Variable variable && Evaluate(variable, mark, key) is var value)
            {
                if (value is not ScalarNode scalar)
                {
                    problems.Add(
                        mark,
                        key,
                        $"{variable.Source} is {value.Kind} and stands inside text",
                        "Use it alone, as the whole value.");
                    continue;
                }

                var shown = scalar.Display;
                problems.Allowance.Take(shown.Length, mark, key);
                joined.Append(shown);
            }
        }

        return new ScalarNode(joined.ToString()) { Mark = mark };
    }

    private DocumentNode Evaluate(VariableText.Variable variable, Mark mark, string key)
    {
        if (!_open.Add(variable.Source))
        {
            problems.Add(mark, key, $"{variable.Source} refers to itself", "Break the circle.");
            return new ScalarNode(JsonValue.Null) { Mark = mark };
        }

        try
        {
            return variable.Alternatives.Select(a => Look(a, mark, key)).FirstOrDefault(found => found is not null)
                ?? Missing(variable, mark, key);
        }
        finally
        {
            _open.Remove(variable.Source);
        }
    }

    private ScalarNode Missing(VariableText.Variable variable, Mark mark, string key)
    {
        problems.Add(
            mark,
            key,
            $"{variable.Source} has no value",
            $"Set it, or give a fallback: {variable.Source[..^1]}, 'value'}}.");
        return new ScalarNode("") { Mark = mark };
    }

    /// <returns>Null if the source has no value; then the next alternative is tried.</returns>
    private DocumentNode? Look(VariableText alternative, Mark mark, string key)
    {
        var trimmed = Trim(alternative);
        if (trimmed.Parts is [VariableText.Variable])
        {
            return Evaluate(trimmed, mark, key);
        }

        var address = ((ScalarNode)Evaluate(trimmed, mark, key)).Display;
        if (Literal(address) is { } literal)
        {
            return new ScalarNode(literal) { Mark = mark };
        }

        var colon = address.IndexOf(':', StringComparison.Ordinal);
        var source = colon < 0 ? address : address[..colon];
        var rest = colon < 0 ? "" : address[(colon + 1)..].Trim();
        return source switch
        {
            "self" => Self(rest, key),
            "opt" => Text(Option(rest), mark),
            "sls" => Sls(rest, mark, key),
            "env" => Text(sources.Environment(rest), mark),
            "aws" => Aws(rest, mark, key),
            _ => Unknown(source, mark, key),
        };
    }

    private string? Option(string name) => sources.Options.TryGetValue(name, out var given) ? given : name switch
    {
        "stage" => sources.Stage,
        "region" => sources.Region,
        _ => null,
    };

    private ScalarNode Sls(string name, Mark mark, string key) => name switch
    {
        "stage" => new ScalarNode(sources.Stage) { Mark = mark },
        _ => Unknown($"sls:{name}", mark, key),
    };

    private ScalarNode Aws(string name, Mark mark, string key) => name switch
    {
        "accountId" => new ScalarNode(sources.AccountId) { Mark = mark },
        "region" => new ScalarNode(sources.Region) { Mark = mark },
        _ => Unknown($"aws:{name}", mark, key),
    };

    private ScalarNode Unknown(string source, Mark mark, string key)
    {
        problems.Add(
            mark,
            key,
            $"variables of the source \"{source}\" are not read yet",
            "Write the value here, or use self, opt, sls or env.");
        return new ScalarNode("") { Mark = mark };
    }

    private DocumentNode? Self(string path, string key)
    {
        var node = sources.Self;
        foreach (var name in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            // What is on the way may itself be a variable: custom: ${self:other}.
            var step = node is ScalarNode ? Resolve(node, key) : node;
            var next = step switch
            {
                MapNode map when map.TryGet(name, out var value) => value,
                ListNode list when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
                    && i < list.Items.Length => list.Items[i],
                _ => null,
            };
            if (next is null)
            {
                return path == "provider.stage" ? Text(sources.Stage, node.Mark)
                    : path == "provider.region" ? Text(sources.Region, node.Mark)
                    : null;
            }

            node = next;
        }

        var resolved = Resolve(node, path);
        if (path == "service" && resolved is MapNode service && service.TryGet("name", out var serviceName))
        {
            return serviceName;
        }

        return resolved is ScalarNode { Value: JsonNull } ? null : resolved;
    }

    private static ScalarNode? Text(string? value, Mark mark) =>
        value is null ? null : new ScalarNode(value) { Mark = mark };

    private static JsonValue? Literal(string text)
    {
        if (text.Length >= 2 && text[0] is '\'' or '"' && text[^1] == text[0])
        {
            return text[1..^1];
        }

        return text switch
        {
            "true" => true,
            "false" => false,
            "null" => JsonValue.Null,
            _ =>
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number) ? number : null,
        };
    }

    private static bool IsBlank(VariableText.Part part) =>
        part is VariableText.Literal literal && string.IsNullOrWhiteSpace(literal.Text);

    private static VariableText Trim(VariableText text)
    {
        var parts = text.Parts
            .Where((part, i) => !IsBlank(part) || (i > 0 && i < text.Parts.Length - 1))
            .ToImmutableArray();
        if (parts is [VariableText.Literal first, ..])
        {
            parts = parts.SetItem(0, new VariableText.Literal(first.Text.TrimStart()));
        }

        return parts is [.., VariableText.Literal last]
            ? new VariableText(parts.SetItem(parts.Length - 1, new VariableText.Literal(last.Text.TrimEnd())))
            : new VariableText(parts);
    }
}
