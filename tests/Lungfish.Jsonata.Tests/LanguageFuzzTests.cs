using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lungfish.Json;
using Lungfish.Tests.Shared;

namespace Lungfish.Jsonata.Tests;

/// <summary>Whatever stands in an expression, it has a value or is refused.</summary>
public sealed class LanguageFuzzTests
{
    private static readonly JsonValue Input = JsonValue.Parse(
        "{\"a\":{\"b\":[1,2,{\"c\":\"x\"}]},\"b\":[{\"a\":1},{\"a\":[2,3]}],\"c\":null,\"x\":\"text\",\"n\":3}");

    private static readonly string[] Tokens =
    [
        "a", "b", "c", "x", "n", "$", "$$", "$x", "$f", "1", "0", "-1", "2.5", "'s'", "\"\"", "true",
        "null", "/x/",
        "/(a|b)*/i",
        ".", "[", "]", "{", "}", "(", ")", ",", ";", ":", "?", "+", "-", "*", "/", "%", "|", "=", "<", ">", "^", "**",
        "..", ":=", "!=", "<=", ">=", "~>", "?:", "??", "and", "or", "in", "&", "!", "@", "#", "@$x", "#$i", "[0]",
        "[]",
        "function($x){", "function($x,$f)<sn:n>{", "$sum(", "$map(", "$reduce(", "$string(", "$sort(", "$eval('a')",
        "$each(", "$sift(", "$replace(", "$spread(", "$merge(", "$zip(", "$append(", "$now()", " ", "/*", "*/", "`a`",
    ];

    private static readonly JsonataEnvironment Bounded = new()
    {
        Limits = new JsonataLimits { StepsMax = 20_000, DepthMax = 100, MemoryBytesMax = 1 << 20 },
    };

    [Fact]
    public void Evaluate_TokensInAnyOrder_FailsAsJsonataOnly() =>
        FuzzRun.Over(
            static random =>
            {
                var text = new StringBuilder();
                for (var left = random.Next(1, 24); left > 0; left--)
                {
                    text.Append(Tokens[random.Next(Tokens.Length)]);
                }

                return text.ToString();
            },
            Check);

    [Fact]
    public void Evaluate_CasesOfTheSuiteChanged_FailsAsJsonataOnly()
    {
        var samples = LanguageCases.Ids
            .Select(static id => (LanguageCases.Get(id)["expr"] as JsonString)?.Value)
            .OfType<string>()
            .Where(static text => text.Length < 500)
            .DefaultIfEmpty("a.b[c = 1]")
            .ToArray();

        FuzzRun.Over(random => FuzzRun.Mutate(random, samples), Check);
    }

    [Fact]
    public void Compile_AnyText_FailsAsJsonataOnly() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), static text => Check(text ?? "")).QuickCheckThrowOnFailure();

    private static void Check(string text)
    {
        foreach (var dialect in (ReadOnlySpan<JsonataDialect>)[JsonataDialect.Standard, JsonataDialect.StepFunctions])
        {
            try
            {
                JsonataExpression.Compile(text, dialect).Evaluate(Input, Bounded);
            }
            catch (JsonataException e)
            {
                Assert.NotEmpty(e.Code);
                Assert.NotNull(e.Message);
            }
        }
    }
}
