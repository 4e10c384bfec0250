using Core = Lungfish.Durable;

namespace Lungfish.DurableFunctions.Testing.Local;

/// <summary>The decider's events in the words of this package.</summary>
internal static class LocalHistory
{
    public static HistoryEvent ToPublic(Core.Journal.HistoryEvent happened)
    {
        var details = happened.Details;
        return new HistoryEvent
        {
            EventId = happened.EventId,
            EventType = happened.Type.ToString(), // Named as on the wire.
            Timestamp = happened.Timestamp,
            OperationId = happened.OperationId,
            Name = happened.Name,
            ParentId = happened.ParentId,
            SubType = happened.SubType,
            Payload = details.Payload ?? details.Target?.Input,
            Error = WireMapping.ToSdk(details.Error),
            CurrentAttempt = details.CurrentAttempt,
            NextAttemptDelay = Seconds(details.NextAttemptDelaySeconds),
            Duration = Seconds(details.Duration),
            ScheduledEndTimestamp = details.ScheduledEndAt,
            CallbackId = details.CallbackId,
            Timeout = Seconds(details.Timeout),
            HeartbeatTimeout = Seconds(details.HeartbeatTimeout),
            FunctionName = details.Target?.FunctionName,
            DurableExecutionArn = details.Target?.DurableExecutionArn,
            RequestId = details.Invocation?.RequestId,
            InvocationStartedAt = details.Invocation?.StartedAt,
            InvocationEndedAt = details.Invocation?.EndedAt,
        };
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is { } given ? TimeSpan.FromSeconds(given) : null;
}
