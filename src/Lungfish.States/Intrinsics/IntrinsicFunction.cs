using System.Collections.Frozen;
using System.Globalization;
using Lungfish.Json;

namespace Lungfish.States.Intrinsics;

/// <summary>One of the 18 functions.</summary>
/// <param name="Name">With <c>States.</c> before it.</param>
/// <param name="Body">Throws <see cref="IntrinsicException"/> if the arguments are not what it takes.</param>
internal sealed record IntrinsicFunction(
    string Name, int ArgumentsMin, int ArgumentsMax, Func<IntrinsicArguments, JsonValue> Body)
{
    public const int Any = int.MaxValue;

    private static readonly FrozenDictionary<string, IntrinsicFunction> All =
        ((IntrinsicFunction[][])[ArrayFunctions.All, StringFunctions.All, DataFunctions.All, MathFunctions.All])
            .SelectMany(functions => functions)
            .ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    /// <summary>How many arguments it takes, in words.</summary>
    public string Counts => (ArgumentsMin, ArgumentsMax) switch
    {
        (0, 0) => "no arguments",
        (1, 1) => "1 argument",
        (_, Any) => string.Create(CultureInfo.InvariantCulture, $"at least {ArgumentsMin} argument"),
        var (min, max) when min == max => string.Create(CultureInfo.InvariantCulture, $"{min} arguments"),
        var (min, max) => string.Create(CultureInfo.InvariantCulture, $"{min} or {max} arguments"),
    };

    public static IntrinsicFunction? Find(string name) => All.GetValueOrDefault(name);
}
