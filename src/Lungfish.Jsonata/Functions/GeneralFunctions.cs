using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Functions;

/// <summary>Functions of any value.</summary>
internal static class GeneralFunctions
{
    public static IEnumerable<NativeFunction> All =>
    [
        Define.Function("boolean", "<x-:b>", 1, static (run, arguments, _) =>
            arguments.At(0).IsUndefined ? default : Value.Of(Truth.Of(arguments[0], run))),
        Define.Function("not", "<x-:b>", 1, static (run, arguments, _) =>
            arguments.At(0).IsUndefined ? default : Value.Of(!Truth.Of(arguments[0], run))),
        Define.Function("exists", "<x:b>", 1, static (_, arguments, _) => Value.Of(!arguments.At(0).IsUndefined)),
        Define.Function("type", "<x:s>", 1, static (_, arguments, _) => Type(arguments.At(0))),
        Define.Function("error", "<s?:x>", 1, static (_, arguments, _) => throw Errors.Saying(
            "D3137", arguments.TextAt(0) is { Length: > 0 } text ? text : "$error() function evaluated")),
        Define.Function("assert", "<bs?:x>", 2, static (_, arguments, _) => arguments.At(0).IsTrue
            ? default
            : throw Errors.Saying(
                "D3141", arguments.TextAt(1) is { Length: > 0 } text ? text : "$assert() statement failed")),
    ];

    private static Value Type(Value value) => value.Kind switch
    {
        ValueKind.Undefined => default,
        ValueKind.Null => Value.Of("null"),
        ValueKind.Boolean => Value.Of("boolean"),
        ValueKind.Number => value.IsNumeric(out _) ? Value.Of("number") : Value.Of("object"),
        ValueKind.String => Value.Of("string"),
        ValueKind.Array => Value.Of("array"),
        ValueKind.Function => Value.Of("function"),
        _ => Value.Of("object"),
    };
}
