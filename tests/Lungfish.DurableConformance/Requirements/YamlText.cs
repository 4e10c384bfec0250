using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Lungfish.DurableConformance.Requirements;

/// <summary>Reads YAML as JSON: quoted scalars are texts, plain ones what they look like.</summary>
internal static partial class YamlText
{
    public static JsonObject ReadObject(TextReader reader)
    {
        var stream = new YamlStream();
        stream.Load(reader);
        return Convert(stream.Documents[0].RootNode) as JsonObject
            ?? throw new InvalidDataException("The document is no mapping.");
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(entry =>
            KeyValuePair.Create(((YamlScalarNode)entry.Key).Value ?? "", Convert(entry.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Convert)]),
        YamlScalarNode scalar => ReadScalar(scalar),
        _ => throw new InvalidDataException($"Unexpected {node.NodeType} at line {node.Start.Line}."),
    };

    private static JsonNode? ReadScalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain)
        {
            return text;
        }

        return text switch
        {
            "" or "~" or "null" => null,
            "true" => true,
            "false" => false,
            _ => NumberPattern.IsMatch(text) ? JsonNode.Parse(text) : text,
        };
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NumberPattern { get; }
}
