using System.Globalization;
using Lungfish.Engine.Tasks;
using Lungfish.Json;

namespace Lungfish.Integrations.Messaging;

/// <summary>What a task that sends a message comes to.</summary>
internal static class MessageOutcome
{
    /// <param name="members">Those of the answer, in the order of their names, all before <c>Sdk</c>.</param>
    /// <param name="sequenceNumber">Of FIFO queues and topics.</param>
    public static TaskOutcome Of(
        TaskAssignment assignment,
        ServiceAnswer answer,
        string requestId,
        string contentType,
        DateTimeOffset now,
        IEnumerable<(string Name, string Value)> members,
        string? sequenceNumber)
    {
        var output = new JsonObject.Builder();
        foreach (var (name, value) in members)
        {
            output.Set(name, value);
        }

        SdkMetadata.Set(
            output,
            requestId,
            answer.Status,
            ("x-amzn-RequestId", requestId),
            ("connection", "keep-alive"),
            ("Content-Length", answer.Body.Length.ToString(CultureInfo.InvariantCulture)),
            ("Date", answer.Header("Date") ?? now.ToString("R", CultureInfo.InvariantCulture)),
            ("Content-Type", contentType));
        if (sequenceNumber is not null)
        {
            output.Set("SequenceNumber", sequenceNumber);
        }

        var built = output.Build();
        return assignment.Task.AnsweredByToken ? new TaskHandedOver(built) : new TaskCompleted(built);
    }

    /// <param name="service">As the causes of AWS spell it: <c>AmazonSQS</c>.</param>
    public static TaskFaulted Refused(
        string error, string service, ServiceAnswer answer, string code, string message, string requestId) => new(
            error,
            string.Create(
                CultureInfo.InvariantCulture, $"{message} (Service: {service}; Status Code: {answer.Status}; ")
            + $"Error Code: {code}; Request ID: {requestId}; Proxy: null)");

    public static TaskFaulted Unreachable(string prefix, ServiceUnreachableException e) =>
        new($"{prefix}.SdkClientException", $"Unable to execute HTTP request: {e.Message}");

    /// <summary>A text as it is, anything else as its JSON text; null if there is nothing.</summary>
    public static string? TextOf(JsonValue? value) => value switch
    {
        null or JsonNull => null,
        JsonString text => text.Value,
        _ => value.ToText(),
    };
}
