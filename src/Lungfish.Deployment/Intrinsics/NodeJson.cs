using Lungfish.Deployment.Documents;
using Lungfish.Json;

namespace Lungfish.Deployment.Intrinsics;

/// <summary>Turns located nodes into JSON and back.</summary>
internal static class NodeJson
{
    public static JsonValue ToJson(DocumentNode node) => node switch
    {
        ScalarNode scalar => scalar.Value,
        ListNode list => JsonArray.Of(list.Items.Select(ToJson)),
        _ => ToJson((MapNode)node),
    };

    /// <param name="allowance">What the pointers may take.</param>
    /// <param name="locations">Gains the place of each value, by pointers such as <c>/States/A/Choices[0]</c>.</param>
    public static JsonValue ToJson(DocumentNode node, Allowance allowance, IDictionary<string, Mark> locations)
    {
        Locate(node, "", allowance, locations);
        return ToJson(node);
    }

    public static DocumentNode ToNode(JsonValue value, Mark mark) => value switch
    {
        JsonArray items => new ListNode([.. items.Select(item => ToNode(item, mark))]) { Mark = mark },
        JsonObject members => new MapNode([.. members.Select(m => new MapEntry(m.Key, mark, ToNode(m.Value, mark)))])
        {
            Mark = mark,
        },
        _ => new ScalarNode(value) { Mark = mark },
    };

    private static JsonObject ToJson(MapNode map)
    {
        var json = new JsonObject.Builder();
        foreach (var entry in map.Entries)
        {
            json.Set(entry.Key, ToJson(entry.Value));
        }

        return json.Build();
    }

    private static void Locate(
        DocumentNode node, string pointer, Allowance allowance, IDictionary<string, Mark> locations)
    {
        allowance.Take(pointer.Length, node.Mark, pointer);
        _ = locations.TryAdd(pointer, node.Mark);
        if (node is ListNode list)
        {
            for (var i = 0; i < list.Items.Length; i++)
            {
                Locate(list.Items[i], $"{pointer}[{i}]", allowance, locations);
            }
        }
        else if (node is MapNode map)
        {
            foreach (var entry in map.Entries)
            {
                var inner = $"{pointer}/{entry.Key}";
                locations[inner] = entry.KeyMark;
                Locate(entry.Value, inner, allowance, locations);
            }
        }
    }
}
