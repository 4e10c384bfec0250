using Lungfish.Json;
using Lungfish.States.JsonPath;

namespace Lungfish.States.Intrinsics;

/// <summary>What may stand between the parentheses of a call.</summary>
internal abstract class CallArgument
{
    /// <summary>All paths in it.</summary>
    public virtual IEnumerable<PathExpression> Paths => [];

    /// <exception cref="IntrinsicException">It has no value.</exception>
    public abstract JsonValue Evaluate(PathRoots roots);

    /// <summary>The argument in one spelling, which reads back as the same argument.</summary>
    public abstract string Print();
}

/// <param name="raw">A text as it stands between its quotes: in States.Format, <c>\{</c> is not <c>{</c>.</param>
internal sealed class LiteralArgument(JsonValue value, string? raw = null) : CallArgument
{
    public string? Raw { get; } = raw;

    public override JsonValue Evaluate(PathRoots roots) => value;

    public override string Print() => Raw is null ? value.ToText() : $"'{Raw}'";
}

internal sealed class PathArgument(PathExpression path) : CallArgument
{
    public override IEnumerable<PathExpression> Paths => [path];

    public override JsonValue Evaluate(PathRoots roots)
    {
        var found = path.Evaluate(roots);
        return found.Value ?? throw new IntrinsicException(
            found.Misfit ?? NotFound(roots.Input), isIntrinsicFailure: false);
    }

    public override string Print() => path.Print();

    // Measured, also that a path into the context object is shown with one '$' and beside the state's input.
    private string NotFound(JsonValue input)
    {
        var shown = path.ReadsContext ? path.Text[1..] : path.Text;
        return $"The JsonPath argument for the field '{shown}' could not be found in the input '{input.ToText()}'";
    }
}

/// <summary>A call, be it the outermost or an argument.</summary>
internal sealed class FunctionArgument(IntrinsicFunction function, CallArgument[] arguments) : CallArgument
{
    public override IEnumerable<PathExpression> Paths => arguments.SelectMany(argument => argument.Paths);

    public override JsonValue Evaluate(PathRoots roots)
    {
        var values = Array.ConvertAll(arguments, argument => argument.Evaluate(roots));
        return function.Body(new IntrinsicArguments(values, roots));
    }

    public override string Print() => Print(function, arguments);

    public static string Print(IntrinsicFunction function, IEnumerable<CallArgument> arguments) =>
        $"{function.Name}({string.Join(", ", arguments.Select(argument => argument.Print()))})";
}

/// <summary>States.Format with its template written down, as it nearly always is: read once.</summary>
internal sealed class FormatArgument(LiteralArgument text, CallArgument[] arguments) : CallArgument
{
    private readonly FormatTemplate _template = FormatTemplate.Parse(text.Raw ?? "");

    public override IEnumerable<PathExpression> Paths => arguments.SelectMany(argument => argument.Paths);

    public override JsonValue Evaluate(PathRoots roots) =>
        _template.Fill(Array.ConvertAll(arguments, argument => argument.Evaluate(roots)));

    public override string Print() => FunctionArgument.Print(StringFunctions.Format, [text, .. arguments]);
}
