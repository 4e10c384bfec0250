using Lungfish.Json;

namespace Lungfish.Jsonata.Tests;

/// <summary>Every case of the language's public test suite.</summary>
public sealed class ConformanceTests
{
    /// <summary>How much of the suite lies beside the repository; a user without it runs none of it.</summary>
    private const int CasesInTheSuite = 1175;

    public static TheoryData<string> Ids => [.. LanguageCases.Ids];

    [Fact]
    public void Suite_WhereItIs_IsWhole() =>
        Assert.True(Ids.Count is 0 or CasesInTheSuite, $"{Ids.Count} cases were found.");

    [Theory]
    [MemberData(nameof(Ids))]
    public void Evaluate_CaseOfTheSuite_IsAsTheReferenceImplementationHasIt(string id)
    {
        var testCase = LanguageCases.Get(id);
        var expression = TextOf(testCase["expr"]) ?? "";
        var limits = JsonataLimits.Default;
        if (testCase["depth"] is JsonNumber depth)
        {
            limits = limits with { DepthMax = (int)depth.Value };
        }

        var environment = new JsonataEnvironment { Limits = limits };
        if (testCase["bindings"] is JsonObject bindings)
        {
            environment = environment with { Variables = environment.Variables.AddRange(bindings) };
        }

        var error = testCase["error"] as JsonObject ?? testCase;
        if (TextOf(error["code"]) is { } code)
        {
            var failure = Assert.Throws<JsonataException>(() => Evaluate(expression, testCase, environment));
            Assert.Equal(code, failure.Code);
            Assert.Equal(TextOf(error["token"]) ?? failure.Token, failure.Token);
            Assert.Equal(TextOf(error["message"]) ?? failure.Message, failure.Message);
            return;
        }

        var result = Evaluate(expression, testCase, environment);
        if (testCase["undefinedResult"] is not null)
        {
            Assert.Null(result);
        }
        else if (testCase["unordered"] is not null)
        {
            Assert.Equal(Sorted(testCase["result"]), Sorted(result));
        }
        else
        {
            Assert.Equal(testCase["result"], result);
        }
    }

    private static JsonValue? Evaluate(string expression, JsonObject testCase, JsonataEnvironment environment) =>
        JsonataExpression.Compile(expression).Evaluate(LanguageCases.InputOf(testCase), environment);

    private static List<string> Sorted(JsonValue? value) =>
        [.. Assert.IsType<JsonArray>(value).Select(static item => item.ToText()).Order(StringComparer.Ordinal)];

    private static string? TextOf(JsonValue? value) => (value as JsonString)?.Value;
}
