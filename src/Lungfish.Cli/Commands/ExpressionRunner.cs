using System.Collections.Immutable;
using System.Globalization;
using Lungfish.Json;
using Lungfish.Jsonata;
using Lungfish.States.JsonPath;

namespace Lungfish.Cli.Commands;

/// <summary>What an expression gave: a value, a problem, or neither, which is undefined.</summary>
internal sealed record Answer(JsonValue? Value, ExpressionProblem? Problem = null);

/// <summary>What is wrong with an expression.</summary>
/// <param name="Sentence">With its code and place.</param>
/// <param name="Excerpt">The line of the expression and, below it, marks under the place; or nothing.</param>
internal sealed record ExpressionProblem(string Sentence, IReadOnlyList<string> Excerpt)
{
    /// <param name="message">What is wrong, without a stop.</param>
    /// <param name="expression">The whole text.</param>
    /// <param name="start">Where the marks begin, from 0; null if no place is known.</param>
    /// <param name="length">How many marks.</param>
    public static ExpressionProblem At(string message, string expression, int? start, int length)
    {
        if (start is not { } at || at > expression.Length)
        {
            return new ExpressionProblem(message, []);
        }

        var lineStart = at == 0 ? 0 : expression.LastIndexOf('\n', at - 1) + 1;
        var lineEnd = expression.IndexOf('\n', at) is var end && end >= 0 ? end : expression.Length;
        var lineNumber = expression.AsSpan(0, lineStart).Count('\n') + 1;
        var place = expression.Contains('\n')
            ? string.Create(CultureInfo.InvariantCulture, $"line {lineNumber}, column {at - lineStart + 1}")
            : string.Create(CultureInfo.InvariantCulture, $"at character {at + 1}");
        var indent = string.Concat(expression[lineStart..at].Select(c => c == '\t' ? '\t' : ' '));
        var marks = new string('^', Math.Clamp(length, 1, Math.Max(1, lineEnd - at)));
        return new ExpressionProblem(
            $"{message} ({place})", [expression[lineStart..lineEnd].TrimEnd('\r'), indent + marks]);
    }
}

/// <summary>Evaluates what <c>lungfish eval</c> is given.</summary>
internal static class ExpressionRunner
{
    public static Answer RunJsonata(
        string text,
        JsonValue? input,
        IReadOnlyList<KeyValuePair<string, JsonValue>> variables,
        bool stepFunctions,
        DateTimeOffset now,
        ulong seed)
    {
        var expression = Unwrap(text);
        var environment = new JsonataEnvironment
        {
            Now = now,
            Seed = seed,
            Variables = (stepFunctions ? WithStates(input) : ImmutableDictionary<string, JsonValue>.Empty)
                .SetItems(variables),
        };
        try
        {
            var compiled = JsonataExpression.Compile(
                expression, stepFunctions ? JsonataDialect.StepFunctions : JsonataDialect.Standard);
            return new Answer(compiled.Evaluate(input, environment));
        }
        catch (JsonataException e)
        {
            return new Answer(null, Locate(e, expression));
        }
    }

    public static Answer RunPath(
        string text, JsonValue input, IReadOnlyList<KeyValuePair<string, JsonValue>> variables, ulong seed)
    {
        ValueExpression expression;
        try
        {
            expression = ValueExpression.Parse(text);
        }
        catch (FormatException e)
        {
            return new Answer(null, new ExpressionProblem(e.Message, []));
        }

        var roots = new PathRoots(
            input, _ => JsonObject.Empty, ImmutableDictionary<string, JsonValue>.Empty.SetItems(variables), seed);
        if (expression.Path is { } path)
        {
            return new Answer(path.Evaluate(roots).Value);
        }

        var result = expression.Evaluate(roots, "EXPRESSION", nullPastEnd: false);
        return result.Failure is { } failure
            ? new Answer(null, new ExpressionProblem(failure.Message, []))
            : new Answer(result.Value);
    }

    /// <summary>An expression can be copied out of a definition together with its signs.</summary>
    private static string Unwrap(string text) =>
        text is ['{', '%', .. var inner, '%', '}']
            ? inner
            : text;

    private static ImmutableDictionary<string, JsonValue> WithStates(JsonValue? input)
    {
        var states = JsonObject.Of("context", JsonObject.Empty);
        return ImmutableDictionary<string, JsonValue>.Empty.Add(
            "states", input is null ? states : states.With("input", input));
    }

    /// <summary>The position is behind the token; the marks go under it, if it is there.</summary>
    private static ExpressionProblem Locate(JsonataException e, string expression)
    {
        var end = Math.Min(e.Position, expression.Length);
        if (end < 0)
        {
            return ExpressionProblem.At(Sentence(e), expression, null, 0);
        }

        // A call is located behind its parenthesis, with the function's name as the token.
        var token = e.Token is { Length: > 0 } text ? text : " ";
        var start = end == 0 ? -1 : expression.LastIndexOf(token, end - 1, StringComparison.Ordinal);
        return start >= 0 && end - start - token.Length is 0 or 1
            ? ExpressionProblem.At(Sentence(e), expression, start, token.Length)
            : ExpressionProblem.At(Sentence(e), expression, Math.Max(0, end - 1), 1);
    }

    private static string Sentence(JsonataException e) => $"{e.Code}: {e.Message.TrimEnd('.')}";
}
