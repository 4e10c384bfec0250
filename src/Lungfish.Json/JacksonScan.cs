using System.Globalization;

namespace Lungfish.Json;

/// <summary>Walks over a text as Jackson's reader-based parser does, up to the first thing that it refuses.</summary>
internal sealed class JacksonScan(string text)
{
    private const int TokenCharsMax = 256;
    private const string Values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

    private readonly Stack<(char Open, int Line, int Column)> _open = new();
    private int _at;
    private int _line = 1;
    private int _lineStart;
    private JacksonText? _refusal;

    private char Current => text[_at];

    private bool AtEnd => _at >= text.Length;

    public JacksonText Run()
    {
        var needsValue = true;
        while (_refusal is null)
        {
            SkipSpace();
            if (_refusal is not null || (AtEnd && !needsValue && _open.Count == 0))
            {
                break;
            }

            needsValue = needsValue ? Value() : AfterValue();
        }

        return _refusal ?? new JacksonText("Invalid JSON text", _line, _at - _lineStart + 1);
    }

    /// <returns>True if a value has to follow.</returns>
    private bool Value()
    {
        if (AtEnd)
        {
            return RefuseEnd(_open.Count == 0 ? "No content to map due to end-of-input" : CloseMissing());
        }

        switch (Current)
        {
            case '{' or '[':
                return Open();
            case ']' when _open.TryPeek(out var open) && open.Open == '[' && PreviousIs('['):
                return AfterValue();
            case '"':
                _at++;
                QuotedRest("string value", "Unexpected end-of-input: was expecting closing quote for a string value");
                return false;
            case '-' or (>= '0' and <= '9'):
                Number();
                return false;
            case var c when char.IsLetter(c) || c is '_' or '$':
                Word();
                return false;
            default:
                return RefuseCharacter($"expected a valid value {Values}");
        }
    }

    private bool Open()
    {
        _open.Push((Current, _line, _at - _lineStart + 1));
        _at++;
        if (_open.Count > JsonValue.DepthMax)
        {
            return Refuse(
                $"Document nesting depth ({_open.Count}) exceeds the maximum allowed ({JsonValue.DepthMax}, " +
                "from `StreamReadConstraints.getMaxNestingDepth()`)");
        }

        if (_open.Peek().Open == '[')
        {
            return true;
        }

        SkipSpace();
        if (!AtEnd && Current == '}')
        {
            _at++;
            _ = _open.Pop();
            return false;
        }

        return Name();
    }

    private bool Name()
    {
        SkipSpace();
        if (_refusal is not null)
        {
            return false;
        }

        if (AtEnd)
        {
            return RefuseEnd(CloseMissing());
        }

        if (Current != '"')
        {
            return RefuseCharacter("was expecting double-quote to start field name");
        }

        _at++;
        QuotedRest("name", "Unexpected end-of-input in field name");
        SkipSpace();
        if (_refusal is not null)
        {
            return false;
        }

        if (AtEnd)
        {
            return RefuseEnd("Unexpected end-of-input within/between Object entries");
        }

        if (Current != ':')
        {
            return RefuseCharacter("was expecting a colon to separate field name and value");
        }

        _at++;
        return true;
    }

    /// <summary>A comma or a close marker; at the root, nothing.</summary>
    private bool AfterValue()
    {
        if (AtEnd)
        {
            return RefuseEnd(CloseMissing());
        }

        if (!_open.TryPeek(out var open))
        {
            return true; // A second value at the root: Jackson reads it and refuses if it is none.
        }

        var (close, kind) = open.Open == '{' ? ('}', "Object") : (']', "Array");
        if (Current == close)
        {
            _at++;
            _ = _open.Pop();
            return false;
        }

        if (Current is '}' or ']')
        {
            var wrong = Current;
            _at++;
            return Refuse($"Unexpected close marker '{wrong}': expected '{close}' (for {kind} starting at " +
                $"{JacksonText.SourceAt(text, open.Line, open.Column)})");
        }

        if (Current != ',')
        {
            return RefuseCharacter($"was expecting comma to separate {kind} entries");
        }

        _at++;
        return open.Open == '[' || Name();
    }

    private void QuotedRest(string where, string atEnd)
    {
        while (_refusal is null)
        {
            if (AtEnd)
            {
                RefuseEnd(atEnd);
                return;
            }

            var c = Current;
            _at++;
            switch (c)
            {
                case '"':
                    return;
                case '\\':
                    Escape(atEnd);
                    break;
                case < ' ':
                    Refuse($"Illegal unquoted character ({Describe(c)}): has to be escaped using backslash " +
                        $"to be included in {where}");
                    break;
            }
        }
    }

    private void Escape(string atEnd)
    {
        if (AtEnd)
        {
            RefuseEnd(atEnd);
            return;
        }

        var c = Current;
        _at++;
        if (c is '"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't')
        {
            return;
        }

        if (c != 'u')
        {
            Refuse($"Unrecognized character escape {Describe(c)}");
            return;
        }

        for (var i = 0; i < 4 && _refusal is null; i++)
        {
            if (AtEnd)
            {
                RefuseEnd(atEnd);
            }
            else if (!char.IsAsciiHexDigit(Current))
            {
                RefuseCharacter("expected a hex-digit for character escape sequence");
            }
            else
            {
                _at++;
            }
        }
    }

    private void Number()
    {
        if (Current == '-')
        {
            _at++;
            if (AtEnd || !char.IsAsciiDigit(Current))
            {
                RefuseInNumber("expected digit (0-9) to follow minus sign, for valid numeric value");
                return;
            }
        }

        if (Current == '0' && _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1]))
        {
            _at++;
            Refuse("Invalid numeric value: Leading zeroes not allowed");
            return;
        }

        SkipDigits();
        if (!AtEnd && Current == '.')
        {
            _at++;
            Digits("Decimal point not followed by a digit");
        }

        if (_refusal is null && !AtEnd && Current is 'e' or 'E')
        {
            _at++;
            if (!AtEnd && Current is '+' or '-')
            {
                _at++;
            }

            Digits("Exponent indicator not followed by a digit");
        }

        if (_refusal is null && _open.Count == 0 && !AtEnd && !IsSpace(Current))
        {
            RefuseCharacter("Expected space separating root-level values");
        }
    }

    private void Digits(string otherwise)
    {
        if (AtEnd || !char.IsAsciiDigit(Current))
        {
            RefuseInNumber(otherwise);
            return;
        }

        SkipDigits();
    }

    private void SkipDigits()
    {
        while (!AtEnd && char.IsAsciiDigit(Current))
        {
            _at++;
        }
    }

    private void Word()
    {
        var start = _at;
        while (!AtEnd && (char.IsLetterOrDigit(Current) || Current is '_' or '$') && _at - start < TokenCharsMax)
        {
            _at++;
        }

        var word = text[start.._at];
        if (word is not ("null" or "true" or "false"))
        {
            var cut = word.Length >= TokenCharsMax ? "..." : "";
            Refuse(word is "NaN" or "Infinity"
                ? $"Non-standard token '{word}': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow"
                : $"Unrecognized token '{word}{cut}': was expecting {Values}");
        }
    }

    private void SkipSpace()
    {
        while (_refusal is null && !AtEnd && Current <= ' ')
        {
            var c = Current;
            _at++;
            if (c == '\n' || (c == '\r' && (AtEnd || Current != '\n')))
            {
                _line++;
                _lineStart = _at;
            }
            else if (!IsSpace(c))
            {
                Refuse($"Illegal character ({Describe(c)}): only regular white space (\\r, \\n, \\t) " +
                    "is allowed between tokens");
            }
        }
    }

    private bool PreviousIs(char c)
    {
        var i = _at - 1;
        while (i >= 0 && IsSpace(text[i]))
        {
            i--;
        }

        return i >= 0 && text[i] == c;
    }

    private string CloseMissing()
    {
        var (open, line, column) = _open.Peek();
        return $"Unexpected end-of-input: expected close marker for {(open == '{' ? "Object" : "Array")} " +
            $"(start marker at {JacksonText.SourceAt(text, line, column)})";
    }

    private bool RefuseCharacter(string expected)
    {
        var c = Current;
        _at++;
        return Refuse($"Unexpected character ({Describe(c)}): {expected}");
    }

    private void RefuseInNumber(string reason)
    {
        if (AtEnd)
        {
            RefuseEnd("Unexpected end-of-input in a numeric value");
            return;
        }

        var c = Current;
        _at++;
        Refuse($"Unexpected character ({Describe(c)}) in numeric value: {reason}");
    }

    private bool RefuseEnd(string message) => Refuse(message);

    private bool Refuse(string message)
    {
        _refusal ??= new JacksonText(message, _line, _at - _lineStart + 1);
        return false;
    }

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r';

    private static string Describe(char c) => c switch
    {
        < ' ' or (>= '\u007f' and <= '\u009f') =>
            string.Create(CultureInfo.InvariantCulture, $"(CTRL-CHAR, code {(int)c})"),
        > '\u00ff' => string.Create(CultureInfo.InvariantCulture, $"'{c}' (code {(int)c} / 0x{(int)c:x})"),
        _ => string.Create(CultureInfo.InvariantCulture, $"'{c}' (code {(int)c})"),
    };
}
