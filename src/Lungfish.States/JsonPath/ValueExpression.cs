using Lungfish.Json;
using Lungfish.States.Intrinsics;

namespace Lungfish.States.JsonPath;

/// <summary>What a <c>.$</c> member of a template, ErrorPath or CausePath holds: a path, or a call of an intrinsic
/// function. One of the two is set.</summary>
public sealed class ValueExpression
{
    private ValueExpression(string text, PathExpression? path, IntrinsicCall? call) =>
        (Text, Path, Call) = (text, path, call);

    /// <summary>As the definition has it.</summary>
    public string Text { get; }

    public PathExpression? Path { get; }

    public IntrinsicCall? Call { get; }

    /// <summary>True if it reads <c>$$.Task.Token</c> or more of the context object than can be told.</summary>
    public bool ReadsTaskToken => Path?.ReadsTaskToken ?? Call is { ReadsTaskToken: true };

    /// <summary>The variables that it reads, without the dollar sign; a name may come twice.</summary>
    public IEnumerable<string> Variables =>
        Path is not null ? Path.VariableName is { } name ? [name] : [] : Call?.Variables ?? [];

    /// <exception cref="FormatException">Neither; the message says what is wrong and at which character.</exception>
    public static ValueExpression Parse(string text) => text.StartsWith("States.", StringComparison.Ordinal)
        ? new ValueExpression(text, null, IntrinsicCall.Parse(text))
        : new ValueExpression(text, PathExpression.Parse(text), null);

    /// <param name="field">The member or field that holds it, for the words of a failure.</param>
    /// <param name="nullPastEnd">See <see cref="PathExpression.Evaluate"/>.</param>
    public ValueResult Evaluate(PathRoots roots, string field, bool nullPastEnd)
    {
        if (Path is null)
        {
            return Call?.Evaluate(roots) ?? throw new System.Diagnostics.UnreachableException("Neither is set.");
        }

        var found = Path.Evaluate(roots, nullPastEnd);
        return found.Value is { } value
            ? new ValueResult(value, null)
            : new ValueResult(null, new ValueFailure(Describe(found, field, roots.Input), IsIntrinsicFailure: false));
    }

    /// <summary>The path or call in one spelling, which reads back as the same.</summary>
    public string Print() => Path?.Print() ?? Call?.Print() ?? "";

    public override string ToString() => Text;

    // The second is recorded: asl.md, section 12. The first is a guess after what InputPath says.
    private string Describe(PathResult found, string field, JsonValue input) => found.Misfit is { } misfit
        ? $"Invalid path '{Text}' : {misfit}"
        : $"The JSONPath '{Text}' specified for the field '{field}' could not be found in the input " +
            $"'{input.ToText()}'";
}

/// <summary>A value, or why there is none: one of the two is set.</summary>
public readonly record struct ValueResult(JsonValue? Value, ValueFailure? Failure);

/// <param name="Message">In AWS's words where they are known.</param>
/// <param name="IsIntrinsicFailure">True for States.IntrinsicFailure, which can be caught, in place of States.Runtime.
/// </param>
public sealed record ValueFailure(string Message, bool IsIntrinsicFailure);
