using System.Globalization;
using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.States.Deciding;

/// <summary>How many items of a Map may fail. An INLINE Map is told, and tolerates none all the same.</summary>
internal static class MapTolerance
{
    /// <summary>Why the fields of an INLINE Map have no value; null if they have, or are not set.</summary>
    public static StateFailure? FindFailure(StateData data, MapState state, Evaluated input) =>
        Count(data, state.ToleratedFailureCount, input).Failure
        ?? Percentage(data, state.ToleratedFailurePercentage, input).Failure;

    /// <summary>A text that reads as a number is one: recorded in assign/*MAX_CONCURRENCY_PATH and
    /// *TOLERATED_FAILURE_PATH.</summary>
    public static long? ToInteger(JsonValue value) => value switch
    {
        JsonNumber number when number.TryGetInt64(out var whole) => whole,
        JsonString text when long.TryParse(
            text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ => null,
    };

    public static Reading<long> Count(StateData data, Field<long>? field, Evaluated input)
    {
        switch (field)
        {
            case Literal<long> literal:
                return literal.Value;
            case Computed<long> computed:
                return data.Integer(computed, 0, int.MaxValue);
            case AtPath<long> at when input.Value is { } document:
                var found = data.Find(at.Path, document);
                return found.Value switch
                {
                    null => found.Failure ?? throw new System.Diagnostics.UnreachableException("No value."),
                    var value when ToInteger(value) is { } count => count >= 0
                        ? count
                        : data.RuntimeError("ToleratedFailureCount cannot be negative."),
                    var value => data.RuntimeError(
                        $"The ToleratedFailureCountPath field refers to value \"{MapDecider.Shown(value)}\" which is " +
                        $"not a valid integer: {at.Path.Text}"),
                };
            default:
                return default;
        }
    }

    private static double? ToDouble(JsonValue value) => value switch
    {
        JsonNumber number => number.Value,
        JsonString text when double.TryParse(
            text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) => parsed,
        _ => null,
    };

    public static Reading<double> Percentage(StateData data, Field<double>? field, Evaluated input)
    {
        switch (field)
        {
            case Literal<double> literal:
                return literal.Value;
            case Computed<double> computed:
                return data.Number(computed, 0, 100);
            case AtPath<double> at when input.Value is { } document:
                var found = data.Find(at.Path, document);
                return found.Value switch
                {
                    null => found.Failure ?? throw new System.Diagnostics.UnreachableException("No value."),
                    var value when ToDouble(value) is { } percentage => percentage is >= 0 and <= 100
                        ? percentage
                        : data.RuntimeError("ToleratedFailurePercentage must be between 0 and 100."),
                    var value => data.RuntimeError(
                        $"The ToleratedFailurePercentagePath field refers to value \"{MapDecider.Shown(value)}\" " +
                        $"which is not a valid float: {at.Path.Text}"),
                };
            default:
                return default;
        }
    }
}
