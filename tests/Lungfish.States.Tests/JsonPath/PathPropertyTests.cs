using FsCheck;
using FsCheck.Fluent;
using Lungfish.Json;
using Lungfish.States.JsonPath;

namespace Lungfish.States.Tests.JsonPath;

public sealed class PathPropertyTests
{
    private static readonly Gen<string[]> Paths =
        Gen.Choose(0, 4).SelectMany(count => Gen.Elements("a", "b", "c", "[0]", "[1]").ArrayOf(count));

    private static readonly Gen<JsonValue> Documents = Gen.Sized(size => OfSize(Math.Min(size, 30)));

    [Fact]
    public void Write_AnywhereItApplies_IsReadBackAndLeavesTheRest() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Zip(Documents, Paths, (document, steps) => (Document: document, Steps: steps)).ToArbitrary(),
        given =>
        {
            var path = Reference(given.Steps);
            var text = given.Document.ToText();
            if (path.Write(given.Document, "written") is not { } after)
            {
                return true;
            }

            var target = Key(given.Steps);
            var rest = Nodes(given.Document, "/").Where(node => !Overlap(node.Key, target));
            var afterwards = Nodes(after, "/").ToDictionary(node => node.Key, node => node.Value);
            return Equals(Read(path, after), (JsonValue)"written") && given.Document.ToText() == text &&
                rest.All(node => afterwards.TryGetValue(node.Key, out var value) && value.Equals(node.Value));
        }));

    [Fact]
    public void Write_WhereSomethingStands_AlwaysApplies() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Zip(Documents, Paths, (document, steps) => (Document: document, Path: Reference(steps))).ToArbitrary(),
        given => Read(given.Path, given.Document) is null ||
            given.Path.Write(given.Document, JsonValue.Null) is not null));

    [Fact]
    public void Template_OfRandomMembers_ThrowsNothingElse()
    {
        var random = new Random(20260104);
        string[] texts = ["$", "$$", "$.a", "$.a[0]", "$.b[*]", "$..a", "$['a','b']", "$[?(@.a)]", "$x", "x", "", "$."];
        var input = JsonValue.Parse("""{"a":[1,{"b":null}],"b":{"a":"x"}}""");
        for (var i = 0; i < 5_000; i++)
        {
            var template = Template(random, texts, depth: 3);
            try
            {
                var result = PayloadTemplate.Parse(template).Evaluate(new PathRoots(input, input));
                Assert.True(result.Value is null == result.Failure is not null, template.ToText());
            }
            catch (PayloadTemplateException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    private static JsonObject Template(Random random, string[] texts, int depth)
    {
        var members = new JsonObject.Builder();
        for (var i = random.Next(4); i > 0; i--)
        {
            JsonValue value = random.Next(4) switch
            {
                0 when depth > 0 => Template(random, texts, depth - 1),
                1 when depth > 0 => JsonArray.Of(Template(random, texts, depth - 1), texts[random.Next(texts.Length)]),
                2 => random.Next(9),
                _ => texts[random.Next(texts.Length)],
            };
            members.Set($"{(char)('a' + random.Next(3))}{(random.Next(2) == 0 ? ".$" : "")}", value);
        }

        return members.Build();
    }

    private static JsonValue? Read(PathExpression path, JsonValue document) =>
        path.Evaluate(new PathRoots(document, document)).Value;

    private static PathExpression Reference(string[] steps) => PathExpression.ParseReference(
        "$" + string.Concat(steps.Select(step => step[0] == '[' ? step : $"['{step}']")));

    /// <summary>Every node of a document by the steps that lead to it.</summary>
    private static IEnumerable<KeyValuePair<string, JsonValue>> Nodes(JsonValue node, string key)
    {
        IEnumerable<KeyValuePair<string, JsonValue>> children = node switch
        {
            JsonObject obj => obj.SelectMany(member => Nodes(member.Value, $"{key}{member.Key}/")),
            JsonArray array => array.SelectMany((item, i) => Nodes(item, $"{key}[{i}]/")),
            _ => [],
        };
        return children.Prepend(new(key, node));
    }

    private static string Key(string[] steps) => "/" + string.Concat(steps.Select(step => step + "/"));

    /// <summary>One of the two is the other, or inside it.</summary>
    private static bool Overlap(string one, string other) =>
        one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal);

    private static Gen<JsonValue> OfSize(int size) => size <= 1
        ? Gen.Elements<JsonValue>(JsonValue.Null, 1, "x", true)
        : Gen.OneOf(
            Gen.Elements<JsonValue>(JsonValue.Null, 1, "x"),
            Gen.Choose(0, 3).SelectMany(count => OfSize(size / 3).ArrayOf(count))
                .Select(items => (JsonValue)JsonArray.Of(items)),
            Gen.Zip(OfSize(size / 3), OfSize(size / 3), (a, c) => (JsonValue)JsonObject.Of(("a", a), ("c", c))));
}
