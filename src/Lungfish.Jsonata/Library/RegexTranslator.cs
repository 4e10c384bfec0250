using System.Globalization;
using System.Text;

namespace Lungfish.Jsonata.Library;

/// <summary>A JavaScript pattern in .NET's words.</summary>
/// <param name="Pattern">For <see cref="System.Text.RegularExpressions.Regex"/>.</param>
/// <param name="NeedsBacktracking">It looks around or back.</param>
/// <param name="IsExact">True if it means the same for every text, not only for plain ones.</param>
internal sealed record RegexTranslation(string Pattern, bool NeedsBacktracking, bool IsExact);

/// <summary>Reads a pattern as JavaScript does without its <c>u</c> flag, and writes what means the same in .NET:
/// digits, words and white space are JavaScript's, every literal is escaped, all groups are numbered in their
/// order.</summary>
internal sealed class RegexTranslator
{
    /// <summary>More than a person would write; what is deeper could exhaust the stack of .NET's parser.</summary>
    private const int DepthMax = 200;

    private const int LengthMax = 100_000;

    private readonly string _pattern;
    private readonly bool _multiline;
    private readonly CharacterSet _spaces;
    private readonly bool _plainText;
    private readonly List<string?> _groupNames;
    private readonly StringBuilder _output = new();
    private int _position;
    private int _depth;
    private bool _needsBacktracking;
    private bool _isExact = true;

    private RegexTranslator(string pattern, bool multiline, bool stepFunctions, bool plainText)
    {
        (_pattern, _multiline, _plainText) = (pattern, multiline, plainText);
        _spaces = stepFunctions ? CharacterSet.AsciiSpaces : CharacterSet.Spaces;
        _groupNames = RegexGroups.Find(pattern);
    }

    /// <param name="pattern">What stands between the slashes.</param>
    /// <param name="multiline">The flag m.</param>
    /// <param name="stepFunctions">White space is that of ASCII.</param>
    /// <param name="plainText">True: the texts are ASCII without carriage returns, where .NET's own anchors do.</param>
    /// <exception cref="JsonataFault">S0303: not a regular expression.</exception>
    public static RegexTranslation Translate(string pattern, bool multiline, bool stepFunctions, bool plainText)
    {
        if (pattern.Length > LengthMax)
        {
            throw Fault("Regular expression too large");
        }

        var translator = new RegexTranslator(pattern, multiline, stepFunctions, plainText);
        translator.Run();
        return new RegexTranslation(
            translator._output.ToString(), translator._needsBacktracking, translator._isExact);
    }

    public static JsonataFault Fault(string message) =>
        JsonataFault.Saying("S0303", $"Invalid regular expression: {message}");

    private void Run()
    {
        // Whether something stands before a quantifier that it can repeat.
        var canRepeat = false;
        while (_position < _pattern.Length)
        {
            var c = _pattern[_position++];
            switch (c)
            {
                case '(':
                    OpenGroup();
                    canRepeat = false;
                    break;
                case ')':
                    _depth = _depth > 0 ? _depth - 1 : throw Fault("Unmatched ')'");
                    _output.Append(')');
                    canRepeat = true;
                    break;
                case '|':
                    _output.Append('|');
                    canRepeat = false;
                    break;
                case '^' or '$':
                    Anchor(c);
                    canRepeat = false;
                    break;
                case '*' or '+' or '?':
                    Repeat(canRepeat, c.ToString());
                    canRepeat = false;
                    break;
                case '{' when FindBounds() is { } bounds:
                    Repeat(canRepeat, bounds);
                    canRepeat = false;
                    break;
                case '\\':
                    canRepeat = Escape();
                    break;
                default:
                    _output.Append(c switch
                    {
                        '.' => CharacterSet.LineEnds.ToPattern(negated: true),
                        '[' => ReadClass(),
                        _ => CharacterSet.Escape(c),
                    });
                    canRepeat = true;
                    break;
            }
        }

        if (_depth > 0)
        {
            throw Fault("Unterminated group");
        }
    }

    private void OpenGroup()
    {
        if (++_depth > DepthMax)
        {
            throw Fault("Regular expression too large");
        }

        var rest = _pattern.AsSpan(_position);
        var opener = rest switch
        {
            ['?', ':', ..] => "?:",
            ['?', '=', ..] => "?=",
            ['?', '!', ..] => "?!",
            ['?', '<', '=', ..] => "?<=",
            ['?', '<', '!', ..] => "?<!",
            _ => "",
        };
        _position += opener.Length;
        _needsBacktracking |= opener.Length > 0 && opener != "?:";
        if (rest.StartsWith("?<") && opener.Length == 0)
        {
            _position = _pattern.IndexOf('>', _position) + 1; // The names are known; numbers do.
        }
        else if (rest.StartsWith('?') && opener.Length == 0)
        {
            throw Fault("Invalid group");
        }

        _output.Append('(').Append(opener);
    }

    private void Anchor(char c)
    {
        if (!_multiline)
        {
            _output.Append(c == '^' ? @"\A" : @"\z");
            return;
        }

        _isExact = false;
        if (_plainText)
        {
            _output.Append(c == '^' ? "(?m:^)" : "(?m:$)");
            return;
        }

        _needsBacktracking = true;
        var ends = CharacterSet.LineEnds.ToPattern();
        _output.Append(c == '^' ? $@"(?:\A|(?<={ends}))" : $@"(?:\z|(?={ends}))");
    }

    private void Repeat(bool canRepeat, string quantifier)
    {
        _output.Append(canRepeat ? quantifier : throw Fault("Nothing to repeat"));
        if (_position < _pattern.Length && _pattern[_position] == '?')
        {
            _output.Append('?');
            _position++;
        }
    }

    /// <summary>Reads <c>{2}</c>, <c>{2,}</c> or <c>{2,3}</c>; anything else in braces is plain text.</summary>
    private string? FindBounds()
    {
        var close = _pattern.IndexOf('}', _position);
        var parts = close < 0 ? [] : _pattern[_position..close].Split(',');
        if (parts is not ([_] or [_, _]) || !IsNumber(parts[0]) || !(parts is [_] or [_, ""] || IsNumber(parts[1])))
        {
            return null;
        }

        _position = close + 1;
        var min = Bound(parts[0]);
        if (parts.Length == 1)
        {
            return $"{{{min}}}";
        }

        var max = parts[1].Length == 0 ? (int?)null : Bound(parts[1]);
        return max < min ? throw Fault("Numbers out of order in a quantifier") : $"{{{min},{max}}}";
    }

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    /// <summary>An automaton for more turns than this would not fit into memory.</summary>
    private static int Bound(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var bound) && bound <= 1000
            ? bound
            : throw Fault("A quantifier above 1000 is not supported");

    /// <returns>True if what was written can be repeated.</returns>
    private bool Escape()
    {
        if (_position >= _pattern.Length)
        {
            throw Fault(@"\ at end of pattern");
        }

        switch (_pattern[_position])
        {
            case 'b' or 'B':
                Boundary(_pattern[_position++] == 'b');
                return false;
            case >= '1' and <= '9' when FindNumberedGroup() is { } group:
                BackReference(group);
                return true;
            case 'k' when FindNamedGroup() is { } group:
                BackReference(group);
                return true;
            default:
                var set = new CharacterSet();
                ReadEscapeInto(set);
                _output.Append(set.ToPattern());
                return true;
        }
    }

    private void Boundary(bool isBoundary)
    {
        _isExact = false;
        if (_plainText)
        {
            _output.Append(isBoundary ? @"\b" : @"\B");
            return;
        }

        _needsBacktracking = true;
        var word = CharacterSet.Words.ToPattern();
        _output.Append(isBoundary
            ? $"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))"
            : $"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))");
    }

    /// <summary>A group that has caught nothing yet matches nothing at all in .NET, and the empty text here.</summary>
    private void BackReference(int group)
    {
        _needsBacktracking = true;
        _output.Append(CultureInfo.InvariantCulture, $@"(?({group})\{group}(?:))");
    }

    private int? FindNumberedGroup()
    {
        var end = _position;
        while (end < _pattern.Length && char.IsAsciiDigit(_pattern[end]))
        {
            end++;
        }

        if (!int.TryParse(_pattern.AsSpan(_position, end - _position), out var number) || number > _groupNames.Count)
        {
            return null;
        }

        _position = end;
        return number;
    }

    private int? FindNamedGroup()
    {
        if (!_groupNames.Exists(name => name is not null))
        {
            return null; // Without named groups, \k is a k.
        }

        var close = _pattern.IndexOf('>', _position);
        var name = close > _position + 1 && _pattern[_position + 1] == '<' ? _pattern[(_position + 2)..close] : "";
        var group = name.Length == 0 ? 0 : _groupNames.IndexOf(name) + 1;
        if (group == 0)
        {
            throw Fault("Invalid named reference");
        }

        _position = close + 1;
        return group;
    }

    /// <summary>Reads the escape behind a backslash: a class, or one character.</summary>
    /// <returns>The character, if it is one.</returns>
    private char? ReadEscapeInto(CharacterSet set)
    {
        var named = _pattern[_position] switch
        {
            'd' => CharacterSet.Digits,
            'D' => CharacterSet.Digits.Complement(),
            'w' => CharacterSet.Words,
            'W' => CharacterSet.Words.Complement(),
            's' => _spaces,
            'S' => _spaces.Complement(),
            _ => null,
        };
        if (named is not null)
        {
            _position++;
            set.Add(named);
            return null;
        }

        var unit = RegexEscapes.Read(_pattern, ref _position);
        set.Add(unit, unit);
        return unit;
    }

    /// <summary>Reads what follows an opening bracket.</summary>
    private string ReadClass()
    {
        var negated = _position < _pattern.Length && _pattern[_position] == '^';
        _position += negated ? 1 : 0;
        var set = new CharacterSet();
        while (true)
        {
            if (_position >= _pattern.Length)
            {
                throw Fault("Unterminated character class");
            }

            if (_pattern[_position] == ']')
            {
                _position++;
                return set.ToPattern(negated);
            }

            ReadRange(set);
        }
    }

    private void ReadRange(CharacterSet set)
    {
        var first = ReadMember(set);
        var isRange = _position + 1 < _pattern.Length && _pattern[_position] == '-' && _pattern[_position + 1] != ']';
        if (!isRange)
        {
            return;
        }

        _position++;
        var last = ReadMember(set);
        if (first is null || last is null)
        {
            set.Add('-', '-'); // With a class at either end, the hyphen is one.
            return;
        }

        if (last < first)
        {
            throw Fault("Range out of order in character class");
        }

        set.Add(first.Value, last.Value);
    }

    private char? ReadMember(CharacterSet set)
    {
        var unit = _pattern[_position++];
        if (unit != '\\')
        {
            set.Add(unit, unit);
            return unit;
        }

        if (_position >= _pattern.Length)
        {
            throw Fault(@"\ at end of pattern");
        }

        if (_pattern[_position] != 'b')
        {
            return ReadEscapeInto(set);
        }

        _position++;
        set.Add('\b', '\b');
        return '\b';
    }
}
