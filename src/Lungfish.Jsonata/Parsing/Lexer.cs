using System.Globalization;
using System.Text;

namespace Lungfish.Jsonata.Parsing;

/// <summary>Reads an expression token by token, as the parser asks for them.</summary>
/// <param name="text">The expression.</param>
/// <param name="withDefaults">Whether <c>??</c> and <c>?:</c> are operators.</param>
internal sealed class Lexer(string text, bool withDefaults)
{
    private int _position;

    /// <param name="afterOperand">A slash divides after an operand; elsewhere it begins a regular expression.</param>
    public Token Next(bool afterOperand)
    {
        SkipBlank();
        if (_position >= text.Length)
        {
            return new Token(TokenKind.End, Token.EndText, text.Length);
        }

        var c = text[_position];
        if (c == '/' && !afterOperand)
        {
            _position++;
            return ReadRegex();
        }

        if (Operators.DoubleAt(text, _position, withDefaults) is { } symbol)
        {
            _position += symbol.Length;
            return new Token(TokenKind.Operator, symbol, _position);
        }

        if (Operators.Single.Contains(c))
        {
            _position++;
            return new Token(TokenKind.Operator, c.ToString(), _position);
        }

        return c switch
        {
            '"' or '\'' => ReadString(c),
            >= '0' and <= '9' => ReadNumber(),
            '`' => ReadQuotedName(),
            _ => ReadName(),
        };
    }

    private void SkipBlank()
    {
        while (_position < text.Length)
        {
            if (Operators.Blank.Contains(text[_position]))
            {
                _position++;
                continue;
            }

            if (!text.AsSpan(_position).StartsWith("/*", StringComparison.Ordinal))
            {
                return;
            }

            var end = text.IndexOf("*/", _position + 2, StringComparison.Ordinal);
            if (end < 0)
            {
                throw Errors.At("S0106", _position);
            }

            _position = end + 2;
        }
    }

    private Token ReadString(char quote)
    {
        var start = ++_position;
        var end = text.AsSpan(start).IndexOfAny(quote, '\\');
        if (end >= 0 && text[start + end] == quote)
        {
            _position = start + end + 1;
            return new Token(TokenKind.String, text.Substring(start, end), _position);
        }

        var value = new StringBuilder();
        for (; _position < text.Length; _position++)
        {
            var c = text[_position];
            if (c == quote)
            {
                _position++;
                return new Token(TokenKind.String, value.ToString(), _position);
            }

            if (c == '\\')
            {
                _position++;
                value.Append(ReadEscape());
            }
            else
            {
                value.Append(c);
            }
        }

        throw Errors.At("S0101", text.Length);
    }

    private char ReadEscape()
    {
        var c = _position < text.Length ? text[_position] : '\0';
        switch (c)
        {
            case '"' or '\\' or '/':
                return c;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                var digits = text.AsSpan(_position + 1, Math.Min(4, text.Length - _position - 1));
                if (!ushort.TryParse(
                    digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
                {
                    throw Errors.At("S0104", _position);
                }

                _position += 4;
                return (char)unit;
            default:
                throw Errors.At("S0103", _position, _position < text.Length ? c.ToString() : "");
        }
    }

    private Token ReadNumber()
    {
        var end = _position + 1;
        if (text[_position] != '0')
        {
            end = SkipDigits(end);
        }

        if (end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]))
        {
            end = SkipDigits(end + 1);
        }

        if (end + 1 < text.Length && text[end] is 'e' or 'E')
        {
            var digits = end + (text[end + 1] is '+' or '-' ? 2 : 1);
            var after = SkipDigits(digits);
            end = after > digits ? after : end;
        }

        var spelling = text[_position..end];
        var value = double.Parse(spelling, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value))
        {
            throw Errors.At("S0102", _position, spelling);
        }

        _position = end;
        return new Token(TokenKind.Number, spelling, end, value);
    }

    private int SkipDigits(int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at;
    }

    private Token ReadQuotedName()
    {
        var end = text.IndexOf('`', _position + 1);
        if (end < 0)
        {
            throw Errors.At("S0105", text.Length);
        }

        var name = text[(_position + 1)..end];
        _position = end + 1;
        return new Token(TokenKind.Name, name, _position);
    }

    private Token ReadName()
    {
        var length = text.AsSpan(_position).IndexOfAny(Operators.NameEnds);
        var name = length < 0 ? text[_position..] : text.Substring(_position, length);
        _position += name.Length;
        if (name[0] == '$')
        {
            return new Token(TokenKind.Variable, name[1..], _position);
        }

        var kind = name switch
        {
            "or" or "in" or "and" => TokenKind.Operator,
            "true" or "false" or "null" => TokenKind.Literal,
            _ => TokenKind.Name,
        };
        return new Token(kind, name, _position);
    }

    /// <summary>Up to the slash that is neither escaped nor inside brackets.</summary>
    private Token ReadRegex()
    {
        var start = _position;
        var depth = 0;
        for (; _position < text.Length; _position++)
        {
            var c = text[_position];
            if (c == '/' && depth == 0 && !IsEscaped(start))
            {
                return EndRegex(start);
            }

            if (text[_position - 1] != '\\')
            {
                depth += c is '(' or '[' or '{' ? 1 : c is ')' or ']' or '}' ? -1 : 0;
            }
        }

        throw Errors.At("S0302", text.Length);
    }

    private Token EndRegex(int start)
    {
        var pattern = text[start.._position];
        if (pattern.Length == 0)
        {
            throw Errors.At("S0301", _position);
        }

        var flags = ++_position;
        while (_position < text.Length && text[_position] is 'i' or 'm')
        {
            _position++;
        }

        return new Token(TokenKind.Regex, pattern, _position, Flags: text[flags.._position]);
    }

    private bool IsEscaped(int start)
    {
        var slashes = 0;
        while (_position - slashes - 1 >= start && text[_position - slashes - 1] == '\\')
        {
            slashes++;
        }

        return slashes % 2 == 1;
    }
}
