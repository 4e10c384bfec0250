using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.States.Intrinsics;
using Lungfish.States.JsonPath;
using Lungfish.Tests.Shared;

namespace Lungfish.States.Tests.JsonPath;

public sealed class PathFuzzTests
{
    private static readonly string[] s_paths =
    [
        "$.a.b[0]['c d']", "$$.Execution.Input.a", "$x.b[-1]", "$..a[*].b", "$[0,1,-1]", "$.a[1:-1].b[:2]",
        "$['a','b']", "$['it\\'s \\\\']", "$.a.length()", "$.b[?(@.a == 'x' || !(@.b > 1.5e3) && $.c)].a",
        "$[?(@.a =~ /x\\/.*/i)]", "$.c[?(@ in [1, 'x', {\"a\": null}])]", "$..[?(@.a nin ['x'] && @.b size 2)]",
        "$[?(@.a empty false || @.b contains \"x\" && @.c subsetof [])]", "$.*..*", "$..a[(@.length-1)].b",
    ];

    private static readonly string[] s_calls =
    [
        "States.Format('{} \\{\\} it\\'s {}', $.a, $x)", "States.Array(1, -2.5e3, 'x', null, true, $..a)",
        "States.ArrayGetItem(States.StringSplit('a-b', '-'), 0)", "States.ArrayPartition($.b, 2)",
        "States.ArrayRange(0, 9, 3)", "States.ArrayUnique($.b[*])", "States.ArrayContains($.b, $.a)",
        "States.ArrayLength($.b)", "States.Base64Decode(States.Base64Encode($.a))", "States.Hash($.a, 'SHA-256')",
        "States.JsonMerge($, $x, false)", "States.StringToJson(States.JsonToString($$))",
        "States.MathAdd($.a, 1.5)", "States.MathRandom(-5, 5, 7)", "States.UUID()",
    ];

    [Fact]
    public void Parse_RandomPath_IsAPathThatReadsBackOrRefused() => FuzzRun.Over(
        random => (Text: FuzzRun.Mutate(random, s_paths), Roots: Roots(random)),
        given =>
        {
            if (Parsed(() => PathExpression.Parse(given.Text)) is not { } path)
            {
                return;
            }

            var again = PathExpression.Parse(path.Print());
            var nullPastEnd = given.Text.Length % 2 == 0;
            var found = path.Evaluate(given.Roots, nullPastEnd);
            var foundAgain = again.Evaluate(given.Roots, nullPastEnd);

            Assert.Equal(path.Print(), again.Print());
            Assert.Equal((path.IsDefinite, path.IsReference), (again.IsDefinite, again.IsReference));
            Assert.Equal(found.Value, foundAgain.Value);
            Assert.Equal(found.Value is null, found.Missing is not null);
            Assert.True(found.Misfit is null || found.Misfit == found.Missing);
            Assert.True(path.IsDefinite || found.Value is JsonArray or null, path.Text);
            if (path.Write(given.Roots.Input, "written") is { } written)
            {
                Assert.Equal("written", path.Evaluate(new PathRoots(written, written)).Value);
            }
        });

    [Fact]
    public void Parse_RandomCall_IsACallThatReadsBackOrRefused() => FuzzRun.Over(
        random => (Text: FuzzRun.Mutate(random, s_calls), Roots: Roots(random)),
        given =>
        {
            if (Parsed(() => IntrinsicCall.Parse(given.Text)) is not { } call)
            {
                return;
            }

            var again = IntrinsicCall.Parse(call.Print());
            var result = call.Evaluate(given.Roots);

            Assert.Equal(call.Print(), again.Print());
            Assert.Equal(call.Variables, again.Variables);
            Assert.Equal(result.Value is null, result.Failure is not null);
            if (!call.Text.Contains("UUID", StringComparison.Ordinal))
            {
                Assert.Equal(result.Failure is null, again.Evaluate(given.Roots).Failure is null);
            }
        });

    [Fact]
    public void Parse_RandomTemplate_IsFilledInOrFailsInWords() => FuzzRun.Over(
        random => (Template: RandomTemplate(random, depth: 3), Roots: Roots(random)),
        given =>
        {
            PayloadTemplate template;
            try
            {
                template = PayloadTemplate.Parse(given.Template);
            }
            catch (PayloadTemplateException e)
            {
                Assert.NotEmpty(e.Message);
                return;
            }

            var result = template.Evaluate(given.Roots);

            Assert.Equal(result.Value is null, result.Failure is { Message.Length: > 0 });
        });

    private static T? Parsed<T>(Func<T> parse)
        where T : class
    {
        try
        {
            return parse();
        }
        catch (FormatException e)
        {
            Assert.NotEmpty(e.Message);
            return null;
        }
    }

    private static PathRoots Roots(Random random)
    {
        var context = JsonObject.Of("Execution", JsonObject.Of("Input", RandomValue(random, depth: 2)));
        return new PathRoots(
            RandomValue(random, depth: 4),
            _ => context,
            ImmutableDictionary<string, JsonValue>.Empty.Add("x", RandomValue(random, depth: 2)),
            (ulong)random.NextInt64());
    }

    private static JsonObject RandomTemplate(Random random, int depth)
    {
        var members = new JsonObject.Builder();
        for (var i = random.Next(4); i > 0; i--)
        {
            JsonValue value = random.Next(5) switch
            {
                0 when depth > 0 => RandomTemplate(random, depth - 1),
                1 when depth > 0 => JsonArray.Of(RandomTemplate(random, depth - 1), RandomValue(random, 1)),
                2 => s_calls[random.Next(s_calls.Length)],
                3 => FuzzRun.Mutate(random, s_paths),
                _ => s_paths[random.Next(s_paths.Length)],
            };
            members.Set($"{(char)('a' + random.Next(3))}{(random.Next(3) == 0 ? "" : ".$")}", value);
        }

        return members.Build();
    }

    private static JsonValue RandomValue(Random random, int depth) => random.Next(depth > 0 ? 8 : 5) switch
    {
        0 => JsonValue.Null,
        1 => random.Next(-3, 4),
        2 => random.NextDouble() * 10,
        3 => random.Next(2) == 0,
        4 => random.Next(2) == 0 ? "x" : "a-b",
        5 => JsonArray.Of(Enumerable.Range(0, random.Next(4)).Select(_ => RandomValue(random, depth - 1))),
        _ => JsonObject.Of("abc".Where(_ => random.Next(3) > 0)
            .Select(name => (name.ToString(), RandomValue(random, depth - 1)))),
    };
}
