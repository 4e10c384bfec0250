using System.Globalization;
using Lungfish.Json;
using Lungfish.States.JsonPath;
using Lungfish.States.Model;

namespace Lungfish.States.Deciding;

/// <summary>How a number of a Map state is read, in whichever form the definition gives it.</summary>
/// <param name="PathName">Its JSONPath twin, for the words of a failure.</param>
/// <param name="Kind">What it must be, for the same: <c>integer</c>, <c>float</c>.</param>
/// <param name="Parse">Null: the value is none.</param>
/// <param name="Compute">Reads the JSONata form.</param>
/// <param name="IsInRange">Of a number that was found at a path.</param>
/// <param name="OutOfRange">AWS's words for one that is not; null: it is no valid number.</param>
internal sealed record NumberField<T>(
    string PathName,
    string Kind,
    Func<JsonValue, T?> Parse,
    Func<StateData, Computed<T>, Reading<T>> Compute,
    Func<T, bool> IsInRange,
    string? OutOfRange)
    where T : struct
{
    public Reading<T> Read(StateData data, Field<T>? field, Evaluated input) => field switch
    {
        Literal<T> literal => literal.Value,
        Computed<T> computed => Compute(data, computed),
        AtPath<T> at when input.Value is { } document => ReadAt(data, at.Path, document),
        _ => default,
    };

    private Reading<T> ReadAt(StateData data, PathExpression path, JsonValue document)
    {
        var found = data.Find(path, document);
        if (found.Value is not { } value)
        {
            return found.Failure ?? throw new System.Diagnostics.UnreachableException("Neither a value nor a failure.");
        }

        var number = Parse(value);
        if (number is { } known && IsInRange(known))
        {
            return known;
        }

        // Recorded in scenarios/*test_max_concurrency_path, *test_map_item_reader_base_json_max_items and others.
        return data.RuntimeError(number is not null && OutOfRange is not null
            ? OutOfRange
            : $"The {PathName} field refers to value \"{NumberFields.Shown(value)}\" which is not a valid {Kind}: "
                + path.Text);
    }
}

internal static class NumberFields
{
    /// <summary>A text that reads as a number is one: recorded in assign/*MAX_CONCURRENCY_PATH and
    /// *TOLERATED_FAILURE_PATH.</summary>
    public static long? ToInteger(JsonValue value) => value switch
    {
        JsonNumber number when number.TryGetInt64(out var whole) => whole,
        JsonString text when long.TryParse(
            text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ => null,
    };

    public static double? ToDouble(JsonValue value) => value switch
    {
        JsonNumber number => number.Value,
        JsonString text when double.TryParse(
            text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) => parsed,
        _ => null,
    };

    /// <summary>Recorded: objects print as {}.</summary>
    public static string Shown(JsonValue value) => value switch
    {
        JsonString text => text.Value,
        JsonObject => "{}",
        _ => value.ToText(),
    };
}
