using System.Diagnostics;
using Lungfish.Journal;

namespace Lungfish.Durable.Journal;

/// <summary>Writes one fact; <see cref="FactDecoder"/> reads the same, member by member.</summary>
internal static class FactEncoder
{
    public static void Write(SegmentWriter writer, Fact fact)
    {
        switch (fact)
        {
            case HistoryEvent e:
                WriteEvent(writer, e);
                break;
            case InvocationStarted started:
                writer.WriteByte(FactKind.InvocationStarted);
                writer.WriteNumber(started.Number);
                writer.WriteString(started.RequestId);
                writer.WriteTime(started.At);
                break;
            case InvocationRetryScheduled retry:
                writer.WriteByte(FactKind.InvocationRetryScheduled);
                writer.WriteTime(retry.RetryAt);
                break;
            case CheckpointAccepted accepted:
                writer.WriteByte(FactKind.CheckpointAccepted);
                writer.WriteNumber(accepted.Token.Invocation);
                writer.WriteNumber(accepted.Token.Checkpoint);
                writer.WriteByte(accepted.ClientToken is null ? (byte)0 : (byte)1);
                writer.WriteString(accepted.ClientToken);
                writer.WriteTime(accepted.At);
                break;
            case RetryDelayEnded ended:
                writer.WriteByte(FactKind.RetryDelayEnded);
                writer.WriteNumber(ended.Sequence);
                break;
            case HeartbeatReceived heartbeat:
                writer.WriteByte(FactKind.HeartbeatReceived);
                writer.WriteNumber(heartbeat.Sequence);
                writer.WriteTime(heartbeat.At);
                break;
            case InvokeSent sent:
                writer.WriteByte(FactKind.InvokeSent);
                writer.WriteNumber(sent.Sequence);
                break;
            case OperationsReset reset:
                writer.WriteByte(FactKind.OperationsReset);
                writer.WriteNumber(reset.Sequences.Length);
                foreach (var sequence in reset.Sequences)
                {
                    writer.WriteNumber(sequence);
                }

                break;
            default:
                throw new UnreachableException($"No encoding for {fact.GetType().Name}.");
        }
    }

    private static void WriteEvent(SegmentWriter writer, HistoryEvent e)
    {
        var details = e.Details;
        writer.WriteByte((byte)e.Type);
        writer.WriteEventId(e.EventId);
        writer.WriteTime(e.Timestamp);
        writer.WriteNumber((long)PartsOf(e));
        writer.WriteString(e.OperationId);
        writer.WriteString(e.Name);
        writer.WriteString(e.ParentId);
        writer.WriteString(e.SubType);
        writer.WritePayload(details.Payload);
        WriteError(writer, details.Error);
        writer.WriteNumber(details.CurrentAttempt);
        writer.WriteNumber(details.NextAttemptDelaySeconds);
        writer.WriteNumber(details.Duration);
        if (details.ScheduledEndAt is { } end)
        {
            // Not as a time that others count from: it lies far from them, and they are close to each other.
            writer.WriteNumber(end.UtcTicks);
        }

        writer.WriteString(details.CallbackId);
        writer.WriteNumber(details.Timeout);
        writer.WriteNumber(details.HeartbeatTimeout);
        WriteTarget(writer, details.Target);
        WriteIdentity(writer, details.Identity);
        if (details.Invocation is { } invocation)
        {
            writer.WriteString(invocation.RequestId);
            writer.WriteTime(invocation.StartedAt);
            writer.WriteTime(invocation.EndedAt);
        }
    }

    private static void WriteError(SegmentWriter writer, ErrorObject? error)
    {
        if (error is null)
        {
            return;
        }

        var hasStackTrace = !error.StackTrace.IsDefault;
        writer.WriteByte((byte)(
            Part(error.ErrorType, ErrorParts.ErrorType)
            | Part(error.ErrorMessage, ErrorParts.ErrorMessage)
            | Part(error.ErrorData, ErrorParts.ErrorData)
            | (hasStackTrace ? ErrorParts.StackTrace : ErrorParts.None)));
        writer.WriteString(error.ErrorType);
        writer.WritePayload(error.ErrorMessage);
        writer.WritePayload(error.ErrorData);
        if (hasStackTrace)
        {
            writer.WriteNumber(error.StackTrace.Length);
            foreach (var frame in error.StackTrace)
            {
                writer.WriteString(frame);
            }
        }
    }

    private static void WriteTarget(SegmentWriter writer, ChainedTarget? target)
    {
        if (target is null)
        {
            return;
        }

        writer.WriteByte((byte)(
            Part(target.Input, TargetParts.Input)
            | Part(target.TenantId, TargetParts.TenantId)
            | Part(target.FunctionArn, TargetParts.FunctionArn)
            | Part(target.ExecutedVersion, TargetParts.ExecutedVersion)
            | Part(target.DurableExecutionArn, TargetParts.DurableExecutionArn)
            | (target.IsSent ? TargetParts.IsSent : TargetParts.None)));
        writer.WriteString(target.FunctionName);
        writer.WritePayload(target.Input);
        writer.WriteString(target.TenantId);
        writer.WriteString(target.FunctionArn);
        writer.WriteString(target.ExecutedVersion);
        writer.WriteString(target.DurableExecutionArn);
    }

    private static void WriteIdentity(SegmentWriter writer, DurableIdentity? identity)
    {
        if (identity is null)
        {
            return;
        }

        writer.WriteString(identity.Arn);
        writer.WriteString(identity.Name);
        writer.WriteString(identity.Id);
        writer.WriteString(identity.FunctionArn);
        writer.WriteString(identity.Version);
        writer.WriteNumber(identity.ExecutionTimeoutSeconds);
        writer.WriteNumber(identity.RetentionDays);
        writer.WriteByte(identity.ParentArn is null ? (byte)0 : (byte)1);
        writer.WriteString(identity.ParentArn);
    }

    private static EventParts PartsOf(HistoryEvent e) =>
        Part(e.OperationId, EventParts.OperationId)
        | Part(e.Name, EventParts.Name)
        | Part(e.ParentId, EventParts.ParentId)
        | Part(e.SubType, EventParts.SubType)
        | Part(e.Details.Payload, EventParts.Payload)
        | Part(e.Details.Error, EventParts.Error)
        | (e.Details.ReplayChildren ? EventParts.ReplayChildren : EventParts.None)
        | Part(e.Details.CurrentAttempt, EventParts.CurrentAttempt)
        | Part(e.Details.NextAttemptDelaySeconds, EventParts.NextAttemptDelaySeconds)
        | Part(e.Details.Duration, EventParts.Duration)
        | Part(e.Details.ScheduledEndAt, EventParts.ScheduledEndAt)
        | Part(e.Details.CallbackId, EventParts.CallbackId)
        | Part(e.Details.Timeout, EventParts.Timeout)
        | Part(e.Details.HeartbeatTimeout, EventParts.HeartbeatTimeout)
        | Part(e.Details.Target, EventParts.Target)
        | Part(e.Details.Identity, EventParts.Identity)
        | Part(e.Details.Invocation, EventParts.Invocation);

    private static T Part<T>(object? member, T part)
        where T : struct, Enum => member is null ? default : part;
}
