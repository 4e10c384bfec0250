using System.Text;
using Lungfish.Json;
using Lungfish.States.JsonPath;

namespace Lungfish.States.Intrinsics;

/// <summary>Reads a call: <c>States.Name(argument, ...)</c>, where an argument is a text in single quotes, a number,
/// true, false, null, a path, or a call.</summary>
internal sealed class IntrinsicParser
{
    /// <summary>Documented: calls inside each other, the outermost included.</summary>
    private const int DepthMax = 10;

    private const string Escapable = "'{}\\";

    private readonly PathParser _source;
    private int _depth;

    private IntrinsicParser(PathParser source) => _source = source;

    public static IntrinsicCall Parse(string text)
    {
        var source = PathParser.OfCall(text);
        var root = new IntrinsicParser(source).ReadCall();
        return source.AtEnd ? new IntrinsicCall(text, root) : throw source.Error($"'{source.Current}' is not expected");
    }

    private CallArgument ReadCall()
    {
        if (++_depth > DepthMax)
        {
            throw _source.Error($"more than {DepthMax} calls inside each other");
        }

        var function = ReadFunction();
        _source.SkipSpace();
        _source.Expect('(');
        var arguments = ReadArguments();
        if (arguments.Length < function.ArgumentsMin || arguments.Length > function.ArgumentsMax)
        {
            throw _source.Error($"{function.Name} takes {function.Counts}, not {arguments.Length},");
        }

        _depth--;
        return function == StringFunctions.Format && arguments[0] is LiteralArgument { Raw: not null } template
            ? new FormatArgument(template, arguments[1..])
            : new FunctionArgument(function, arguments);
    }

    private IntrinsicFunction ReadFunction()
    {
        var start = _source.Position;
        while (char.IsAsciiLetterOrDigit(_source.Current) || _source.Current == '.')
        {
            _ = _source.TryTake(_source.Current);
        }

        var name = _source.Slice(start);
        return IntrinsicFunction.Find(name) ?? throw _source.Error($"there is no function '{name}'");
    }

    private CallArgument[] ReadArguments()
    {
        List<CallArgument> arguments = [];
        _source.SkipSpace();
        if (_source.TryTake(')'))
        {
            return [];
        }

        do
        {
            _source.SkipSpace();
            arguments.Add(ReadArgument());
            _source.SkipSpace();
        }
        while (_source.TryTake(','));

        _source.Expect(')');
        return [.. arguments];
    }

    private CallArgument ReadArgument() => _source.Current switch
    {
        '\'' => ReadText(),
        '$' => new PathArgument(_source.ReadPath()),
        '-' or (>= '0' and <= '9') => ReadNumber(),
        'S' => ReadCall(),
        _ => ReadWord(),
    };

    private LiteralArgument ReadText()
    {
        _source.Expect('\'');
        var start = _source.Position;
        var text = new StringBuilder();
        while (_source.Current != '\'')
        {
            if (_source.AtEnd)
            {
                throw _source.Error("' is missing");
            }

            if (_source.TryTake('\\') && !Escapable.Contains(_source.Current))
            {
                throw _source.Error("a backslash may only stand before ', {, } or \\");
            }

            text.Append(_source.Current);
            _ = _source.TryTake(_source.Current);
        }

        var raw = _source.Slice(start);
        _source.Expect('\'');
        return new LiteralArgument(text.ToString(), raw);
    }

    private LiteralArgument ReadNumber()
    {
        var start = _source.Position;
        while (char.IsAsciiDigit(_source.Current) || _source.Current is '-' or '+' or '.' or 'e' or 'E')
        {
            _ = _source.TryTake(_source.Current);
        }

        var text = _source.Slice(start);
        try
        {
            return new LiteralArgument(JsonValue.Parse(text));
        }
        catch (JsonParseException)
        {
            throw _source.Error($"'{text}' is no number");
        }
    }

    private LiteralArgument ReadWord()
    {
        var start = _source.Position;
        while (char.IsAsciiLetter(_source.Current))
        {
            _ = _source.TryTake(_source.Current);
        }

        return new LiteralArgument(_source.Slice(start) switch
        {
            "true" => JsonValue.True,
            "false" => JsonValue.False,
            "null" => JsonValue.Null,
            _ => throw _source.Error(
                "a text in single quotes, a number, true, false, null, a path or a call is missing"),
        });
    }
}
