using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Lungfish.Deployment.Documents;

/// <summary>One text, read event by event. Nothing is built that is too deep or too large to be walked through: the
/// library's own tree of nodes knows no such limits, and compares keys that hold themselves.</summary>
internal sealed class YamlDocument(string fileName, string text)
{
    private const int LevelsMax = 200;

    /// <summary>A node that is referred to ten times, in one that is, soon are more than any memory holds. The
    /// largest templates that CloudFormation takes have a tenth of this.</summary>
    private const int PartsMax = 500_000;

    private const long CharactersMax = 50_000_000;

    /// <summary>As YAML has it for keys without a question mark; paths of keys are made of them.</summary>
    private const int KeyCharactersMax = 1024;

    private readonly Parser _parser = new(new StringReader(text));
    private readonly Dictionary<AnchorName, Unfolded> _anchors = [];
    private readonly HashSet<AnchorName> _open = []; // Those of the nodes around this one.
    private int _parts;
    private long _characters;

    /// <summary>A node with all that its aliases stand for.</summary>
    private sealed record Unfolded(DocumentNode Node, int Parts, long Characters, int Levels);

    public DocumentNode Read()
    {
        _ = Next(); // The stream begins.
        if (Next() is not DocumentStart)
        {
            throw Refuse(new Mark(1, 1), "the file is empty", "Write one document.");
        }

        var root = ReadNode(Next(), depth: 0).Node;
        _ = Next(); // The document ends.
        return Next() is StreamEnd
            ? root
            : throw Refuse(new Mark(1, 1), "the file holds more than one document", "Write one document.");
    }

    private Unfolded ReadNode(ParsingEvent first, int depth)
    {
        var mark = MarkOf(first.Start);
        if (depth > LevelsMax)
        {
            throw Refuse(mark, "this is nested too deeply");
        }

        if (first is AnchorAlias alias)
        {
            return Unfold(alias.Value, mark, depth);
        }

        if (first is not NodeEvent start)
        {
            throw Refuse(mark, "there is no value");
        }

        var isAnchor = !start.Anchor.IsEmpty;
        var tag = start.Tag is { IsEmpty: false, IsNonSpecific: false } given ? given.Value : null;
        var level = tag is null ? 0 : 1; // A tag becomes a map around its node.
        var (parts, characters) = (_parts, _characters);
        if (isAnchor)
        {
            _ = _open.Add(start.Anchor);
        }

        Count(1, (start as Scalar)?.Value.Length ?? 0, mark);
        var (node, levels) = start switch
        {
            Scalar scalar => ((DocumentNode)new ScalarNode(YamlDocumentReader.ReadScalar(scalar)) { Mark = mark }, 0),
            SequenceStart => ReadList(mark, depth + level),
            _ => ReadMap(mark, depth + level),
        };
        var unfolded = new Unfolded(
            tag is null ? node : Tagged(tag, node), _parts - parts, _characters - characters, levels + level);
        if (isAnchor)
        {
            _ = _open.Remove(start.Anchor);
            _anchors[start.Anchor] = unfolded; // The last one of a name counts, from here on.
        }

        return unfolded;
    }

    private Unfolded Unfold(AnchorName name, Mark mark, int depth)
    {
        if (!_anchors.TryGetValue(name, out var unfolded))
        {
            throw Refuse(
                mark, _open.Contains(name) ? $"the alias {name} holds itself" : $"the alias {name} has no anchor");
        }

        if (depth + unfolded.Levels > LevelsMax)
        {
            throw Refuse(mark, "with its aliases unfolded, this is nested too deeply");
        }

        Count(unfolded.Parts, unfolded.Characters, mark);
        return unfolded;
    }

    private (DocumentNode List, int Levels) ReadList(Mark mark, int depth)
    {
        var items = ImmutableArray.CreateBuilder<DocumentNode>();
        var levels = 0;
        for (var next = Next(); next is not SequenceEnd; next = Next())
        {
            var item = ReadNode(next, depth + 1);
            levels = Math.Max(levels, item.Levels);
            items.Add(item.Node);
        }

        return (new ListNode(items.ToImmutable()) { Mark = mark }, levels + 1);
    }

    private (DocumentNode Map, int Levels) ReadMap(Mark mark, int depth)
    {
        var entries = ImmutableArray.CreateBuilder<MapEntry>();
        var merged = new List<MapEntry>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var levels = 0;
        for (var next = Next(); next is not MappingEnd; next = Next())
        {
            var keyMark = MarkOf(next.Start);
            var key = ReadKey(next, keyMark, depth);
            if (!keys.Add(key))
            {
                throw Refuse(keyMark, $"the key {key} is there twice", "Take one of them out.");
            }

            var value = ReadNode(Next(), depth + 1);
            levels = Math.Max(levels, value.Levels);
            if (key == "<<")
            {
                merged.AddRange(MergedEntries(value.Node));
            }
            else
            {
                entries.Add(new MapEntry(key, keyMark, value.Node));
            }
        }

        // What the map says itself wins over what it merges, and an earlier merge over a later one.
        entries.AddRange(merged.Where(entry => keys.Add(entry.Key)));
        return (new MapNode(entries.ToImmutable()) { Mark = mark }, levels + 1);
    }

    private string ReadKey(ParsingEvent next, Mark mark, int depth)
    {
        if (next is not (Scalar or AnchorAlias))
        {
            throw Refuse(mark, "a key must be text");
        }

        // What the key is depends on its text alone: 1 and true are names here.
        var key = next is Scalar scalar ? scalar.Value
            : ReadNode(next, depth + 1).Node is ScalarNode named ? named.Display
            : throw Refuse(mark, "a key must be text");
        if (next is Scalar { Anchor.IsEmpty: false })
        {
            _ = ReadNode(next, depth + 1);
        }

        Count(1, key.Length, mark);
        return key.Length <= KeyCharactersMax
            ? key
            : throw Refuse(mark, $"this key is longer than {KeyCharactersMax} characters");
    }

    private IEnumerable<MapEntry> MergedEntries(DocumentNode node) => node switch
    {
        MapNode map => map.Entries,
        ListNode list => list.Items.SelectMany(MergedEntries),
        _ => throw Refuse(node.Mark, "<< merges maps only"),
    };

    private static DocumentNode Tagged(string tag, DocumentNode node)
    {
        if (tag.StartsWith("tag:yaml.org,2002:", StringComparison.Ordinal))
        {
            return node;
        }

        var name = tag.TrimStart('!');
        var key = name is "Ref" or "Condition" ? name : $"Fn::{name}";
        return new MapNode([new MapEntry(key, node.Mark, node)]) { Mark = node.Mark };
    }

    private void Count(int parts, long characters, Mark mark)
    {
        _parts += parts;
        _characters += characters;
        if (_parts > PartsMax)
        {
            throw Refuse(mark, $"with its aliases unfolded, the document has more than {PartsMax} parts");
        }

        if (_characters > CharactersMax)
        {
            throw Refuse(mark, $"with its aliases unfolded, the document has more than {CharactersMax} characters");
        }
    }

    private ParsingEvent Next()
    {
        try
        {
            if (_parser.MoveNext() && _parser.Current is { } next)
            {
                return next;
            }
        }
        catch (YamlException e)
        {
            throw Refuse(MarkOf(e.Start), (e.InnerException?.Message ?? e.Message).TrimEnd('.'));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The parser trips over some texts that are no YAML, such as a map in braces that goes on at a smaller
            // indent, or a tag that is no URI, without saying where.
            throw Refuse(
                MarkOf(_parser.Current?.End ?? default), "what follows is no YAML",
                "Mend its indents, brackets and tags.");
        }

        throw Refuse(MarkOf(_parser.Current?.End ?? default), "the file ends too early");
    }

    private DeploymentException Refuse(Mark mark, string message, string whatToDo = "Mend the YAML.") =>
        new(fileName, [new Problem(mark, "", message, whatToDo)]);

    private static Mark MarkOf(YamlDotNet.Core.Mark mark) =>
        new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}
