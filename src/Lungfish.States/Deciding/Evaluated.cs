using Lungfish.Json;

namespace Lungfish.States.Deciding;

/// <summary>A value, or why there is none.</summary>
internal readonly record struct Evaluated(JsonValue? Value, StateFailure? Failure)
{
    public static implicit operator Evaluated(JsonValue value) => new(value, null);

    public static implicit operator Evaluated(StateFailure failure) => new(null, failure);
}

/// <summary>A number or a time in a field of a state, or why there is none; neither if the field is not set.</summary>
internal readonly record struct Reading<T>(T? Value, StateFailure? Failure)
    where T : struct
{
    public static implicit operator Reading<T>(T value) => new(value, null);

    public static implicit operator Reading<T>(StateFailure failure) => new(null, failure);
}

/// <summary>How a state is left, or why it cannot be.</summary>
/// <param name="Assigned">The variables that it sets; null for none.</param>
internal readonly record struct StateExit(JsonValue? Output, JsonObject? Assigned, StateFailure? Failure)
{
    public static implicit operator StateExit(StateFailure failure) => new(null, null, failure);
}
