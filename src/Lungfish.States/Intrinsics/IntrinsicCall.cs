using Lungfish.States.JsonPath;

namespace Lungfish.States.Intrinsics;

/// <summary>A call of an intrinsic function, such as <c>States.Format('Hello, {}', $.name)</c>, parsed once.</summary>
public sealed class IntrinsicCall
{
    private readonly CallArgument _root;

    internal IntrinsicCall(string text, CallArgument root) => (Text, _root) = (text, root);

    /// <summary>As the definition has it.</summary>
    public string Text { get; }

    public bool ReadsTaskToken => _root.Paths.Any(path => path.ReadsTaskToken);

    /// <summary>The variables that it reads, without the dollar sign; a name may come twice.</summary>
    public IEnumerable<string> Variables => _root.Paths.Select(path => path.VariableName).OfType<string>();

    /// <exception cref="FormatException">Not a call that could run; the message says what is wrong and at which
    /// character.</exception>
    public static IntrinsicCall Parse(string text) => IntrinsicParser.Parse(text);

    public ValueResult Evaluate(PathRoots roots)
    {
        try
        {
            return new ValueResult(_root.Evaluate(roots), null);
        }
        catch (IntrinsicException e)
        {
            // Measured for missing paths; that other failures read alike is a guess.
            return new ValueResult(null, new ValueFailure(
                $"The function '{Text}' had the following error: {e.Message}", e.IsIntrinsicFailure));
        }
    }

    /// <summary>The call in one spelling, which reads back as the same call.</summary>
    public string Print() => _root.Print();

    public override string ToString() => Text;
}

/// <summary>Ends an evaluation; never leaves <see cref="IntrinsicCall"/>.</summary>
internal sealed class IntrinsicException(string message, bool isIntrinsicFailure = true) : Exception(message)
{
    public bool IsIntrinsicFailure { get; } = isIntrinsicFailure;
}
