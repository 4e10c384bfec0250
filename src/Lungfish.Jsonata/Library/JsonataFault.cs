using Lungfish.Json;

namespace Lungfish.Jsonata.Library;

/// <summary>A function of the library refuses its arguments. It does not know where it stands in an expression: the
/// evaluator adds the position and the function's name, and makes a <see cref="JsonataException"/> of it.</summary>
/// <param name="code">A code of the error catalogue.</param>
/// <param name="value">What the catalogue's text shows as its value.</param>
/// <param name="value2">The second one, if it shows two.</param>
internal sealed class JsonataFault(string code, JsonValue? value = null, JsonValue? value2 = null) : Exception(code)
{
    public string Code { get; } = code;

    public JsonValue? Value { get; } = value;

    public JsonValue? Value2 { get; } = value2;

    /// <summary>The function's name without a dollar sign, where the catalogue's text shows it.</summary>
    public string? FunctionName { get; init; }

    /// <summary>The whole message, where the catalogue leaves it to the function.</summary>
    public string? Text { get; private init; }

    /// <summary>A fault that says in its own words what is wrong.</summary>
    public static JsonataFault Saying(string code, string message) => new(code) { Text = message };

    /// <summary>A number as a message shows it; JSON has none that is not finite.</summary>
    public static JsonValue Show(double number) => double.IsFinite(number) ? number : JsonValue.Null;
}
