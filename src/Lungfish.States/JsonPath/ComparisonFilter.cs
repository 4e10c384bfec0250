using System.Globalization;
using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>One comparison. With what is missing, or of another kind, none holds, not even <c>!=</c>.</summary>
/// <remarks>The first six operators are those of Jayway 2.0, with its rules; the others came later.</remarks>
internal sealed class ComparisonFilter(FilterOperand left, string op, FilterOperand right) : FilterCondition
{
    /// <summary>Looking through a list costs that much less than looking at nodes.</summary>
    private const int ComparisonsPerVisit = 16;

    /// <summary>And comparing two arrays or objects, by the shorter text.</summary>
    private const int BytesPerVisit = 64;

    public override bool Holds(JsonValue node, PathSearch search) =>
        left.Read(node, search) is { } a && right.Read(node, search) is { } b && Holds(a, b, search);

    public override string Print() => $"{left.Print()} {op} {right.Print()}";

    private bool Holds(JsonValue a, JsonValue b, PathSearch search) => op switch
    {
        "==" => Compare(a, b, search) == 0,
        "!=" => Compare(a, b, search) is { } order && order != 0,
        "<" => AreBothNullOrNot(a, b) && Compare(a, b, search) < 0,
        "<=" => AreBothNullOrNot(a, b) && Compare(a, b, search) <= 0,
        ">" => AreBothNullOrNot(a, b) && Compare(a, b, search) > 0,
        ">=" => AreBothNullOrNot(a, b) && Compare(a, b, search) >= 0,
        "===" => a.Kind == b.Kind && Compare(a, b, search) == 0,
        "!==" => a.Kind != b.Kind || Compare(a, b, search) != 0,
        "in" => b is JsonArray list && Contains(list, a, search),
        "nin" => b is not JsonArray list || !Contains(list, a, search),
        "contains" => a is JsonArray list ? Contains(list, b, search) : ContainsText(a, b, search),
        "all" => a is JsonArray have && b is JsonArray want && want.All(item => Contains(have, item, search)),
        "subsetof" => a is JsonArray part && b is JsonArray all && part.All(item => Contains(all, item, search)),
        "anyof" => a is JsonArray some && b is JsonArray list && some.Any(item => Contains(list, item, search)),
        "noneof" => a is JsonArray none && b is JsonArray list && !none.Any(item => Contains(list, item, search)),
        "size" => b is JsonNumber number && Size(a) is { } size && size == number.Value,
        "empty" => b is JsonBoolean wanted && Size(a) is { } length && (length == 0) == wanted.Value,
        _ => throw new System.Diagnostics.UnreachableException($"No filter operator {op}."),
    };

    private static bool Contains(JsonArray list, JsonValue value, PathSearch search)
    {
        search.Visit(1 + (list.Count / ComparisonsPerVisit));
        foreach (var item in list)
        {
            if (Compare(item, value, search) == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool AreBothNullOrNot(JsonValue a, JsonValue b) => a is JsonNull == b is JsonNull;

    /// <summary>The order of two values, or null if there is none between them.</summary>
    /// <remarks>To Jayway a literal is a text: so a text may be compared with a number, or with true.</remarks>
    private static int? Compare(JsonValue a, JsonValue b, PathSearch search) => (a, b) switch
    {
        _ when IsNullish(a) || IsNullish(b) => (IsNullish(a) ? 0 : 1) - (IsNullish(b) ? 0 : 1),
        (JsonString x, JsonString y) => CompareTexts(x.Value, y.Value, search),
        (JsonNumber x, JsonNumber y) => x.Value.CompareTo(y.Value),
        (JsonBoolean x, JsonBoolean y) => x.Value.CompareTo(y.Value),
        (JsonString x, JsonNumber y) => string.CompareOrdinal(x.Value, y.Text),
        (JsonNumber x, JsonString y) when AsNumber(y) is { } number => x.Value.CompareTo(number),
        (JsonString x, JsonBoolean y) => string.CompareOrdinal(x.Value, y.ToText()),
        (JsonBoolean x, JsonString y) when bool.TryParse(y.Value, out var boolean) => x.Value.CompareTo(boolean),
        (JsonArray or JsonObject, JsonArray or JsonObject) => AreEqualParts(a, b, search) ? 0 : 1,
        _ => null,
    };

    /// <summary>Jayway takes the text "null" for null.</summary>
    private static bool IsNullish(JsonValue value) => value is JsonNull or JsonString { Value: "null" };

    private static double? AsNumber(JsonString text) =>
        double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static bool AreEqualParts(JsonValue left, JsonValue right, PathSearch search)
    {
        search.Visit(1 + (int)(Math.Min(left.Utf8Length, right.Utf8Length) / BytesPerVisit));
        return left.Equals(right);
    }

    private static int? Size(JsonValue value) => value switch
    {
        JsonArray array => array.Count,
        JsonObject obj => obj.Count,
        JsonString text => text.Value.Length,
        _ => null,
    };

    private static int CompareTexts(string a, string b, PathSearch search)
    {
        search.Visit(Math.Min(a.Length, b.Length) / BytesPerVisit);
        return string.CompareOrdinal(a, b);
    }

    private static bool ContainsText(JsonValue text, JsonValue part, PathSearch search)
    {
        if (text is not JsonString whole || part is not JsonString piece)
        {
            return false;
        }

        search.Visit(whole.Value.Length / BytesPerVisit);
        return whole.Value.Contains(piece.Value, StringComparison.Ordinal);
    }
}
