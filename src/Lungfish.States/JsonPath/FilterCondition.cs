using System.Globalization;
using System.Text.RegularExpressions;
using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>What stands in <c>[?(...)]</c>, with Jayway's meaning of each operator.</summary>
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

/// <summary>An operand that stands alone: true if it is there, be it null.</summary>
internal sealed class ExistsFilter(FilterOperand operand) : FilterCondition
{
    public override bool Holds(JsonValue node, PathSearch search) => operand.Read(node, search) is not null;

    public override string Print() => operand.Print();
}

/// <summary>One comparison; what is missing (null here) equals nothing but itself.</summary>
internal sealed class ComparisonFilter(FilterOperand left, string op, FilterOperand right) : FilterCondition
{
    /// <summary>Looking through a list costs that much less than looking at nodes.</summary>
    private const int ComparisonsPerVisit = 16;

    /// <summary>And comparing two arrays or objects, by the shorter text.</summary>
    private const int BytesPerVisit = 64;

    public override bool Holds(JsonValue node, PathSearch search)
    {
        var (a, b) = (left.Read(node, search), right.Read(node, search));
        return op switch
        {
            "==" => AreEqual(a, b, search),
            "!=" => !AreEqual(a, b, search),
            "===" => a?.Kind == b?.Kind && AreEqual(a, b, search),
            "!==" => a?.Kind != b?.Kind || !AreEqual(a, b, search),
            "<" => Compare(a, b) < 0,
            "<=" => Compare(a, b) <= 0,
            ">" => Compare(a, b) > 0,
            ">=" => Compare(a, b) >= 0,
            "in" => b is JsonArray list && Contains(list, a, search),
            "nin" => b is not JsonArray list || !Contains(list, a, search),
            "contains" => a is JsonArray list ? Contains(list, b, search) : ContainsText(a, b),
            "all" => a is JsonArray have && b is JsonArray want && want.All(item => Contains(have, item, search)),
            "subsetof" => a is JsonArray part && b is JsonArray all && part.All(item => Contains(all, item, search)),
            "anyof" => a is JsonArray some && b is JsonArray list && some.Any(item => Contains(list, item, search)),
            "noneof" => a is JsonArray none && b is JsonArray list && !none.Any(item => Contains(list, item, search)),
            "size" => b is JsonNumber number && Size(a) is { } size && size == number.Value,
            "empty" => b is JsonBoolean wanted && Size(a) is { } length && (length == 0) == wanted.Value,
            _ => throw new System.Diagnostics.UnreachableException($"No filter operator {op}."),
        };
    }

    public override string Print() => $"{left.Print()} {op} {right.Print()}";

    private static bool Contains(JsonArray list, JsonValue? value, PathSearch search)
    {
        search.Visit(1 + (list.Count / ComparisonsPerVisit));
        foreach (var item in list)
        {
            if (AreEqual(item, value, search))
            {
                return true;
            }
        }

        return false;
    }

    // Jayway turns a text into a number, or a number into its text, after the kind of the left side.
    private static bool AreEqual(JsonValue? left, JsonValue? right, PathSearch search) => (left, right) switch
    {
        (null, _) or (_, null) => left is null && right is null,
        (JsonNumber number, JsonString text) => double.TryParse(
            text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value == number.Value,
        (JsonString text, JsonNumber number) => text.Value == number.Text,
        (JsonArray or JsonObject, JsonArray or JsonObject) => AreEqualParts(left, right, search),
        _ => left.Equals(right),
    };

    private static bool AreEqualParts(JsonValue left, JsonValue right, PathSearch search)
    {
        search.Visit(1 + (int)(Math.Min(left.Utf8Length, right.Utf8Length) / BytesPerVisit));
        return left.Equals(right);
    }

    private static int? Compare(JsonValue? left, JsonValue? right) => (left, right) switch
    {
        (JsonNumber a, JsonNumber b) => a.Value.CompareTo(b.Value),
        (JsonString a, JsonString b) => string.CompareOrdinal(a.Value, b.Value),
        _ => null,
    };

    private static int? Size(JsonValue? value) => value switch
    {
        JsonArray array => array.Count,
        JsonObject obj => obj.Count,
        JsonString text => text.Value.Length,
        _ => null,
    };

    private static bool ContainsText(JsonValue? text, JsonValue? part) =>
        text is JsonString whole && part is JsonString piece &&
        whole.Value.Contains(piece.Value, StringComparison.Ordinal);
}

/// <summary><c>@.name =~ /pattern/flags</c>: the pattern has to fit the whole text.</summary>
/// <param name="text">The pattern as the path has it, with its slashes and flags.</param>
internal sealed class MatchFilter(FilterOperand operand, Regex pattern, string text) : FilterCondition
{
    public override bool Holds(JsonValue node, PathSearch search) => operand.Read(node, search) switch
    {
        JsonString text => pattern.IsMatch(text.Value),
        JsonNumber number => pattern.IsMatch(number.Text),
        JsonBoolean boolean => pattern.IsMatch(boolean.ToText()),
        _ => false,
    };

    public override string Print() => $"{operand.Print()} =~ {text}";
}

/// <summary>One side of a comparison.</summary>
internal abstract class FilterOperand
{
    /// <summary>The value, or null if a definite path finds nothing.</summary>
    public abstract JsonValue? Read(JsonValue node, PathSearch search);

    public abstract string Print();
}

internal sealed class LiteralOperand(JsonValue value) : FilterOperand
{
    public override JsonValue? Read(JsonValue node, PathSearch search) => value;

    public override string Print() => value.ToText();
}

/// <summary><c>@...</c>, the node that is tested, or <c>$...</c>, the document.</summary>
internal sealed class PathOperand(PathExpression path, bool fromRoot) : FilterOperand
{
    public override JsonValue? Read(JsonValue node, PathSearch search) =>
        path.EvaluateOn(fromRoot ? search.Root : node, search).Value;

    public override string Print() => fromRoot ? path.Print() : $"@{path.Print()[1..]}";
}
