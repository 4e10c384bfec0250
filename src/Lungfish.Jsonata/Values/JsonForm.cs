using System.Diagnostics.CodeAnalysis;
using Lungfish.Json;
using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Parsing;

namespace Lungfish.Jsonata.Values;

/// <summary>Turns values into JSON.</summary>
internal static class JsonForm
{
    /// <summary>The value as JSON, if nothing of it is lost.</summary>
    /// <returns>False for functions and infinite numbers, and for arrays that remember how they were made.</returns>
    public static bool TryOf(Value value, Run run, [NotNullWhen(true)] out JsonValue? json)
    {
        json = value.Object switch
        {
            Sequence sequence => IsPlain(sequence) ? TryOfItems(sequence, run) : null,
            JsonValue known => known,
            OpenObject or Function or PathTuple or null => null,
            _ => value.TryGetNumber(out var number) && double.IsFinite(number) ? OfNumber(number) : null,
        };
        return json is not null;
    }

    /// <summary>The value as JSON, for good.</summary>
    /// <param name="value">Not undefined.</param>
    /// <param name="run">The evaluation.</param>
    /// <exception cref="JsonataException">There is a function in it, or a number that JSON cannot hold.</exception>
    public static JsonValue Of(Value value, Run run)
    {
        switch (value.Object)
        {
            case JsonNumber { Text: "-0" }:
                return JsonNumber.Of(0);
            case JsonValue known:
                return known;
            case Sequence sequence:
                return OfItems(sequence, run);
            case OpenObject open:
                return OfMembers(open, run);
            case Function:
                throw Errors.NoJson();
            default:
                return value.TryGetNumber(out var number) ? run.Dialect.JsonOf(number) : throw Errors.NoJson();
        }
    }

    /// <summary>The value as JSON to be read: functions are empty strings, fractions as long as a result shows them.
    /// </summary>
    public static JsonValue OfShown(Value value, Run run)
    {
        Nesting.Check();
        switch (value.Object)
        {
            case JsonValue json:
                return json;
            case Sequence { Shown: { } known }:
                return known;
            case Sequence sequence:
                var items = sequence.Items;
                run.Spend(items.Count);
                var array = new JsonValue[items.Count];
                for (var i = 0; i < array.Length; i++)
                {
                    array[i] = OfShown(items[i], run);
                }

                return sequence.Shown = JsonArray.OfOwned(array);
            case OpenObject open:
                run.Spend(open.Count);
                var members = new KeyValuePair<string, JsonValue>[open.Count];
                for (var i = 0; i < members.Length; i++)
                {
                    members[i] = new(open[i].Key, OfShown(open[i].Value, run));
                }

                return JsonObject.OfDistinct(members);
            case null:
                return JsonValue.Null;
            default:
                return value.IsNumeric(out var number) ? OfNumber(number) : "";
        }
    }

    public static JsonNumber OfNumber(double number) => number is >= -1e15 and <= 1e15 && Math.Floor(number) == number
        ? JsonNumber.Of((long)number)
        : new JsonNumber(number);

    private static JsonArray OfItems(Sequence sequence, Run run)
    {
        if (sequence.Json is { } known)
        {
            return known;
        }

        Nesting.Check();
        var items = sequence.Items;
        run.Spend(items.Count);
        var array = new JsonValue[items.Count];
        for (var i = 0; i < array.Length; i++)
        {
            array[i] = items[i].IsUndefined ? JsonValue.Null : Of(items[i], run);
        }

        return sequence.Json = JsonArray.OfOwned(array);
    }

    private static JsonArray? TryOfItems(Sequence sequence, Run run)
    {
        if (sequence.Json is { } known)
        {
            return known;
        }

        Nesting.Check();
        var items = sequence.Items;
        run.Spend(items.Count);
        var array = new JsonValue[items.Count];
        for (var i = 0; i < array.Length; i++)
        {
            if (!TryOf(items[i], run, out var item))
            {
                return null;
            }

            array[i] = item;
        }

        return sequence.Json = JsonArray.OfOwned(array);
    }

    private static JsonObject OfMembers(OpenObject open, Run run)
    {
        Nesting.Check();
        run.Spend(open.Count);
        var members = new KeyValuePair<string, JsonValue>[open.Count];
        for (var i = 0; i < members.Length; i++)
        {
            members[i] = new(open[i].Key, Of(open[i].Value, run));
        }

        return JsonObject.OfDistinct(members);
    }

    /// <summary>An array in an object is taken apart by paths unless it is an item, and is its only item unless that
    /// was asked for: what is neither says nothing but its items.</summary>
    private static bool IsPlain(Sequence sequence) =>
        !sequence.IsItem && !sequence.IsTupleStream && !(sequence.IsSequence && sequence.Count < 2);
}
