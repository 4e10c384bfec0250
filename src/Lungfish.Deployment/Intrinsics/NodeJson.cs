using Lungfish.Deployment.Documents;
using Lungfish.Json;

namespace Lungfish.Deployment.Intrinsics;

/// <summary>Turns located nodes into JSON and back.</summary>
internal static class NodeJson
{
    /// <param name="locations">Gains the place of each value, by pointers such as <c>/States/A/Choices[0]</c>.</param>
    public static JsonValue ToJson(DocumentNode node, IDictionary<string, Mark>? locations = null) =>
        ToJson(node, "", locations);

    public static DocumentNode ToNode(JsonValue value, Mark mark) => value switch
    {
        JsonArray items => new ListNode([.. items.Select(item => ToNode(item, mark))]) { Mark = mark },
        JsonObject members => new MapNode([.. members.Select(m => new MapEntry(m.Key, mark, ToNode(m.Value, mark)))])
        {
            Mark = mark,
        },
        _ => new ScalarNode(value) { Mark = mark },
    };

    private static JsonValue ToJson(DocumentNode node, string pointer, IDictionary<string, Mark>? locations)
    {
        if (locations is not null && !locations.ContainsKey(pointer))
        {
            locations[pointer] = node.Mark;
        }

        switch (node)
        {
            case ScalarNode scalar:
                return scalar.Value;
            case ListNode list:
                return JsonArray.Of(list.Items.Select((item, i) => ToJson(item, $"{pointer}[{i}]", locations)));
            default:
                var json = new JsonObject.Builder();
                foreach (var entry in ((MapNode)node).Entries)
                {
                    var inner = $"{pointer}/{entry.Key}";
                    if (locations is not null)
                    {
                        locations[inner] = entry.KeyMark;
                    }

                    json.Set(entry.Key, ToJson(entry.Value, inner, locations));
                }

                return json.Build();
        }
    }
}
