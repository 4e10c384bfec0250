namespace Lungfish.Json;

/// <summary>Deep equality and its hash, without recursion over what may be deeper than a stack.</summary>
internal static class JsonEquality
{
    /// <summary>Below this a container's hash is its kind and size: equal values still hash alike.</summary>
    private const int HashDepthMax = 8;

    public static bool AreEqual(JsonValue left, JsonValue? right)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        if (right is null || left.Kind != right.Kind)
        {
            return false;
        }

        if (left.Kind is not (JsonKind.Array or JsonKind.Object))
        {
            return AreEqualScalars(left, right);
        }

        var open = new Stack<(JsonValue, JsonValue)>();
        open.Push((left, right));
        while (open.TryPop(out var pair))
        {
            var same = pair switch
            {
                (JsonArray a, JsonArray b) => CompareItems(a, b, open),
                (JsonObject a, JsonObject b) => CompareMembers(a, b, open),
                _ => false,
            };
            if (!same)
            {
                return false;
            }
        }

        return true;
    }

    public static int Hash(JsonValue value, int depth)
    {
        unchecked
        {
            switch (value)
            {
                case JsonArray array:
                    var items = 17 + array.Count;
                    if (depth < HashDepthMax)
                    {
                        foreach (var item in array)
                        {
                            items = (items * 31) + Hash(item, depth + 1);
                        }
                    }

                    return items;
                case JsonObject obj:
                    var members = 19 + obj.Count;
                    if (depth < HashDepthMax)
                    {
                        foreach (var (name, member) in obj)
                        {
                            members += StableHash.Of(name) * ((Hash(member, depth + 1) * 2) + 1);
                        }
                    }

                    return members;
                case JsonString text:
                    return StableHash.Of(text.Value);
                case JsonNumber number:
                    return number.Value.GetHashCode();
                default:
                    return (int)value.Kind + (value is JsonBoolean { Value: true } ? 7 : 1);
            }
        }
    }

    private static bool CompareItems(JsonArray left, JsonArray right, Stack<(JsonValue, JsonValue)> open)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        var others = right.GetEnumerator();
        foreach (var item in left)
        {
            if (!others.MoveNext() || !CompareOrPush(item, others.Current, open))
            {
                return false;
            }
        }

        return true;
    }

    private static bool CompareMembers(JsonObject left, JsonObject right, Stack<(JsonValue, JsonValue)> open)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        foreach (var (name, value) in left)
        {
            if (right[name] is not { } other || !CompareOrPush(value, other, open))
            {
                return false;
            }
        }

        return true;
    }

    private static bool CompareOrPush(JsonValue left, JsonValue right, Stack<(JsonValue, JsonValue)> open)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        if (left.Kind != right.Kind)
        {
            return false;
        }

        if (left.Kind is JsonKind.Array or JsonKind.Object)
        {
            open.Push((left, right));
            return true;
        }

        return AreEqualScalars(left, right);
    }

    private static bool AreEqualScalars(JsonValue left, JsonValue right) => (left, right) switch
    {
        (JsonString a, JsonString b) => string.Equals(a.Value, b.Value, StringComparison.Ordinal),
        (JsonNumber a, JsonNumber b) => a.HasValueOf(b),
        (JsonBoolean a, JsonBoolean b) => a.Value == b.Value,
        _ => true, // Null and null.
    };
}

internal static class StableHash
{
    /// <summary>FNV-1a: string.GetHashCode differs from process to process.</summary>
    public static int Of(string text)
    {
        unchecked
        {
            var hash = (int)2166136261;
            foreach (var c in text)
            {
                hash = (hash ^ c) * 16777619;
            }

            return hash;
        }
    }
}
