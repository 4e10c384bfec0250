using System.Globalization;
using Lungfish.Json;
using Lungfish.States.Quotas;

namespace Lungfish.States.Intrinsics;

/// <summary>The functions that make arrays and look into them.</summary>
internal static class ArrayFunctions
{
    /// <summary>Whatever the quotas: a call may not fill the memory.</summary>
    private const long RangeItemsMax = 1_000_000;

    public static readonly IntrinsicFunction[] All =
    [
        new("States.Array", 0, IntrinsicFunction.Any, arguments => new JsonArray([.. arguments.From(0)])),
        new("States.ArrayContains", 2, 2, arguments => arguments.Array(0).Contains(arguments.Value(1))),
        new("States.ArrayGetItem", 2, 2, GetItem),
        new("States.ArrayLength", 1, 1, arguments => arguments.Array(0).Count),
        new("States.ArrayPartition", 2, 2, Partition),
        new("States.ArrayRange", 3, 3, Range),
        new("States.ArrayUnique", 1, 1, arguments => JsonArray.Of(arguments.Array(0).Distinct())),
    ];

    private static JsonValue GetItem(IntrinsicArguments arguments)
    {
        var (array, index) = (arguments.Array(0), arguments.Rounded(1));
        return index >= 0 && index < array.Count
            ? array[(int)index]
            : throw new IntrinsicException(string.Create(
                CultureInfo.InvariantCulture, $"There is no item {index} in an array of {array.Count}"));
    }

    private static JsonArray Partition(IntrinsicArguments arguments)
    {
        var (array, size) = (arguments.Array(0), arguments.RoundedDown(1));
        return size > 0
            ? JsonArray.Of(array.Chunk((int)Math.Min(size, int.MaxValue)).Select(part => JsonArray.Of(part)))
            : throw arguments.Wrong(1, "a positive number");
    }

    // Documented: the end is included, what is no integer is rounded, and there are at most 1,000 items.
    private static JsonArray Range(IntrinsicArguments arguments)
    {
        var (first, last, step) = (arguments.Rounded(0), arguments.Rounded(1), arguments.Rounded(2));
        if (step == 0)
        {
            throw arguments.Wrong(2, "a number other than 0");
        }

        var count = Math.Sign(last - first) * Math.Sign(step) < 0 ? 0 : ((last - first) / step) + 1;
        if (count > RangeItemsMax || arguments.Refuses(Quota.ArrayRangeItems, count))
        {
            throw new IntrinsicException(string.Create(
                CultureInfo.InvariantCulture,
                $"{count} items are more than {Math.Min(RangeItemsMax, arguments.LimitOf(Quota.ArrayRangeItems))}"));
        }

        var items = new JsonArray.Builder();
        for (var i = 0; i < count; i++)
        {
            items.Add(first + (i * step));
        }

        return items.Build();
    }
}
