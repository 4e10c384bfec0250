using Lungfish.Jsonata.Library;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata;

/// <summary>Makes the exceptions of the language's error catalogue.</summary>
internal static class Errors
{
    public const string Limit = JsonataException.LimitPassed;

    public static JsonataException At(string code, int position, string? token = null) => new(code, position, token);

    public static JsonataException At(string code, int position, string? token, Value value) =>
        new(code, position, token) { Inserts = new ErrorInserts { Value = value } };

    public static JsonataException Of(string code) => new(code, JsonataException.NoPosition, null);

    public static JsonataException Of(string code, Value value, Value value2 = default) =>
        new(code, JsonataException.NoPosition, null) { Inserts = new ErrorInserts { Value = value, Value2 = value2 } };

    /// <param name="code">T0410 to T0412.</param>
    /// <param name="index">Which argument, from 1.</param>
    /// <param name="type">What its items must be, in the plural.</param>
    public static JsonataException OfArgument(string code, int index, string? type = null) =>
        new(code, JsonataException.NoPosition, null) { Inserts = new ErrorInserts { Index = index, Type = type } };

    /// <param name="code">One whose text the expression or a function gives.</param>
    /// <param name="message">That text.</param>
    public static JsonataException Saying(string code, string message) =>
        new(code, JsonataException.NoPosition, null) { Inserts = new ErrorInserts { Message = message } };

    /// <summary>A function of the library has refused its arguments.</summary>
    public static JsonataException Of(JsonataFault fault) => fault.Code == Limit
        ? new(Limit, fault.Text ?? fault.Code, JsonataException.NoPosition)
        : new(fault.Code, JsonataException.NoPosition, null)
        {
            Inserts = new ErrorInserts
            {
                Value = Value.Of(fault.Value),
                Value2 = Value.Of(fault.Value2),
                Message = fault.Text,
                FunctionName = fault.FunctionName,
            },
        };

    public static JsonataException NoJson() => new(
        JsonataException.FunctionResult, "The result is or holds a function", JsonataException.NoPosition);

    public static JsonataException TooDeep(int position = JsonataException.NoPosition) => new(
        Limit,
        "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive",
        position);

    public static JsonataException TooLong() =>
        new(Limit, "Expression evaluation timeout: Check for infinite loop", JsonataException.NoPosition);

    public static JsonataException TooLarge() => new(
        Limit,
        "Expression evaluation memory limit exceeded: Check for excessive memory usage",
        JsonataException.NoPosition);
}

/// <summary>The values that a message of the catalogue shows.</summary>
internal sealed record ErrorInserts
{
    public static readonly ErrorInserts None = new();

    public Value Value { get; init; }

    public Value Value2 { get; init; }

    public int Index { get; init; }

    public string? Type { get; init; }

    public string? Message { get; init; }

    public string? FunctionName { get; init; }

    public string TextOf(string name, string? token) => name switch
    {
        "token" => token is null ? "undefined" : JsonataText.Plain(token),
        "value" => Spelling.OfMessage(Value),
        "value2" or "exp" => Spelling.OfMessage(Value2),
        "index" => NumberText.Shortest(Index),
        "type" => Type is null ? "undefined" : JsonataText.Plain(Type),
        _ => "undefined",
    };

    /// <summary>What three braces ask for: the text as it is.</summary>
    public string BareTextOf(string name, string? token) => name switch
    {
        "token" => token ?? "undefined",
        "message" => Message ?? "undefined",
        "functionName" => FunctionName ?? "undefined",
        _ => "undefined",
    };
}
