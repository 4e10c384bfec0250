using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Lungfish.Deployment.Variables;

/// <summary>Text that may hold Serverless Framework variables: <c>demo-${opt:stage, 'dev'}</c>.</summary>
internal sealed partial record VariableText(ImmutableArray<VariableText.Part> Parts)
{
    /// <summary>Variables in variables.</summary>
    public const int LevelsMax = 50;

    public bool HasVariables => Parts.Any(p => p is Variable);

    internal abstract record Part;

    internal sealed record Literal(string Text) : Part;

    /// <summary>Sources in the order in which they are tried: the address itself, then its fallbacks.</summary>
    internal sealed record Variable(string Source, ImmutableArray<VariableText> Alternatives) : Part;

    /// <returns>Null if a brace is not closed, or too many stand in each other.</returns>
    public static VariableText? Parse(string text)
    {
        var position = 0;
        return ParseUntil(text, ref position, levels: 0);
    }

    private static VariableText? ParseUntil(string text, ref int position, int levels)
    {
        var inVariable = levels > 0;
        var parts = ImmutableArray.CreateBuilder<Part>();
        var literal = new StringBuilder();
        char? quote = null;
        while (position < text.Length)
        {
            var c = text[position];
            if (inVariable && quote is null && (c is ',' or '}'))
            {
                break;
            }

            if (inVariable && (c is '\'' or '"') && (quote is null || quote == c))
            {
                quote = quote is null ? c : null;
            }

            if (c == '$' && VariableStart.IsMatch(text, position))
            {
                Flush();
                if (levels == LevelsMax || ParseVariable(text, ref position, levels + 1) is not { } variable)
                {
                    return null;
                }

                parts.Add(variable);
                continue;
            }

            literal.Append(c);
            position++;
        }

        Flush();
        return new VariableText(parts.ToImmutable());

        void Flush()
        {
            if (literal.Length > 0)
            {
                parts.Add(new Literal(literal.ToString()));
                literal.Clear();
            }
        }
    }

    private static Variable? ParseVariable(string text, ref int position, int levels)
    {
        var start = position;
        position += 2;
        var alternatives = ImmutableArray.CreateBuilder<VariableText>();
        while (true)
        {
            if (ParseUntil(text, ref position, levels) is not { } alternative || position >= text.Length)
            {
                return null;
            }

            alternatives.Add(alternative);
            if (text[position++] == '}')
            {
                return new Variable(text[start..position], alternatives.ToImmutable());
            }
        }
    }

    /// <summary>A source and one colon. <c>${AWS::Region}</c> and <c>${Name}</c> belong to CloudFormation's
    /// Fn::Sub.</summary>
    [GeneratedRegex(@"\G\$\{[A-Za-z][A-Za-z0-9_-]*(\(|:(?!:))", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VariableStart { get; }
}
