using Lungfish.Json;

namespace Lungfish.Cli.Client;

/// <summary>One event of a history, in the members of the Step Functions API.</summary>
internal sealed record HistoryEvent(JsonObject Json)
{
    public long Id => Json.Whole("id") ?? 0;

    public long PreviousId => Json.Whole("previousEventId") ?? 0;

    public string Type => Json.Required("type");

    public DateTimeOffset At => Json.Time("timestamp") ?? default;

    /// <summary>The member that ends in EventDetails; empty for the types that have none.</summary>
    public JsonObject Details
    {
        get
        {
            foreach (var (name, value) in Json)
            {
                if (name.EndsWith("EventDetails", StringComparison.Ordinal) && value is JsonObject details)
                {
                    return details;
                }
            }

            return JsonObject.Empty;
        }
    }
}
