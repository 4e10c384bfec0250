using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Lungfish.Deployment.Documents;
using Lungfish.Json;

namespace Lungfish.Deployment.Intrinsics;

/// <summary>Turns located nodes into JSON, with CloudFormation's functions carried out on the way.</summary>
internal sealed partial class IntrinsicResolver(ReferenceTable references, Problems problems)
{
    /// <summary>Where each value of the JSON stands in the file, by pointers such as
    /// <c>/States/A/Choices[0]</c>.</summary>
    public ImmutableDictionary<string, Mark>.Builder Locations { get; } =
        ImmutableDictionary.CreateBuilder<string, Mark>();

    public JsonValue ToJson(DocumentNode node, string key) => ToJson(node, key, "");

    private JsonValue ToJson(DocumentNode node, string key, string pointer)
    {
        Locations[pointer] = node.Mark;
        switch (node)
        {
            case ScalarNode { Text: { } text }:
                return Substitute(text, null, node.Mark, key);
            case ScalarNode scalar:
                return scalar.Value;
            case ListNode list:
                return JsonArray.Of(list.Items.Select((item, i) => ToJson(item, $"{key}[{i}]", $"{pointer}[{i}]")));
            case MapNode { Entries: [{ Key: "Ref" or ['F', 'n', ':', ':', ..] } intrinsic] }:
                return Carry(intrinsic, key);
            default:
                return MapToJson((MapNode)node, key, pointer);
        }
    }

    private JsonObject MapToJson(MapNode map, string key, string pointer)
    {
        var json = new JsonObject.Builder();
        foreach (var entry in map.Entries)
        {
            json.Set(entry.Key, ToJson(entry.Value, Keys.Join(key, entry.Key), $"{pointer}/{entry.Key}"));
            Locations[$"{pointer}/{entry.Key}"] = entry.KeyMark;
        }

        return json.Build();
    }

    private JsonValue Carry(MapEntry intrinsic, string key)
    {
        var path = Keys.Join(key, intrinsic.Key);
        switch (intrinsic)
        {
            case { Key: "Ref", Value: ScalarNode { Text: { } name } }:
                return Ref(name, intrinsic.Value.Mark, path);
            case { Key: "Fn::GetAtt", Value: ListNode { Items: [ScalarNode name, ScalarNode attribute] } }:
                return GetAtt(name.Display, attribute.Display, intrinsic.Value.Mark, path);
            case { Key: "Fn::GetAtt", Value: ScalarNode { Text: { } dotted } } when dotted.Contains('.'):
                var parts = dotted.Split('.', 2); // An attribute's own name may hold dots.
                return GetAtt(parts[0], parts[1], intrinsic.Value.Mark, path);
            case { Key: "Fn::Sub", Value: ScalarNode { Text: { } text } }:
                return Substitute(text, JsonObject.Empty, intrinsic.Value.Mark, path);
            case { Key: "Fn::Sub", Value: ListNode { Items: [ScalarNode { Text: { } text }, MapNode values] } }:
                return Substitute(text, MapToJson(values, path, path), intrinsic.Value.Mark, path);
            case { Key: "Fn::Join", Value: ListNode { Items: [ScalarNode delimiter, ListNode items] } }:
                return string.Join(
                    delimiter.Display, items.Items.Select((item, i) => TextOf(ToJson(item, $"{path}[{i}]"))));
            case { Key: "Ref" or "Fn::GetAtt" or "Fn::Sub" or "Fn::Join" }:
                problems.Add(
                    intrinsic.KeyMark,
                    key,
                    $"{intrinsic.Key} has arguments of another form",
                    "See CloudFormation's reference for them.");
                return "";
            default:
                problems.Add(
                    intrinsic.KeyMark,
                    key,
                    $"{intrinsic.Key} is not read yet",
                    "Use Ref, Fn::GetAtt, Fn::Sub or Fn::Join, or write the value.");
                return "";
        }
    }

    private string Ref(string name, Mark mark, string key) =>
        references.FindRef(name) ?? Unknown($"nothing here is named {name}", mark, key);

    private string GetAtt(string name, string attribute, Mark mark, string key) =>
        references.FindAttribute(name, attribute)
        ?? Unknown(
            references.Resources.ContainsKey(name)
                ? $"{name} has no attribute {attribute}"
                : $"nothing here is named {name}",
            mark,
            key);

    private string Unknown(string message, Mark mark, string key)
    {
        var names = string.Join(", ", references.Resources.Keys.Order(StringComparer.Ordinal).Take(8));
        problems.Add(
            mark,
            key,
            message,
            names.Length == 0 ? "Declare it under functions or stepFunctions." : $"Known are: {names}.");
        return "";
    }

    /// <summary>Replaces <c>${…}</c> and the older <c>#{…}</c> of serverless-pseudo-parameters.</summary>
    /// <param name="values">Null for text outside Fn::Sub: there only pseudo parameters and <c>#{…}</c> are
    /// replaced.</param>
    private string Substitute(string text, JsonObject? values, Mark mark, string key)
    {
        if (!text.Contains('{'))
        {
            return text;
        }

        var result = new StringBuilder();
        var end = 0;
        foreach (var match in SubstitutionPattern.EnumerateMatches(text))
        {
            result.Append(text, end, match.Index - end);
            end = match.Index + match.Length;
            var whole = text.AsSpan(match.Index, match.Length);
            result.Append(SubstituteOne(whole[0], whole[2..^1].Trim().ToString(), whole.ToString(), values, mark, key));
        }

        return result.Append(text, end, text.Length - end).ToString();
    }

    private string SubstituteOne(char sign, string name, string whole, JsonObject? values, Mark mark, string key)
    {
        if (values is not null && values[name] is { } value)
        {
            return TextOf(value);
        }

        if (sign == '$' && values is not null && name is ['!', .. var literal])
        {
            return $"${{{literal}}}";
        }

        if (sign == '$' && values is null && !name.StartsWith("AWS::", StringComparison.Ordinal))
        {
            return whole;
        }

        return name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot
            ? GetAtt(name[..dot], name[(dot + 1)..], mark, key)
            : Ref(name, mark, key);
    }

    private static string TextOf(JsonValue value) => value is JsonString text ? text.Value : value.ToText();

    [GeneratedRegex(@"[$#]\{[^{}]+\}", RegexOptions.None, 1000)]
    private static partial Regex SubstitutionPattern { get; }
}
