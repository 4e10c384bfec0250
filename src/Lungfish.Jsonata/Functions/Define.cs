using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Parsing;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Functions;

/// <summary>Declares functions of the library, and reads their arguments.</summary>
internal static class Define
{
    /// <param name="name">Without the dollar sign.</param>
    /// <param name="signature">Documented for each function.</param>
    /// <param name="arity">How many arguments functions such as <c>$map</c> give it.</param>
    /// <param name="body">Gets arguments that suit the signature.</param>
    public static NativeFunction Function(string name, string signature, int arity, NativeBody body) =>
        new(name, Signature.Parse(signature), arity, body);

    /// <summary>A function of a text; undefined gives undefined.</summary>
    public static NativeFunction OfText(string name, Func<string, string> body) =>
        Function(name, "<s-:s>", 1, (run, arguments, _) =>
            arguments.TextAt(0) is { } text ? run.Text(body(Paid(run, text))) : default);

    /// <summary>A function of a number; undefined gives undefined.</summary>
    public static NativeFunction OfNumber(string name, Func<double, double> body) =>
        Function(name, "<n-:n>", 1, (_, arguments, _) =>
            arguments.NumberAt(0) is { } number ? Value.Of(body(number)) : default);

    /// <summary>These functions look at each character by itself.</summary>
    private static string Paid(Run run, string text)
    {
        run.SpendOnEach(text.Length);
        return text;
    }

    public static Value At(this Value[] arguments, int index) => index < arguments.Length ? arguments[index] : default;

    public static string? TextAt(this Value[] arguments, int index) =>
        index < arguments.Length && arguments[index].TryGetText(out var text) ? text : null;

    public static double? NumberAt(this Value[] arguments, int index) =>
        index < arguments.Length && arguments[index].TryGetNumber(out var number) ? number : null;

    public static Function? FunctionAt(this Value[] arguments, int index) =>
        index < arguments.Length ? arguments[index].Object as Function : null;
}
