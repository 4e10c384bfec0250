using System.Collections.Frozen;
using Lungfish.Jsonata.Evaluation;

namespace Lungfish.Jsonata.Functions;

/// <summary>The functions of a dialect, by name.</summary>
internal static class Registry
{
    public static FrozenDictionary<string, NativeFunction> For(bool stepFunctions)
    {
        IEnumerable<NativeFunction> functions =
        [
            .. NumberFunctions.All,
            .. TextFunctions.All,
            .. PatternFunctions.All,
            .. DateFunctions.All,
            .. ArrayFunctions.All,
            .. ObjectFunctions.All,
            .. HigherOrderFunctions.All,
            .. GeneralFunctions.All,
            .. stepFunctions ? StepFunctionsFunctions.All : StandardFunctions.All,
        ];

        // A dialect's own function replaces the common one of the same name.
        var byName = new Dictionary<string, NativeFunction>(StringComparer.Ordinal);
        foreach (var function in functions)
        {
            byName[function.Name] = function;
        }

        return byName.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
