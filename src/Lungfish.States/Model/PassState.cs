using Lungfish.Json;

namespace Lungfish.States.Model;

/// <summary>A state that passes its input on, or a fixed or composed result.</summary>
public sealed record PassState : State
{
    /// <summary>The literal result, never evaluated; null if the definition has none.</summary>
    public JsonValue? Result { get; init; }

    public required string? Next { get; init; } // Null: this state ends its branch.
}
