using Lungfish.Json;

namespace Lungfish.States.Testing;

/// <summary>What the data of a state was after each step. A step that does not apply is null.</summary>
/// <remarks>The names are those of the API's <c>InspectionData</c>.</remarks>
public sealed record StateInspection
{
    public required JsonValue Input { get; init; }

    /// <summary>JSONata only.</summary>
    public JsonValue? AfterArguments { get; init; }

    /// <summary>JSONPath only.</summary>
    public JsonValue? AfterInputPath { get; init; }

    /// <summary>JSONPath only.</summary>
    public JsonValue? AfterParameters { get; init; }

    public JsonValue? Result { get; init; }

    /// <summary>JSONPath only.</summary>
    public JsonValue? AfterResultSelector { get; init; }

    /// <summary>JSONPath only.</summary>
    public JsonValue? AfterResultPath { get; init; }

    /// <summary>The variables after the state; null if there are none.</summary>
    public JsonValue? Variables { get; init; }

    /// <summary>JSONPath only.</summary>
    public JsonValue? AfterItemsPath { get; init; }

    /// <summary>What an ItemReader finds by its ItemsPointer; null without one.</summary>
    public JsonValue? AfterItemsPointer { get; init; }

    /// <summary>What ItemSelector makes of each item; null without one.</summary>
    public JsonValue? AfterItemSelector { get; init; }

    /// <summary>The batches of a Map with an ItemBatcher.</summary>
    public JsonValue? AfterItemBatcher { get; init; }

    public long? MaxConcurrency { get; init; }

    /// <summary>Null if the Map does not set it.</summary>
    public long? ToleratedFailureCount { get; init; }

    /// <summary>Null if the Map does not set it.</summary>
    public double? ToleratedFailurePercentage { get; init; }

    /// <summary>The place of the retrier that the error matched, used up or not.</summary>
    public int? RetryIndex { get; init; }

    /// <summary>How long the retrier would wait; null if it would not.</summary>
    public TimeSpan? RetryBackoff { get; init; }

    /// <summary>The place of the catcher that took the error.</summary>
    public int? CatchIndex { get; init; }
}
