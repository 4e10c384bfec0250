using Lungfish.States.Model;

namespace Lungfish.States.Deciding;

/// <summary>How many items of a Map may fail. An INLINE Map is told, and tolerates none all the same.</summary>
internal static class MapTolerance
{
    public static readonly NumberField<long> Count = new(
        "ToleratedFailureCountPath",
        "integer",
        NumberFields.ToInteger,
        (data, field) => data.Integer(field, 0, int.MaxValue),
        count => count >= 0,
        "ToleratedFailureCount cannot be negative.");

    public static readonly NumberField<double> Percentage = new(
        "ToleratedFailurePercentagePath",
        "float",
        NumberFields.ToDouble,
        (data, field) => data.Number(field, 0, 100),
        percentage => percentage is >= 0 and <= 100,
        "ToleratedFailurePercentage must be between 0 and 100.");

    /// <summary>Why the fields of an INLINE Map have no value; null if they have, or are not set.</summary>
    public static StateFailure? FindFailure(StateData data, MapState state, Evaluated input) =>
        Count.Read(data, state.ToleratedFailureCount, input).Failure
        ?? Percentage.Read(data, state.ToleratedFailurePercentage, input).Failure;
}
