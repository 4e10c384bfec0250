using System.Collections.Frozen;
using Lungfish.Json;
using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Functions;
using Lungfish.Jsonata.Library;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata;

/// <summary>In what the dialects differ, besides single functions of their libraries.</summary>
internal sealed class Dialect
{
    public static readonly Dialect Standard = new(stepFunctions: false);
    public static readonly Dialect StepFunctions = new(stepFunctions: true);

    private Dialect(bool stepFunctions)
    {
        IsStepFunctions = stepFunctions;
        Functions = Registry.For(stepFunctions);
    }

    public bool IsStepFunctions { get; }

    /// <summary><c>??</c> and <c>?:</c> came with version 2.1; Step Functions has 2.0.6.</summary>
    public bool HasDefaultOperators => !IsStepFunctions;

    public FrozenDictionary<string, NativeFunction> Functions { get; }

    /// <summary>A number as <c>$string</c> gives it.</summary>
    public string TextOf(double number) => IsStepFunctions ? NumberText.InStepFunctions(number) : NumberText.Of(number);

    /// <summary>A number as a result. Measured on Step Functions: what is not finite comes out as a string.</summary>
    public JsonValue JsonOf(double number)
    {
        if (double.IsFinite(number))
        {
            return IsStepFunctions ? OfJava(number) : JsonForm.OfNumber(number);
        }

        return IsStepFunctions
            ? double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity"
            : throw Errors.Of("D1001", Value.Of(number));
    }

    /// <summary>Measured: a whole number has no fraction, and one that no 64-bit integer holds is <c>1.0E25</c>.
    /// </summary>
    private static JsonNumber OfJava(double number)
    {
        var size = Math.Abs(number);
        return size < NumberText.LongMax && Math.Floor(number) == number ? JsonNumber.Of((long)number)
            : size is >= 1e-3 and < 1e7 ? new JsonNumber(number) // Written alike by Java and .NET.
            : (JsonNumber)JsonValue.Parse(JavaNumber.TextOf(number));
    }
}
