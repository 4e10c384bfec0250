using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Lungfish.Json;

namespace Lungfish.Jsonata.Values;

internal enum ValueKind
{
    Undefined,
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
    Function,
    Internal, // Never seen by an expression: a tuple, a call to be made, a variable not bound yet.
}

/// <summary>What an expression computes with: undefined, a JSON value, a sequence under way, or a function.</summary>
/// <remarks>JSON values are what they are outside and are never copied. Numbers that were computed stand in the struct
/// itself, so that arithmetic allocates nothing.</remarks>
internal readonly struct Value
{
    public static readonly Value Unset = new(new object(), 0);
    public static readonly Value TailCall = new(new object(), 0);
    public static readonly Value True = new(JsonValue.True, 0);
    public static readonly Value False = new(JsonValue.False, 0);
    public static readonly Value Null = new(JsonValue.Null, 0);

    private static readonly object Computed = new();

    private readonly object? _object;
    private readonly double _number;

    private Value(object? value, double number) => (_object, _number) = (value, number);

    public object? Object => _object;

    public bool IsUndefined => _object is null;

    public bool IsUnset => ReferenceEquals(_object, Unset._object);

    public bool IsTailCall => ReferenceEquals(_object, TailCall._object);

    public bool IsTrue => ReferenceEquals(_object, JsonValue.True);

    public bool IsArray => _object is JsonArray or Sequence;

    public bool IsObject => _object is JsonObject or OpenObject;

    public bool IsString => _object is JsonString;

    public bool IsFunction => _object is Function;

    /// <summary>A number of any value, infinite or not.</summary>
    public bool IsNumber => ReferenceEquals(_object, Computed) || _object is JsonNumber;

    public ValueKind Kind => _object switch
    {
        null => ValueKind.Undefined,
        JsonString => ValueKind.String,
        JsonNumber => ValueKind.Number,
        JsonObject or OpenObject => ValueKind.Object,
        JsonArray or Sequence => ValueKind.Array,
        JsonBoolean => ValueKind.Boolean,
        JsonNull => ValueKind.Null,
        Function => ValueKind.Function,
        _ => ReferenceEquals(_object, Computed) ? ValueKind.Number : ValueKind.Internal,
    };

    /// <summary>The items of an array; one for any other value, none for undefined.</summary>
    public ItemList Items => _object switch
    {
        Sequence sequence => sequence.Items,
        JsonArray array => new ItemList(array),
        null => default,
        _ => new ItemList([this], 1),
    };

    public static Value Of(double number) => new(Computed, number);

    public static Value Of(bool value) => value ? True : False;

    public static Value Of(string text) => new(new JsonString(text), 0);

    public static Value Of(JsonValue? value) => new(value, 0);

    public static Value Of(Sequence? items) => new(items, 0);

    public static Value Of(OpenObject members) => new(members, 0);

    public static Value Of(Function function) => new(function, 0);

    public static Value Of(PathTuple tuple) => new(tuple, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetNumber(out double number)
    {
        if (ReferenceEquals(_object, Computed))
        {
            number = _number;
            return true;
        }

        if (_object is JsonNumber json)
        {
            number = json.Value;
            return true;
        }

        number = 0;
        return false;
    }

    /// <summary>As the operators see it: a number that is none is no number, an infinite one is refused.</summary>
    public bool IsNumeric(out double number)
    {
        if (!TryGetNumber(out number) || double.IsNaN(number))
        {
            return false;
        }

        return double.IsFinite(number) ? true : throw Errors.Of("D1001", this);
    }

    public bool TryGetText([NotNullWhen(true)] out string? text)
    {
        text = (_object as JsonString)?.Value;
        return text is not null;
    }

    /// <summary>The value of a member; undefined if this is no object or has none by that name.</summary>
    public Value Member(string name) => _object switch
    {
        JsonObject json => Of(json[name]),
        OpenObject open => open.Find(name),
        _ => default,
    };
}
