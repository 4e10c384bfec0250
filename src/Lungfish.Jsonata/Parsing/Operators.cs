using System.Buffers;
using System.Collections.Frozen;

namespace Lungfish.Jsonata.Parsing;

/// <summary>How strongly operators bind to what stands left of them. Documented in the language's guide under
/// "Operators"; zero does not bind at all.</summary>
internal static class Operators
{
    public const int Application = 80;
    public const int Path = 75;
    public const int Prefix = 70;
    public const int Assignment = 10;

    /// <summary>A name ends before any of these.</summary>
    public static readonly SearchValues<char> NameEnds = SearchValues.Create(".[]{}(),@#;:?+-*/%|=<>^&!~ \t\n\r\v");

    /// <summary>A character of which each is an operator on its own.</summary>
    public static readonly SearchValues<char> Single = SearchValues.Create(".[]{}(),@#;:?+-*/%|=<>^&!~");

    public static readonly SearchValues<char> Blank = SearchValues.Create(" \t\n\r\v");

    private static readonly FrozenDictionary<string, int> Powers = new Dictionary<string, int>
    {
        ["."] = Path,
        ["["] = Application,
        ["("] = Application,
        ["@"] = Application,
        ["#"] = Application,
        ["{"] = 70,
        ["*"] = 60,
        ["/"] = 60,
        ["%"] = 60,
        ["+"] = 50,
        ["-"] = 50,
        ["&"] = 50,
        ["="] = 40,
        ["!="] = 40,
        ["<"] = 40,
        ["<="] = 40,
        [">"] = 40,
        [">="] = 40,
        ["^"] = 40,
        ["~>"] = 40,
        ["?:"] = 40,
        ["??"] = 40,
        ["in"] = 40,
        ["and"] = 30,
        ["or"] = 25,
        ["?"] = 20,
        [":="] = Assignment,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Operators of two characters; the last two came with version 2.1 of the language.</summary>
    private static readonly string[] Doubles = ["..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??"];

    public static int PowerOf(Token token) =>
        token.Kind == TokenKind.Operator && Powers.TryGetValue(token.Text, out var power) ? power : 0;

    public static string? DoubleAt(string text, int position, bool withDefaults)
    {
        if (position + 1 >= text.Length)
        {
            return null;
        }

        foreach (var symbol in Doubles.AsSpan(0, withDefaults ? Doubles.Length : Doubles.Length - 2))
        {
            if (text[position] == symbol[0] && text[position + 1] == symbol[1])
            {
                return symbol;
            }
        }

        return null;
    }
}
