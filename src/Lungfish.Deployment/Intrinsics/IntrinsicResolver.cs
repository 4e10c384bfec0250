using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Lungfish.Deployment.Documents;
using Lungfish.Json;

namespace Lungfish.Deployment.Intrinsics;

/// <summary>Carries CloudFormation's functions out: nodes become nodes, each at the place where it stood.</summary>
/// <param name="everywhere">Replace <c>${AWS::…}</c> and <c>#{…}</c> outside of Fn::Sub too, as plugins of the
/// Serverless Framework do.</param>
internal sealed class IntrinsicResolver(IReferences references, Problems problems, bool everywhere)
{
    private readonly Substitution _substitution = new(references, problems, everywhere);

    public static bool IsIntrinsic(DocumentNode node) =>
        node is MapNode { Entries: [{ Key: "Ref" or ['F', 'n', ':', ':', ..] }] };

    /// <returns>A copy without functions; <c>AWS::NoValue</c> as a whole becomes null.</returns>
    public DocumentNode Resolve(DocumentNode node, string key) =>
        Find(node, key) ?? new ScalarNode(JsonValue.Null) { Mark = node.Mark };

    /// <returns>Null for <c>AWS::NoValue</c>: then there is nothing where the node stood.</returns>
    private DocumentNode? Find(DocumentNode node, string key)
    {
        problems.Allowance.Enter(node.Mark, key);
        var found = FindWithin(node, key);
        problems.Allowance.Leave();
        return found;
    }

    private DocumentNode? FindWithin(DocumentNode node, string key)
    {
        switch (node)
        {
            case ScalarNode { Text: { } text } scalar when everywhere && text.Contains('{'):
                return new ScalarNode(_substitution.Replace(text, null, node.Mark, key)) { Mark = scalar.Mark };
            case ListNode list:
                var items = list.Items.Select((item, i) => Find(item, $"{key}[{i}]")).OfType<DocumentNode>();
                return list with { Items = [.. items] };
            case MapNode { Entries: [var intrinsic] } when IsIntrinsic(node):
                return Carry(intrinsic, key);
            case MapNode map:
                return map with { Entries = [.. EntriesOf(map, key)] };
            default:
                return node;
        }
    }

    private IEnumerable<MapEntry> EntriesOf(MapNode map, string key)
    {
        foreach (var entry in map.Entries)
        {
            if (Find(entry.Value, Keys.Join(key, entry.Key)) is { } value)
            {
                yield return entry with { Value = value };
            }
        }
    }

    private DocumentNode? Carry(MapEntry intrinsic, string key)
    {
        var path = Keys.Join(key, intrinsic.Key);
        var mark = intrinsic.Value.Mark;
        switch (intrinsic)
        {
            case { Key: "Ref", Value: ScalarNode { Text: "AWS::NoValue" } }:
                return null;
            case { Key: "Ref", Value: ScalarNode { Text: { } name } }:
                return NodeJson.ToNode(_substitution.Ref(name, mark, path), mark);
            case { Key: "Fn::GetAtt", Value: ListNode { Items: [ScalarNode name, ScalarNode attribute] } }:
                return NodeJson.ToNode(_substitution.GetAtt(name.Display, attribute.Display, mark, path), mark);
            case { Key: "Fn::GetAtt", Value: ScalarNode { Text: { } dotted } } when dotted.Contains('.'):
                var parts = dotted.Split('.', 2); // An attribute's own name may hold dots.
                return NodeJson.ToNode(_substitution.GetAtt(parts[0], parts[1], mark, path), mark);
            case { Key: "Fn::Sub", Value: ScalarNode { Text: { } text } }:
                return Text(_substitution.Replace(text, JsonObject.Empty, mark, path), mark);
            case { Key: "Fn::Sub", Value: ListNode { Items: [ScalarNode { Text: { } text }, MapNode values] } }
                when !IsIntrinsic(values):
                var given = (JsonObject)NodeJson.ToJson(Resolve(values, path));
                return Text(_substitution.Replace(text, given, mark, path), mark);
            case { Key: "Fn::Join", Value: ListNode { Items: [ScalarNode delimiter, var items] } }:
                return Join(delimiter.Display, Resolve(items, path), intrinsic, key);
            case { Key: "Fn::Split", Value: ListNode { Items: [ScalarNode delimiter, var whole] } }:
                return Split(delimiter.Display, Resolve(whole, path), intrinsic, key);
            case { Key: "Fn::Select", Value: ListNode { Items: [var index, var items] } }:
                return Select(Resolve(index, path), Resolve(items, path), intrinsic, key);
            case { Key: "Fn::If", Value: ListNode { Items: [ScalarNode condition, var then, var otherwise] } }:
                return If(condition, then, otherwise, path);
            case { Key: "Fn::FindInMap", Value: ListNode { Items: [var map, var top, var second, ..] } }:
                return FindInMap([Resolve(map, path), Resolve(top, path), Resolve(second, path)], intrinsic, key);
            case { Key: "Fn::ImportValue", Value: var name }:
                return ImportValue(Resolve(name, path), path);
            case { Key: "Fn::Base64", Value: var text } when Resolve(text, path) is ScalarNode plain:
                return Text(Convert.ToBase64String(Encoding.UTF8.GetBytes(plain.Display)), mark);
            default:
                return Refuse(intrinsic, key);
        }
    }

    private ScalarNode Refuse(MapEntry intrinsic, string key)
    {
        var isKnown = intrinsic.Key is "Ref" or "Fn::GetAtt" or "Fn::Sub" or "Fn::Join" or "Fn::Split" or "Fn::Select"
            or "Fn::If" or "Fn::FindInMap" or "Fn::Base64";
        problems.Add(
            intrinsic.KeyMark,
            key,
            isKnown ? $"{intrinsic.Key} has arguments of another form" : $"{intrinsic.Key} is not read yet",
            isKnown
                ? "See CloudFormation's reference for them."
                : "Use Ref, GetAtt, Sub, Join, Split, Select, If, FindInMap, ImportValue or Base64, or a value.");
        return Text("", intrinsic.Value.Mark);
    }

    private ScalarNode Join(string delimiter, DocumentNode items, MapEntry intrinsic, string key)
    {
        if (items is not ListNode { Items: var all } || !all.All(item => item is ScalarNode))
        {
            return Refuse(intrinsic, key);
        }

        var texts = all.OfType<ScalarNode>().Select(item => item.Display).ToArray();
        problems.Allowance.Take(
            texts.Sum(text => (long)text.Length + delimiter.Length), items.Mark, key);
        return Text(string.Join(delimiter, texts), items.Mark);
    }

    private DocumentNode Split(string delimiter, DocumentNode whole, MapEntry intrinsic, string key)
    {
        if (whole is not ScalarNode text || delimiter.Length == 0)
        {
            return Refuse(intrinsic, key);
        }

        var parts = ImmutableArray.CreateBuilder<DocumentNode>();
        foreach (var part in text.Display.Split(delimiter))
        {
            problems.Allowance.Take(part.Length, whole.Mark, key);
            parts.Add(Text(part, whole.Mark));
        }

        return new ListNode(parts.ToImmutable()) { Mark = whole.Mark };
    }

    private DocumentNode Select(DocumentNode index, DocumentNode items, MapEntry intrinsic, string key) =>
        index is ScalarNode at && items is ListNode list
        && int.TryParse(at.Display, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
        && place < list.Items.Length
            ? list.Items[place]
            : Refuse(intrinsic, key);

    private DocumentNode? If(ScalarNode condition, DocumentNode then, DocumentNode otherwise, string path)
    {
        if (references.FindCondition(condition.Display) is { } isTrue)
        {
            return Find(isTrue ? then : otherwise, path);
        }

        problems.Add(
            condition.Mark, path, $"there is no condition {condition.Display}", "Declare it under Conditions.");
        return Text("", condition.Mark);
    }

    private DocumentNode FindInMap(DocumentNode[] keys, MapEntry intrinsic, string key)
    {
        DocumentNode? found = references.Mappings;
        foreach (var step in keys.OfType<ScalarNode>())
        {
            found = found is MapNode map && map.TryGet(step.Display, out var inner) ? inner : null;
        }

        if (found is not null && keys.All(k => k is ScalarNode))
        {
            return found;
        }

        var names = string.Join(", ", keys.OfType<ScalarNode>().Select(k => k.Display));
        problems.Add(intrinsic.KeyMark, key, $"no mapping leads to {names}", "Add it under Mappings.");
        return Text("", intrinsic.Value.Mark);
    }

    private ScalarNode ImportValue(DocumentNode name, string path)
    {
        if (name is ScalarNode export && references.FindExport(export.Display) is { } value)
        {
            return Text(value, name.Mark);
        }

        problems.Add(
            name.Mark,
            path,
            $"nothing here exports {(name as ScalarNode)?.Display ?? name.Kind}",
            "Deploy the stack that exports it together with this one.");
        return Text("", name.Mark);
    }

    private static ScalarNode Text(string text, Mark mark) => new(text) { Mark = mark };
}
