using System.Text.RegularExpressions;
using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>What stands in <c>[?(...)]</c>.</summary>
internal abstract class FilterCondition
{
    public abstract bool Holds(JsonValue node, PathSearch search);

    /// <summary>The condition in one spelling, which reads back as the same condition.</summary>
    public abstract string Print();
}

internal sealed class AllOfFilter(FilterCondition[] conditions) : FilterCondition
{
    public override bool Holds(JsonValue node, PathSearch search) =>
        Array.TrueForAll(conditions, condition => condition.Holds(node, search));

    public override string Print() => string.Join(" && ", conditions.Select(condition => $"({condition.Print()})"));
}

internal sealed class AnyOfFilter(FilterCondition[] conditions) : FilterCondition
{
    public override bool Holds(JsonValue node, PathSearch search) =>
        Array.Exists(conditions, condition => condition.Holds(node, search));

    public override string Print() => string.Join(" || ", conditions.Select(condition => $"({condition.Print()})"));
}

internal sealed class NotFilter(FilterCondition inner) : FilterCondition
{
    public override bool Holds(JsonValue node, PathSearch search) => !inner.Holds(node, search);

    public override string Print() => $"!({inner.Print()})";
}

/// <summary>An operand that stands alone: true if it is there and not null.</summary>
internal sealed class ExistsFilter(FilterOperand operand) : FilterCondition
{
    public override bool Holds(JsonValue node, PathSearch search) =>
        operand.Read(node, search) is not (null or JsonNull);

    public override string Print() => operand.Print();
}

/// <summary><c>@.name =~ /pattern/flags</c>: the pattern has to fit the whole text.</summary>
/// <param name="text">The pattern as the path has it, with its slashes and flags.</param>
internal sealed class MatchFilter(FilterOperand operand, Regex pattern, string text) : FilterCondition
{
    /// <summary>An automaton looks at each character by itself.</summary>
    private const int CharactersPerVisit = 8;

    public override bool Holds(JsonValue node, PathSearch search) => operand.Read(node, search) switch
    {
        JsonString value => Fits(value.Value, search),
        JsonNumber number => pattern.IsMatch(number.Text),
        JsonBoolean boolean => pattern.IsMatch(boolean.ToText()),
        _ => false,
    };

    private bool Fits(string value, PathSearch search)
    {
        search.Visit(1 + (value.Length / CharactersPerVisit));
        return pattern.IsMatch(value);
    }

    public override string Print() => $"{operand.Print()} =~ {text}";
}

/// <summary>One side of a comparison.</summary>
internal abstract class FilterOperand
{
    /// <summary>The value, or null if the path finds nothing.</summary>
    public abstract JsonValue? Read(JsonValue node, PathSearch search);

    public abstract string Print();
}

internal sealed class LiteralOperand(JsonValue value) : FilterOperand
{
    public override JsonValue? Read(JsonValue node, PathSearch search) => value;

    public override string Print() => value.ToText();
}

/// <summary><c>@...</c>, the node that is tested, or <c>$...</c>, the document: a definite path.</summary>
internal sealed class PathOperand(PathExpression path, bool fromRoot) : FilterOperand
{
    public override JsonValue? Read(JsonValue node, PathSearch search) =>
        path.EvaluateOn(fromRoot ? search.Root : node, search.NullPastEnd).Value;

    public override string Print() => fromRoot ? path.Print() : $"@{path.Print()[1..]}";
}
