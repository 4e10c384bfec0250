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
            run.ResetBytes(Math.Min(run.Bytes, _mark + weight));
        }

        _next = run.Bytes + Math.Max(Worthwhile, run.Bytes - _mark);
    }
}

/// <summary>Roughly how many bytes a value takes.</summary>
internal static class Weight
{
    private const int Unknown = -1;

    /// <returns>Less than zero if there is a function in it, which may hold anything.</returns>
    public static long Of(Value value, Run run)
    {
        switch (value.Object)
        {
            case JsonString text:
                return Run.StringBytes + (2L * text.Value.Length);
            case JsonArray or JsonObject:
                return value.Object is JsonValue json ? json.Utf8Length : 0;
            case Sequence sequence:
                return OfItems(sequence, run);
            case OpenObject or Function or PathTuple:
                return Unknown;
            default:
                return Run.ItemBytes;
        }
    }

    private static long OfItems(Sequence sequence, Run run)
    {
        Nesting.Check();
        var items = sequence.Items;
        if (items.IsRange)
        {
            return items.Count * (long)Run.ItemBytes;
        }

        run.Spend(items.Count / 16);
        long sum = 0;
        for (var i = 0; i < items.Count; i++)
        {
            var item = Of(items[i], run);
            if (item < 0)
            {
                return Unknown;
            }

            sum += Run.ItemBytes + item;
        }

        return sum;
    }
}
