using System.Text;
using Lungfish.Deployment.Documents;
using Lungfish.Deployment.Packaging;
using Lungfish.Tests.Shared;

namespace Lungfish.Deployment.Tests;

/// <summary>Random text is a document, or is refused in words.</summary>
public sealed class YamlFuzzTests
{
    private static readonly string[] s_samples =
    [
        "a: &x {k: v, l: [1, 0x1f, .5, 007, 1e9, ~]}\nb: *x\nc:\n  <<: *x\n  d: !Ref Name\n",
        "%YAML 1.2\n%TAG ! tag:example.com,2000:\n---\n? key\n: !Sub [\"${a}\", {a: !GetAtt b.c}]\n...\n",
        "text: |+2\n    kept\n\n   lines\nfolded: >-\n  a\n  b\n",
        "quoted: \"\\u00e4\\U0001F600\\x41\\\n  z\"\n'it''s': 1\n",
        "- - - !If [A, !Join [\"\", [x]], !Select [0, !Split [\",\", \"a,b\"]]]\n- {a: 1, ? b : 2, c}\n# end\n",
        "!!map {!!str a: !!int \"1\", !<tag:yaml.org,2002:str> b: !local c, ? [d] : e, ? *f : g, &f h: *f}\n",
        """{"json": ["\ud83d\ude00", -2.5e-3, null, {"deep": [[[[]]]]}], "json2": {"a": true}}""",
    ];

    [Fact]
    public void Read_RandomText_IsADocumentOrRefused() => FuzzRun.Over(
        random => FuzzedFiles.Bytes(random, s_samples), Check);

    [Fact]
    public void Read_RandomNodes_AreADocumentOrRefused() => FuzzRun.Over(
        random =>
        {
            var text = new StringBuilder();
            Append(text, random, levels: random.Next(8), names: 1 + random.Next(4));
            return text.ToString();
        },
        Check);

    [Fact]
    public void Patterns_OfAnyCharacters_MatchOrDoNot() => FuzzRun.Over(
        random => (
            Glob: FuzzRun.Mutate(random, ["!src/**/*.{js,ts}", "**/**/**/*a*a*a*?", "./a/{b", "{a,b}/**", "[a-z]\\d+"]),
            Path: FuzzRun.Mutate(random, ["src/a/b.js", "a/a/a/a/aaaaaaaaaaaaaaaaaaaaab", "x\ny"])),
        input => _ = new PackagePatterns([input.Glob]).Compile()(input.Path),
        weight: 10);

    private static void Check(string text) => FuzzedFiles.ReadOrRefuse(
        () => Weigh(YamlDocumentReader.Read("file.yaml", text)), text);

    /// <summary>What was read can be walked through: it ends.</summary>
    private static int Weigh(DocumentNode node) => node switch
    {
        ListNode list => 1 + list.Items.Sum(Weigh),
        MapNode map => 1 + map.Entries.Sum(entry => Weigh(entry.Value)),
        _ => 1,
    };

    /// <summary>Lists and maps in braces, with names for nodes that others refer to.</summary>
    private static void Append(StringBuilder text, Random random, int levels, int names)
    {
        text.Append(random.Next(8) switch
        {
            0 => $"&n{random.Next(names)} ",
            1 => $"!{((string[])["Ref", "Sub", "GetAtt", "If", "!str", "!int", "x", ""])[random.Next(8)]} ",
            _ => "",
        });
        var isLeaf = levels == 0;
        switch (random.Next(isLeaf ? 4 : 10))
        {
            case 0:
                text.Append($"*n{random.Next(names)} ");
                break;
            case < 4:
                text.Append(((string[])["1", "'q'", "~", "\"\\n\"", "a b", ""])[random.Next(6)]);
                break;
            case < 7:
                AppendAll(text, random, '[', ']', levels, names, isMap: false);
                break;
            default:
                AppendAll(text, random, '{', '}', levels, names, isMap: true);
                break;
        }
    }

    private static void AppendAll(
        StringBuilder text, Random random, char open, char close, int levels, int names, bool isMap)
    {
        text.Append(open);
        for (var i = random.Next(5); i > 0; i--)
        {
            if (isMap)
            {
                text.Append(random.Next(6) switch
                {
                    0 => "<<",
                    1 => $"? *n{random.Next(names)} ",
                    2 => "? [a] ",
                    _ => $"k{random.Next(9)}",
                }).Append(": ");
            }

            Append(text, random, levels - 1, names);
            text.Append(", ");
        }

        text.Append(close);
    }
}
