using Lungfish.Json;
using Lungfish.Jsonata.Parsing;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

/// <summary>Gives room back in a loop: what one turn leaves behind is garbage but for the results so far.</summary>
/// <remarks>Results are weighed only when as much was charged as they weighed last time, so that a loop stays linear.
/// </remarks>
internal struct Reclaim(Run run)
{
    /// <summary>Below this, weighing costs more than it tells.</summary>
    public const long Worthwhile = 64 << 10;

    private readonly long _mark = run.Bytes;
    private long _next = run.Bytes + Worthwhile;

    public readonly bool IsDue(Run run) => run.Bytes > _next;

    public void AfterTurn(Run run, Value results)
    {
        if (IsDue(run))
        {
            Weigh(run, results);
        }
    }

    public void Weigh(Run run, Value results)
    {
        if (Weight.Of(results, run) is >= 0 and var weight)
        {
            run.ResetBytes(_mark + Math.Min(run.Bytes - _mark, weight));
        }

        _next = run.Bytes + Math.Max(Worthwhile, run.Bytes - _mark);
    }
}

/// <summary>Roughly how many bytes a value takes.</summary>
internal static class Weight
{
    private const int Unknown = -1;
    private const int StepsPerItem = 16; // Weighing an item is much less than a step.
    private const long WeightMax = long.MaxValue / 4;

    /// <returns>Less than zero if there is a function in it, which may hold anything.</returns>
    public static long Of(Value value, Run run)
    {
        switch (value.Object)
        {
            case JsonString text:
                return Run.StringBytes + (2L * text.Value.Length);
            case JsonArray or JsonObject:
                return value.Object is JsonValue json ? Math.Min(WeightMax, json.Utf8Length) : 0;
            case Sequence sequence:
                return OfItems(sequence, run);
            case OpenObject or Function or PathTuple:
                return Unknown;
            default:
                return 0; // It stands in its place.
        }
    }

    private static long OfItems(Sequence sequence, Run run)
    {
        var items = sequence.Items;
        if (items.IsRange)
        {
            return items.Count * (long)Run.ItemBytes;
        }

        // An array may hold another one many times over: each is weighed once.
        if (sequence.Weight is { } known)
        {
            return known;
        }

        Nesting.Check();
        run.Spend(1 + (items.Count / StepsPerItem));
        long sum = Run.ArrayBytes;
        foreach (var item in items)
        {
            var weight = Of(item, run);
            if (weight < 0)
            {
                sequence.Weight = Unknown;
                return Unknown;
            }

            sum = Math.Min(WeightMax, sum + Run.SlotBytes + weight);
        }

        sequence.Weight = sum;
        return sum;
    }
}
