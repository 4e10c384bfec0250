using Lungfish.Json;

namespace Lungfish.Jsonata.Tests;

/// <summary>Short ways to evaluate an expression in a test.</summary>
internal static class Expressions
{
    public static JsonValue? Evaluate(string expression, string? input = null, JsonataLimits? limits = null) =>
        Run(JsonataDialect.Standard, expression, input, limits);

    public static JsonValue? EvaluateInStepFunctions(string expression, string? input = null) =>
        Run(JsonataDialect.StepFunctions, expression, input, null);

    /// <summary>The result as JSON text; undefined as that word.</summary>
    public static string TextInStepFunctions(string expression) =>
        EvaluateInStepFunctions(expression)?.ToText() ?? "undefined";

    public static JsonataException FailureOf(string expression, string? input = null, JsonataLimits? limits = null) =>
        Assert.Throws<JsonataException>(() => Evaluate(expression, input, limits));

    public static JsonataException FailureInStepFunctions(string expression) =>
        Assert.Throws<JsonataException>(() => EvaluateInStepFunctions(expression));

    private static JsonValue? Run(JsonataDialect dialect, string expression, string? input, JsonataLimits? limits)
    {
        var environment = new JsonataEnvironment { Limits = limits ?? JsonataLimits.Default, Seed = 7 };
        return JsonataExpression.Compile(expression, dialect)
            .Evaluate(input is null ? null : JsonValue.Parse(input), environment);
    }
}
