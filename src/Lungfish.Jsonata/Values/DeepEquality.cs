using Lungfish.Json;
using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Parsing;

namespace Lungfish.Jsonata.Values;

/// <summary>Equality as the language's <c>=</c> has it: numbers as doubles, members in any order.</summary>
internal static class DeepEquality
{
    public static bool AreEqual(Value left, Value right, Run run)
    {
        if (left.TryGetNumber(out var number))
        {
            return right.TryGetNumber(out var other) && number == other;
        }

        if (ReferenceEquals(left.Object, right.Object))
        {
            return true;
        }

        if (left.Object is JsonString text)
        {
            if (right.Object is not JsonString other || text.Value.Length != other.Value.Length)
            {
                return false;
            }

            run.SpendOnText(text.Value.Length);
            return string.Equals(text.Value, other.Value, StringComparison.Ordinal);
        }

        return left.IsArray
            ? right.IsArray && AreEqualArrays(left.Items, right.Items, run)
            : left.IsObject && right.IsObject && AreEqualObjects(left, right, run);
    }

    private static bool AreEqualArrays(ItemList left, ItemList right, Run run)
    {
        Nesting.Check();
        if (left.Count != right.Count)
        {
            return false;
        }

        run.Spend(left.Count);
        for (var i = 0; i < left.Count; i++)
        {
            if (!AreEqual(left[i], right[i], run))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreEqualObjects(Value left, Value right, Run run)
    {
        Nesting.Check();
        var members = new Members(left);
        if (members.Count != new Members(right).Count)
        {
            return false;
        }

        run.Spend(members.Count);
        foreach (var (name, value) in members)
        {
            var other = right.Member(name);
            if (other.IsUndefined || !AreEqual(value, other, run))
            {
                return false;
            }
        }

        return true;
    }
}
