using System.Text.Json;

namespace Lungfish.States.Journal;

/// <summary>A fact that GetExecutionHistory shows.</summary>
public sealed record HistoryEvent : Fact
{
    /// <summary>1 for the first event of an execution, then without gaps.</summary>
    public required long Id { get; init; }

    public required long PreviousEventId { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Writes the event as GetExecutionHistory answers it.</summary>
    /// <param name="includeData">False leaves out inputs, outputs and causes, as <c>includeExecutionData=false</c> does.</param>
    public void WriteTo(Utf8JsonWriter writer, bool includeData) => throw new NotSupportedException();
}
