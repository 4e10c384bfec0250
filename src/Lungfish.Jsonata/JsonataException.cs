namespace Lungfish.Jsonata;

/// <summary>An expression that cannot be compiled, or whose evaluation failed.</summary>
/// <param name="code">The reference implementation's code, such as <c>S0201</c>, <c>T1006</c>, <c>D3030</c>,
/// <c>U1001</c>.</param>
/// <param name="message">The text of its catalogue with the values put in, without the code.</param>
/// <param name="position">Where in the expression, in UTF-16 units from 0: just after the token.</param>
/// <param name="token">What stands there, if there is something.</param>
public sealed class JsonataException(string code, string message, int position, string? token = null)
    : Exception(message)
{
    public string Code { get; } = code;

    public int Position { get; } = position;

    public string? Token { get; } = token;
}
