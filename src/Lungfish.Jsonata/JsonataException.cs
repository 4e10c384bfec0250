namespace Lungfish.Jsonata;

/// <summary>An expression that cannot be compiled, or whose evaluation failed.</summary>
/// <param name="code">The reference implementation's code, such as <c>S0201</c>, <c>T1006</c>, <c>D3030</c>; a passed
/// limit is <c>U1001</c>.</param>
/// <param name="message">The text of its catalogue with the values put in, without the code.</param>
/// <param name="position">Where in the expression, in UTF-16 units from 0: just after the token.</param>
/// <param name="token">What stands there, if there is something.</param>
public sealed class JsonataException(string code, string message, int position, string? token = null)
    : Exception(message)
{
    /// <summary>The <see cref="Position"/> of an error that the reference implementation does not locate.</summary>
    public const int NoPosition = -1;

    /// <summary>The <see cref="Code"/> of an expression whose result is a function, which JSON cannot hold.</summary>
    public const string FunctionResult = "U1002";

    /// <summary>The <see cref="Code"/> of an evaluation that was stopped at a limit.</summary>
    public const string LimitPassed = "U1001";

    private string? _message;

    /// <summary>An error of the catalogue. Calls on the way out may still say where and in which function.</summary>
    internal JsonataException(string code, int position, string? token)
        : this(code, "", position, token) => Inserts = ErrorInserts.None;

    public string Code { get; } = code;

    public int Position { get; private set; } = position;

    public string? Token { get; private set; } = token;

    public override string Message => Inserts is null ? base.Message : _message ??= Format(Inserts);

    /// <summary>What the message of the catalogue shows; null if the message was given whole.</summary>
    internal ErrorInserts? Inserts { get; init; }

    /// <summary>Always false, so that it can stand in an exception filter, which costs nothing until it is asked.
    /// </summary>
    internal bool Locate(int position, string? token, bool overridesPosition, bool overridesToken = false)
    {
        if (overridesPosition || Position <= 0)
        {
            Position = position;
        }

        if (overridesToken || Token is null)
        {
            Token = token;
        }

        _message = null;
        return false;
    }

    private string Format(ErrorInserts inserts) => ErrorCatalogue.Format(Code, Token, inserts);
}
