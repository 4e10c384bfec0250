namespace Lungfish.Jsonata.Parsing;

internal enum TokenKind
{
    End,
    Operator,
    Name,
    Variable,
    String,
    Number,
    Literal, // true, false and null
    Regex,
}

/// <param name="Kind">What it is.</param>
/// <param name="Text">The operator, the name (a variable's without <c>$</c>), the string's value, or the literal.
/// </param>
/// <param name="Position">Just after the token.</param>
/// <param name="Number">The value of a number.</param>
/// <param name="Flags">The flags of a regular expression.</param>
internal readonly record struct Token(
    TokenKind Kind, string Text, int Position, double Number = 0, string Flags = "")
{
    public const string EndText = "(end)";

    public bool Is(string symbol) =>
        Kind == TokenKind.Operator && string.Equals(Text, symbol, StringComparison.Ordinal);

    /// <summary>What an error shows of it: its value.</summary>
    public string Shown => Kind switch
    {
        TokenKind.Regex => $"/{Text}/{Flags}",
        TokenKind.Number => Library.NumberText.Shortest(Number),
        _ => Text,
    };
}
