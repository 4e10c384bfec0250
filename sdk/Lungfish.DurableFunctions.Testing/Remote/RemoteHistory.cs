using System.Text.Json;

namespace Lungfish.DurableFunctions.Testing.Remote;

/// <summary>Reads the answers of GetDurableExecutionHistory.</summary>
internal static class RemoteHistory
{
    /// <summary>One page: its events, and where the next page begins, or null.</summary>
    public static (IReadOnlyList<HistoryEvent> Events, string? NextMarker) ReadPage(JsonElement page) => (
        [.. page.GetProperty("Events").EnumerateArray().Select(ReadEvent)],
        Text(page, "NextMarker") is { Length: > 0 } marker ? marker : null);

    private static HistoryEvent ReadEvent(JsonElement element)
    {
        var type = Text(element, "EventType") ?? "";
        var details = Member(element, $"{type}Details");
        var retry = Member(details, "RetryDetails");
        return new HistoryEvent
        {
            EventId = element.GetProperty("EventId").GetInt64(),
            EventType = type,
            Timestamp = Moment(element, "EventTimestamp") ?? default,
            OperationId = Text(element, "Id"),
            Name = Text(element, "Name"),
            ParentId = Text(element, "ParentId"),
            SubType = Text(element, "SubType"),
            Payload = Text(Member(details, "Result"), "Payload") ?? Text(Member(details, "Input"), "Payload"),
            Error = ReadError(Member(Member(details, "Error"), "Payload")),
            CurrentAttempt = Number(retry, "CurrentAttempt"),
            NextAttemptDelay = Seconds(retry, "NextAttemptDelaySeconds"),
            Duration = Seconds(details, "Duration"),
            ScheduledEndTimestamp = Moment(details, "ScheduledEndTimestamp"),
            CallbackId = Text(details, "CallbackId"),
            Timeout = Seconds(details, "Timeout"),
            HeartbeatTimeout = Seconds(details, "HeartbeatTimeout"),
            FunctionName = Text(details, "FunctionName"),
            DurableExecutionArn = Text(details, "DurableExecutionArn"),
            RequestId = Text(details, "RequestId"),
            InvocationStartedAt = Moment(details, "StartTimestamp"),
            InvocationEndedAt = Moment(details, "EndTimestamp"),
        };
    }

    private static ErrorObject? ReadError(JsonElement? element) => element is { ValueKind: JsonValueKind.Object } error
        ? new ErrorObject
        {
            ErrorType = Text(error, "ErrorType"),
            ErrorMessage = Text(error, "ErrorMessage"),
            ErrorData = Text(error, "ErrorData"),
            StackTrace = Member(error, "StackTrace") is { ValueKind: JsonValueKind.Array } lines
                ? [.. lines.EnumerateArray().Select(line => line.GetString() ?? "")]
                : null,
        }
        : null;

    private static JsonElement? Member(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var member)
            ? member
            : null;

    private static string? Text(JsonElement? parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static int? Number(JsonElement? parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : null;

    private static TimeSpan? Seconds(JsonElement? parent, string name) =>
        Number(parent, name) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    // Epoch seconds with a fraction; whole milliseconds are what the service keeps.
    private static DateTimeOffset? Moment(JsonElement? parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Number } seconds
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)decimal.Round(seconds.GetDecimal() * 1000))
            : null;
}
