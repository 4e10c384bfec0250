using Lungfish.Json;
using Lungfish.Jsonata.Library;
using Lungfish.States.JsonPath;

namespace Lungfish.States.Intrinsics;

/// <summary>States.MathAdd and States.MathRandom.</summary>
internal static class MathFunctions
{
    public static readonly IntrinsicFunction[] All =
    [
        new("States.MathAdd", 2, 2, arguments => InRange(Whole(arguments, 0) + Whole(arguments, 1))),
        new("States.MathRandom", 2, 3, MakeRandom),
    ];

    /// <summary>Documented: the numbers are those of 32 bits, and others are rounded. Recorded: each before it is
    /// added.</summary>
    private static long Whole(IntrinsicArguments arguments, int index) => arguments.Rounded(index) is var whole &&
        whole is >= int.MinValue and <= int.MaxValue
            ? whole
            : throw arguments.Wrong(index, "between -2147483648 and 2147483647");

    private static long InRange(long sum) => sum is >= int.MinValue and <= int.MaxValue
        ? sum
        : throw new IntrinsicException("The sum is not between -2147483648 and 2147483647");

    // Documented: the start is included, the end is not, and a seed repeats its number. That the generator is the one
    // that was measured for JSONata's $random is a guess.
    private static JsonValue MakeRandom(IntrinsicArguments arguments)
    {
        var (start, end) = (Whole(arguments, 0), Whole(arguments, 1));
        if (start >= end)
        {
            throw arguments.Wrong(1, "more than the first");
        }

        return arguments.Count > 2
            ? new JavaRandom(arguments.Rounded(2)).NextInt((int)start, (int)end)
            : start + (long)(SplitMix.ToFraction(arguments.NextRandom()) * (end - start));
    }
}
