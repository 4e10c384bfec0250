using System.Globalization;
using System.Text.RegularExpressions;
using Lungfish.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Lungfish.Deployment.Documents;

/// <summary>Reads YAML (and so JSON) into located nodes; CloudFormation's short tags become their long forms.</summary>
public static partial class YamlDocumentReader
{
    /// <exception cref="DeploymentException">The text is not one YAML document.</exception>
    public static DocumentNode Read(string fileName, string text)
    {
        var stream = new YamlStream();
        try
        {
            CheckDepth(fileName, text);
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new DeploymentException(fileName, [new Problem(MarkOf(e.Start), "", Describe(e), "Mend the YAML.")]);
        }

        if (stream.Documents.Count != 1)
        {
            var message = stream.Documents.Count == 0 ? "the file is empty" : "the file holds more than one document";
            throw new DeploymentException(fileName, [new Problem(new Mark(1, 1), "", message, "Write one document.")]);
        }

        return new Conversion(fileName).Convert(stream.Documents[0].RootNode, 0);
    }

    /// <summary>The parser goes through events; what loads the tree of nodes calls itself for each level.</summary>
    private static void CheckDepth(string fileName, string text)
    {
        var parser = new Parser(new StringReader(text));
        for (var depth = 0; Move(fileName, parser);)
        {
            depth += parser.Current?.NestingIncrease ?? 0;
            if (depth > Conversion.DepthMax + 2) // The stream and the document count too.
            {
                throw new DeploymentException(fileName, [new Problem(
                    MarkOf(parser.Current?.Start ?? default), "", "this is nested too deeply", "Mend the YAML.")]);
            }
        }
    }

    /// <summary>The parser trips over some texts that are no YAML, such as a map in braces that goes on at a smaller
    /// indent, without saying where.</summary>
    private static bool Move(string fileName, Parser parser)
    {
        try
        {
            return parser.MoveNext();
        }
        catch (InvalidOperationException)
        {
            var place = MarkOf(parser.Current?.End ?? default);
            throw new DeploymentException(
                fileName, [new Problem(place, "", "what follows is no YAML", "Mend its indents and brackets.")]);
        }
    }

    private static string Describe(YamlException e)
    {
        // YamlDotNet wraps what it found, such as a repeated key, in an exception that only tells the place.
        var reason = e.InnerException?.Message ?? e.Message;
        return reason.TrimEnd('.');
    }

    private static Mark MarkOf(YamlDotNet.Core.Mark mark) => new((int)mark.Line, (int)mark.Column);

    private sealed class Conversion(string fileName)
    {
        /// <summary>Aliases may refer to a node that holds them; then there is no end to unfold.</summary>
        public const int DepthMax = 200;

        /// <summary>And a node that is referred to ten times, in one that is, soon are more than any memory
        /// holds. The largest templates that CloudFormation takes have a tenth of this.</summary>
        private const int NodesMax = 500_000;

        private int _nodes;

        public DocumentNode Convert(YamlNode node, int depth)
        {
            var mark = MarkOf(node.Start);
            if (depth > DepthMax)
            {
                throw Refuse(mark, "this is nested too deeply, or an alias holds itself");
            }

            if (++_nodes > NodesMax)
            {
                throw Refuse(mark, $"with its aliases unfolded, the document has more than {NodesMax} parts");
            }

            DocumentNode converted = node switch
            {
                YamlScalarNode scalar => new ScalarNode(ReadScalar(scalar)) { Mark = mark },
                YamlSequenceNode list => new ListNode([.. list.Children.Select(c => Convert(c, depth + 1))])
                {
                    Mark = mark,
                },
                YamlMappingNode map => ConvertMap(map, mark, depth),
                _ => throw Refuse(mark, "an alias without its anchor"),
            };
            return node.Tag is { IsEmpty: false, IsNonSpecific: false } tag ? Tagged(tag.Value, converted) : converted;
        }

        private MapNode ConvertMap(YamlMappingNode map, Mark mark, int depth)
        {
            var own = new List<MapEntry>();
            var merged = new List<MapEntry>();
            foreach (var (key, value) in map.Children)
            {
                var keyMark = MarkOf(key.Start);
                if (key is not YamlScalarNode { Value: { } name })
                {
                    throw Refuse(keyMark, "a key must be text");
                }

                var converted = Convert(value, depth + 1);
                if (name == "<<")
                {
                    merged.AddRange(MergedEntries(converted));
                }
                else
                {
                    own.Add(new MapEntry(name, keyMark, converted));
                }
            }

            // What the map says itself wins over what it merges, and an earlier merge over a later one.
            foreach (var entry in merged.Where(m => own.TrueForAll(o => o.Key != m.Key)))
            {
                own.Add(entry);
            }

            return new MapNode([.. own]) { Mark = mark };
        }

        private IEnumerable<MapEntry> MergedEntries(DocumentNode node) => node switch
        {
            MapNode map => map.Entries,
            ListNode list => list.Items.SelectMany(MergedEntries),
            _ => throw Refuse(node.Mark, "<< merges maps only"),
        };

        private DocumentNode Tagged(string tag, DocumentNode node)
        {
            if (tag.StartsWith("tag:yaml.org,2002:", StringComparison.Ordinal))
            {
                return node;
            }

            var name = tag.TrimStart('!');
            var key = name is "Ref" or "Condition" ? name : $"Fn::{name}";
            return new MapNode([new MapEntry(key, node.Mark, node)]) { Mark = node.Mark };
        }

        private DeploymentException Refuse(Mark mark, string message) =>
            new(fileName, [new Problem(mark, "", message, "Mend the YAML.")]);
    }

    private static JsonValue ReadScalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        var isTaggedText = scalar.Tag is { IsEmpty: false, IsNonSpecific: false, Value: "tag:yaml.org,2002:str" };
        if (scalar.Style is not ScalarStyle.Plain || isTaggedText)
        {
            return text;
        }

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => JsonValue.Null,
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ => ReadNumber(text) ?? text,
        };
    }

    private static JsonValue? ReadNumber(string text)
    {
        if (JsonNumberPattern.IsMatch(text))
        {
            return JsonValue.Parse(text);
        }

        if (HexPattern.IsMatch(text)
            && long.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hex))
        {
            return hex;
        }

        return FloatPattern.IsMatch(text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? number
            : null;
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex JsonNumberPattern { get; }

    [GeneratedRegex("^0x[0-9a-fA-F]+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HexPattern { get; }

    /// <summary>What YAML 1.2 reads as a number and JSON does not: +1, .5, 1., 007.</summary>
    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FloatPattern { get; }
}
