namespace Lungfish.Server.StepFunctions;

/// <summary>Says what is wrong with a JSON text in the words that AWS's parser uses.</summary>
internal static class JsonComplaint
{
    private const string Expected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

    /// <param name="text">A text that is not one JSON value.</param>
    public static string About(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return "Invalid execution input."; // Recorded in sfn_api/test_invalid_start_execution_input.
        }

        var scan = new Scan(text);
        return scan.Value() ?? scan.Trailing() ?? "Invalid execution input.";
    }

    /// <summary>Walks along the text until the first thing that is wrong; each method tells it, or null to go on.</summary>
    private ref struct Scan(string text)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private int _at;
        private int _depth;

        private readonly bool AtEnd => _at >= _text.Length;

        public string? Value()
        {
            SkipSpace();
            if (AtEnd)
            {
                return EndOfInput("expected a value");
            }

            var c = _text[_at];
            return c switch
            {
                '{' => Container('}', "Object", isObject: true),
                '[' => Container(']', "Array", isObject: false),
                '"' => String(),
                '-' or (>= '0' and <= '9') => Number(),
                _ when char.IsLetter(c) || c == '_' => Word(),
                _ => Unexpected("expected a valid value " + Expected),
            };
        }

        public string? Trailing()
        {
            SkipSpace();
            return AtEnd ? null : Unexpected("expected end of input");
        }

        private string? Container(char close, string kind, bool isObject)
        {
            if (++_depth > 500)
            {
                return "Invalid execution input.";
            }

            _at++;
            SkipSpace();
            if (Take(close))
            {
                _depth--;
                return null;
            }

            while (true)
            {
                var wrong = (isObject ? Name() : null) ?? Value();
                if (wrong is not null)
                {
                    return wrong;
                }

                SkipSpace();
                if (Take(close))
                {
                    _depth--;
                    return null;
                }

                if (!Take(','))
                {
                    return AtEnd
                        ? EndOfInput($"expected close marker for {kind}")
                        : Unexpected($"was expecting comma to separate {kind} entries");
                }
            }
        }

        private string? Name()
        {
            SkipSpace();
            if (AtEnd)
            {
                return EndOfInput("expected close marker for Object");
            }

            if (_text[_at] != '"')
            {
                // Recorded in sfn_api/test_invalid_start_execution_input.
                return Unexpected("was expecting double-quote to start field name");
            }

            if (String() is { } wrong)
            {
                return wrong;
            }

            SkipSpace();
            if (Take(':'))
            {
                return null;
            }

            return AtEnd
                ? EndOfInput("expected a colon")
                : Unexpected("was expecting a colon to separate field name and value");
        }

        private string? String()
        {
            for (_at++; !AtEnd; _at++)
            {
                var c = _text[_at];
                if (c == '"')
                {
                    _at++;
                    return null;
                }

                if (c < ' ')
                {
                    return $"Illegal unquoted character ((CTRL-CHAR, code {(int)c})): "
                        + "has to be escaped using backslash to be included in string value";
                }

                if (c == '\\')
                {
                    _at++;
                }
            }

            return EndOfInput("was expecting closing quote for a string value");
        }

        private string? Number()
        {
            while (!AtEnd && (char.IsAsciiDigit(_text[_at]) || _text[_at] is '-' or '+' or '.' or 'e' or 'E'))
            {
                _at++;
            }

            return null;
        }

        private string? Word()
        {
            var start = _at;
            while (!AtEnd && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '_' or '$'))
            {
                _at++;
            }

            // Recorded in sfn_api/test_invalid_start_execution_input.
            var word = _text[start.._at];
            return word is "true" or "false" or "null" ? null : $"Unrecognized token '{word}': was expecting {Expected}";
        }

        private readonly string Unexpected(string wish) =>
            $"Unexpected character ('{_text[_at]}' (code {(int)_text[_at]})): {wish}";

        private static string EndOfInput(string wish) => $"Unexpected end-of-input: {wish}";

        private bool Take(char c)
        {
            if (AtEnd || _text[_at] != c)
            {
                return false;
            }

            _at++;
            return true;
        }

        private void SkipSpace()
        {
            while (!AtEnd && _text[_at] is ' ' or '\t' or '\r' or '\n')
            {
                _at++;
            }
        }
    }
}
