using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Parsing;

/// <summary>The types that a function takes, such as <c>&lt;s-nn?:s&gt;</c>: one letter each.</summary>
/// <remarks>What it gives back, behind the colon, is documentation.</remarks>
internal sealed class Signature
{
    private readonly Parameter[] _parameters;

    private Signature(Parameter[] parameters) => _parameters = parameters;

    public int Count => _parameters.Length;

    /// <param name="text">From <c>&lt;</c> to <c>&gt;</c>.</param>
    /// <param name="position">Where it stands.</param>
    /// <exception cref="JsonataException">S0401 or S0402.</exception>
    public static Signature Parse(string text, int position = 0)
    {
        var parameters = new List<Parameter>();
        for (var i = 1; i < text.Length && text[i] != ':'; i++)
        {
            switch (text[i])
            {
                case 's' or 'n' or 'b' or 'l' or 'o' or 'f' or 'a' or 'j' or 'x':
                    parameters.Add(new Parameter(Types.Of(text[i]), text[i] == 'a', text[i] is 'a' or 'f'));
                    break;
                case '(':
                    var choice = text[(i + 1)..ClosingOf(text, i, '(', ')')];
                    if (choice.Contains('<', StringComparison.Ordinal))
                    {
                        throw Errors.At("S0402", position + i, null, Value.Of(choice));
                    }

                    parameters.Add(new Parameter(Types.OfAny(choice), false, false));
                    i += choice.Length + 1;
                    break;
                case '-' or '?' or '+' when parameters.Count > 0:
                    parameters[^1] = parameters[^1].With(text[i]);
                    break;
                case '<':
                    if (parameters.Count == 0 || !parameters[^1].TakesItemType)
                    {
                        throw Errors.At("S0401", position + i, null, Value.Of(text[(i - 1)..i]));
                    }

                    var close = ClosingOf(text, i, '<', '>');
                    parameters[^1] = parameters[^1] with { ItemType = text[(i + 1)..Math.Min(close, text.Length)] };
                    i = close;
                    break;
                default:
                    break;
            }
        }

        return new Signature([.. parameters]);
    }

    /// <summary>Checks the arguments and brings them into the shape that the function expects.</summary>
    /// <param name="arguments">May be changed, and may be the result.</param>
    /// <param name="context">What stands in for an argument left out, if the signature says so.</param>
    public Value[] Validate(Value[] arguments, Value context)
    {
        if (MatchesInOrder(arguments))
        {
            for (var i = 0; i < arguments.Length; i++)
            {
                arguments[i] = _parameters[i].Shape(arguments[i], i, 1);
            }

            return arguments;
        }

        Span<int> taken = stackalloc int[_parameters.Length];
        if (!Match(arguments, 0, 0, _parameters.Length, taken, toEnd: true, out _))
        {
            throw Errors.OfArgument("T0410", Matched(arguments, taken) + 1);
        }

        var result = new List<Value>(Math.Max(arguments.Length, _parameters.Length));
        var next = 0;
        for (var p = 0; p < _parameters.Length; p++)
        {
            if (taken[p] > 0)
            {
                for (var n = taken[p]; n > 0; n--, next++)
                {
                    result.Add(_parameters[p].Shape(At(arguments, next), next, taken[p]));
                }
            }
            else if (!_parameters[p].TakesContext)
            {
                // The reference implementation gives the function what comes next, and counts on.
                result.Add(At(arguments, next));
                next++;
            }
            else if ((_parameters[p].Types & Types.Of(context)) != 0)
            {
                result.Add(context);
            }
            else
            {
                throw Errors.OfArgument("T0411", next + 1);
            }
        }

        return [.. result];
    }

    private static Value At(Value[] arguments, int index) => index < arguments.Length ? arguments[index] : default;

    /// <summary>Each parameter takes one argument, and those left over need none.</summary>
    private bool MatchesInOrder(Value[] arguments)
    {
        if (arguments.Length > _parameters.Length)
        {
            return false;
        }

        for (var i = 0; i < _parameters.Length; i++)
        {
            var parameter = _parameters[i];
            var fits = i < arguments.Length
                ? !parameter.IsRepeated && (parameter.Types & Types.Of(arguments[i])) != 0
                : parameter is { IsOptional: true, TakesContext: false };
            if (!fits)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>How many arguments are right, counted to the first parameter that cannot be.</summary>
    private int Matched(Value[] arguments, Span<int> taken)
    {
        var good = 0;
        for (var count = 1; count <= _parameters.Length; count++)
        {
            if (!Match(arguments, 0, 0, count, taken, toEnd: false, out var end))
            {
                break;
            }

            good = end;
        }

        return good;
    }

    /// <summary>Each parameter takes as many arguments as it may, and gives some back if others need them.</summary>
    private bool Match(
        Value[] arguments, int parameter, int from, int count, Span<int> taken, bool toEnd, out int end)
    {
        end = from;
        if (parameter == count)
        {
            return !toEnd || from == arguments.Length;
        }

        var (least, most) = _parameters[parameter].Bounds;
        var fits = 0;
        while (fits < most && from + fits < arguments.Length &&
            (_parameters[parameter].Types & Types.Of(arguments[from + fits])) != 0)
        {
            fits++;
        }

        for (; fits >= least; fits--)
        {
            taken[parameter] = fits;
            if (Match(arguments, parameter + 1, from + fits, count, taken, toEnd, out end))
            {
                return true;
            }
        }

        return false;
    }

    private static int ClosingOf(string text, int open, char opening, char closing)
    {
        var depth = 1;
        var at = open;
        while (depth > 0 && ++at < text.Length)
        {
            depth += text[at] == closing ? -1 : text[at] == opening ? 1 : 0;
        }

        return Math.Min(at, text.Length);
    }

    private sealed record Parameter(int Types, bool IsArray, bool TakesItemType)
    {
        public string? ItemType { get; init; }

        public bool IsOptional { get; private init; }

        public bool IsRepeated { get; private init; }

        public bool TakesContext { get; private init; }

        public (int Least, int Most) Bounds => (IsOptional ? 0 : 1, IsRepeated ? int.MaxValue : 1);

        public Parameter With(char suffix) => suffix switch
        {
            '+' => this with { IsRepeated = true },
            '-' => this with { IsOptional = true, TakesContext = true },
            _ => this with { IsOptional = true },
        };

        /// <summary>An array where one is expected: any other value becomes an array of itself.</summary>
        public Value Shape(Value argument, int index, int taken)
        {
            if (!IsArray || argument.IsUndefined)
            {
                return argument;
            }

            var isArray = argument.IsArray;
            if (ItemType is { Length: > 0 } type)
            {
                var fits = isArray
                    ? HasItemsOf(argument, Parsing.Types.OfAny(type[..1]))
                    : type.Length == 1 && taken == 1 && Parsing.Types.LetterOf(argument) == type[0];
                if (!fits)
                {
                    throw Errors.OfArgument("T0412", index + 1, Parsing.Types.PluralOf(type));
                }
            }

            return isArray ? argument : Value.Of(Sequence.ArrayOf(argument));
        }

        private static bool HasItemsOf(Value array, int type)
        {
            foreach (var item in array.Items)
            {
                if ((Parsing.Types.Of(item) & type & ~Parsing.Types.Missing) == 0)
                {
                    return false;
                }
            }

            return true;
        }
    }
}

/// <summary>The letters of signatures, as sets.</summary>
internal static class Types
{
    public const int Missing = 1 << 7;

    private const string Letters = "snblaof";

    public static int Of(char letter) => letter switch
    {
        'f' => 1 << 6,
        'j' => (1 << 6) - 1 | Missing,
        'a' or 'x' => (1 << 7) - 1 | Missing,
        _ => 1 << Letters.IndexOf(letter, StringComparison.Ordinal) | Missing,
    };

    /// <summary>A choice names plain types only; an array in it is an array.</summary>
    public static int OfAny(string letters)
    {
        var types = Missing;
        foreach (var letter in letters)
        {
            var place = Letters.IndexOf(letter, StringComparison.Ordinal);
            types |= place < 0 ? 0 : 1 << place;
        }

        return types;
    }

    public static int Of(Value value) => value.IsNumber ? 2 : value.Kind switch
    {
        ValueKind.String => 1,
        ValueKind.Number => 2,
        ValueKind.Boolean => 4,
        ValueKind.Null => 8,
        ValueKind.Array => 16,
        ValueKind.Object => 32,
        ValueKind.Function => 64,
        _ => Missing,
    };

    public static char LetterOf(Value value)
    {
        var type = Of(value);
        return type == Missing ? 'm' : Letters[int.Log2(type)];
    }

    public static string? PluralOf(string type) => type switch
    {
        "a" => "arrays",
        "b" => "booleans",
        "f" => "functions",
        "n" => "numbers",
        "o" => "objects",
        "s" => "strings",
        _ => null,
    };
}
