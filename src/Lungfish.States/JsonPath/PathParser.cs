using System.Globalization;
using System.Text;

namespace Lungfish.States.JsonPath;

/// <summary>Reads a path in Jayway's dialect, alone or as an argument of an intrinsic function.</summary>
internal sealed class PathParser
{
    /// <summary>Far past any document that fits into a payload, and far from the end of any stack.</summary>
    public const int StepsMax = 256;

    private const int FiltersMax = 16;

    /// <summary>What else ends a name in a filter, where operators follow without space.</summary>
    private const string InFilter = "=!<>~&|,)]";

    private readonly string _text;
    private readonly string _what;
    private readonly bool _isCall;
    private int _at;
    private int _filterDepth;

    private PathParser(string text, bool isCall)
    {
        _text = text.TrimEnd();
        _what = text;
        _isCall = isCall;
    }

    public bool AtEnd => _at >= _text.Length;

    public char Current => _at < _text.Length ? _text[_at] : '\0';

    public int Position => _at;

    public static PathExpression Parse(string text)
    {
        var parser = new PathParser(text, isCall: false);
        var path = parser.ReadPath();
        return parser.AtEnd ? path : throw parser.Error($"'{parser.Current}' is not expected");
    }

    /// <summary>For a call: its paths are read where they stand, up to the next comma or parenthesis.</summary>
    public static PathParser OfCall(string text) => new(text, isCall: true);

    public FormatException Error(string problem) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"'{_what}' is not a valid {Kind}: {problem} at character {Math.Min(_at, _text.Length) + 1}."));

    public bool TryTake(char c)
    {
        if (Current != c || AtEnd)
        {
            return false;
        }

        _at++;
        return true;
    }

    public bool TryTake(string word)
    {
        if (!_text.AsSpan(Math.Min(_at, _text.Length)).StartsWith(word, StringComparison.Ordinal))
        {
            return false;
        }

        _at += word.Length;
        return true;
    }

    public void Expect(char c)
    {
        if (!TryTake(c))
        {
            throw Error($"'{c}' is missing");
        }
    }

    public void SkipSpace()
    {
        while (char.IsWhiteSpace(Current))
        {
            _at++;
        }
    }

    public string Slice(int from) => _text[from.._at];

    /// <summary>The steps from here to the end, or inside a filter to the end of its operand.</summary>
    public PathStep[] ReadSteps()
    {
        List<PathStep> steps = [];
        while (Current is '.' or '[')
        {
            steps.Add(ReadStep());
            if (steps.Count > StepsMax)
            {
                throw Error($"more than {StepsMax} steps");
            }
        }

        return [.. steps];
    }

    /// <summary>A text in single or double quotes, its escapes resolved.</summary>
    public string ReadQuoted() => ReadQuoted(_ => true);

    /// <summary>A member's name in quotes. Recorded in test_escape_sequence_parsing: a backslash is a character of the
    /// name unless it stands before the closing quote's kind or another backslash.</summary>
    private string ReadQuotedName()
    {
        var quote = Current;
        return ReadQuoted(escaped => escaped == quote || escaped == '\\');
    }

    private string ReadQuoted(Func<char, bool> isEscaped)
    {
        var quote = Current;
        _at++;
        var text = new StringBuilder();
        while (!TryTake(quote))
        {
            if (AtEnd)
            {
                throw Error($"{quote} is missing");
            }

            var isEscape = Current == '\\' && (_at + 1 >= _text.Length || isEscaped(_text[_at + 1]));
            text.Append(isEscape ? ReadEscape() : _text[_at++]);
        }

        return text.ToString();
    }

    public int ReadInteger()
    {
        var start = _at;
        _ = TryTake('-');
        while (char.IsAsciiDigit(Current))
        {
            _at++;
        }

        return int.TryParse(Slice(start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)
            ? index
            : throw Error("an index is missing or too large");
    }

    private string Kind => _isCall ? "intrinsic function call" : "path";

    /// <summary>A path from here to its end.</summary>
    public PathExpression ReadPath()
    {
        var start = _at;
        if (!TryTake('$'))
        {
            throw Error("a path begins with '$'");
        }

        var readsContext = TryTake('$');
        var variable = readsContext ? null : ReadVariableName();
        var steps = ReadSteps();
        return new PathExpression(_isCall ? Slice(start) : _what, readsContext, variable, steps);
    }

    private string? ReadVariableName()
    {
        var start = _at;
        _at += VariableName.Measure(_text.AsSpan(start));
        return (_at - start) switch
        {
            0 => null,
            > VariableName.LengthMax =>
                throw Error($"a variable's name longer than {VariableName.LengthMax} characters"),
            _ => Slice(start),
        };
    }

    private PathStep ReadStep()
    {
        if (TryTake('.'))
        {
            return TryTake('.') ? new DescentStep(ReadAfterDot()) : ReadAfterDot();
        }

        Expect('[');
        return ReadBracket();
    }

    private PathStep ReadAfterDot()
    {
        if (TryTake('['))
        {
            return ReadBracket();
        }

        if (TryTake('*'))
        {
            return new WildcardStep();
        }

        var start = _at;
        while (!AtEnd && !EndsName(Current))
        {
            _at++;
        }

        // Reported from the field: .length() and its like are read as names with parentheses, and found nowhere.
        if (_at > start && TryTake('('))
        {
            Expect(')');
        }

        return _at > start ? new NameStep(Slice(start)) : throw Error("a name is missing");
    }

    private bool EndsName(char c) =>
        c is '.' or '[' || char.IsWhiteSpace(c) || (_filterDepth > 0 && (c == '(' || InFilter.Contains(c))) ||
        (_isCall && c is '(' or ',' or ')');

    private PathStep ReadBracket()
    {
        SkipSpace();
        PathStep step = Current switch
        {
            '*' => ReadWildcard(),
            '\'' or '"' => ReadNames(),
            '?' => ReadFilter(),
            '-' or ':' or (>= '0' and <= '9') => ReadIndexes(),
            '(' => ReadFromEnd(),
            _ => throw Error("a name in quotes, an index, '*' or '?(' is missing"),
        };
        SkipSpace();
        Expect(']');
        return step;
    }

    private WildcardStep ReadWildcard()
    {
        _at++;
        return new WildcardStep();
    }

    private PathStep ReadNames()
    {
        List<string> names = [ReadQuotedName()];
        SkipSpace();
        while (TryTake(','))
        {
            SkipSpace();
            names.Add(Current is '\'' or '"' ? ReadQuotedName() : throw Error("a name in quotes is missing"));
            SkipSpace();
        }

        return names.Count == 1 ? new NameStep(names[0]) : new NamesStep([.. names]);
    }

    private PathStep ReadIndexes()
    {
        if (TryTake(':'))
        {
            return new SliceStep(null, ReadSliceEnd() ?? throw Error("one end of a slice is missing"));
        }

        List<int> indexes = [ReadInteger()];
        SkipSpace();
        if (TryTake(':'))
        {
            return new SliceStep(indexes[0], ReadSliceEnd());
        }

        while (TryTake(','))
        {
            SkipSpace();
            indexes.Add(ReadInteger());
            SkipSpace();
        }

        return indexes.Count == 1 ? new IndexStep(indexes[0]) : new IndexesStep([.. indexes]);
    }

    private FromEndStep ReadFromEnd()
    {
        _ = TryTake('(');
        SkipSpace();
        Expect('@');
        Expect('.');
        if (!TryTake("length") && !TryTake("size"))
        {
            throw Error("'length' is missing");
        }

        _ = TryTake("()");
        SkipSpace();
        Expect('-');
        SkipSpace();
        var back = char.IsAsciiDigit(Current) ? ReadInteger() : throw Error("a number is missing");
        SkipSpace();
        Expect(')');
        return new FromEndStep(back);
    }

    private int? ReadSliceEnd()
    {
        SkipSpace();
        return Current is '-' or (>= '0' and <= '9') ? ReadInteger() : null;
    }

    private FilterStep ReadFilter()
    {
        if (++_filterDepth > FiltersMax)
        {
            throw Error($"more than {FiltersMax} filters inside each other");
        }

        _at++;
        SkipSpace();
        Expect('(');
        var condition = new FilterParser(this).ReadCondition();
        SkipSpace();
        Expect(')');
        _filterDepth--;
        return new FilterStep(condition);
    }

    private char ReadEscape()
    {
        _at++;
        if (AtEnd)
        {
            throw Error("an escape is cut off");
        }

        var c = _text[_at++];
        if (c != 'u')
        {
            return c switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => c };
        }

        if (_at + 4 > _text.Length ||
            !ushort.TryParse(
                _text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
        {
            throw Error("\\u wants four hexadecimal digits");
        }

        _at += 4;
        return (char)unit;
    }
}
