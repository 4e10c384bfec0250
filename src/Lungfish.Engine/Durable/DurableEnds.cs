using System.Diagnostics;
using System.Text;
using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Timing;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.Durable;

/// <summary>How durable executions end, in the words of the store: its output is the result, or the error object of
/// one that did not succeed.</summary>
internal static class DurableEnds
{
    private static readonly Active ActiveRest = new();

    public static Closed ToStored(DurableExecution execution)
    {
        var endedAt = execution.EndedAt ?? throw new UnreachableException("An execution has ended at no time.");
        var retention = TimeSpan.FromDays(execution.Identity?.RetentionDays ?? 0);
        var output = execution.Status == DurableStatus.Succeeded ? execution.Result : Write(execution.Error);
        return new Closed(
            ToStored(execution.Status),
            endedAt,
            // Spelled out: a null array would convert to an empty output.
            output is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(output),
            execution.Error?.ErrorType,
            execution.Error?.ErrorMessage)
        {
            RemoveAt = endedAt + retention,
        };
    }

    /// <summary>How an open execution rests between turns.</summary>
    /// <param name="execution">The execution.</param>
    /// <param name="stored">How it rests by its row. One that was woken by its time stays parked there while its
    /// invocation runs: it is overdue, so a restart finds it, and mostly the invocation changes the row soon.</param>
    public static Resting RestOf(DurableExecution execution, Resting? stored) => execution switch
    {
        { Running: { } running } => stored is Parked { WakeAt: { } at } && at <= running.StartedAt
            ? stored
            : ActiveRest,
        _ when execution.SentInvokes.Any() => ActiveRest,
        { NextDueAt: { } due } => new Parked(DateTimeOffset.FromUnixTimeMilliseconds(DueTimes.ToMs(due))),
        _ => new Parked(null),
    };

    public static ExecutionStatus ToStored(DurableStatus status) => status switch
    {
        DurableStatus.Running => ExecutionStatus.Running,
        DurableStatus.Succeeded => ExecutionStatus.Succeeded,
        DurableStatus.Failed => ExecutionStatus.Failed,
        DurableStatus.TimedOut => ExecutionStatus.TimedOut,
        DurableStatus.Stopped => ExecutionStatus.Aborted,
        _ => throw new UnreachableException($"No execution is {status}."),
    };

    public static DurableStatus FromStored(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Running => DurableStatus.Running,
        ExecutionStatus.Succeeded => DurableStatus.Succeeded,
        ExecutionStatus.Failed => DurableStatus.Failed,
        ExecutionStatus.TimedOut => DurableStatus.TimedOut,
        ExecutionStatus.Aborted => DurableStatus.Stopped,
        _ => throw new UnreachableException($"No durable execution is {status}."),
    };

    public static string? ResultOf(ExecutionHeader header) =>
        header is { Status: ExecutionStatus.Succeeded, Output: { } output }
            ? Encoding.UTF8.GetString(output.Span)
            : null;

    public static ErrorObject? ErrorOf(ExecutionHeader header) =>
        header is { Status: not ExecutionStatus.Succeeded, Output: { } output } ? Read(output) : null;

    private static string? Write(ErrorObject? error)
    {
        if (error is null)
        {
            return null;
        }

        var members = new List<(string, JsonValue)>();
        Add("ErrorType", error.ErrorType);
        Add("ErrorMessage", error.ErrorMessage);
        Add("ErrorData", error.ErrorData);
        if (!error.StackTrace.IsDefault)
        {
            members.Add(("StackTrace", JsonArray.Of([.. error.StackTrace.Select(line => (JsonValue)line)])));
        }

        return JsonObject.Of([.. members]).ToText();

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                members.Add((name, value));
            }
        }
    }

    private static ErrorObject Read(ReadOnlyMemory<byte> text)
    {
        var json = (JsonObject)JsonValue.Parse(text.Span);
        return new ErrorObject
        {
            ErrorType = (json["ErrorType"] as JsonString)?.Value,
            ErrorMessage = (json["ErrorMessage"] as JsonString)?.Value,
            ErrorData = (json["ErrorData"] as JsonString)?.Value,
            StackTrace = json["StackTrace"] is JsonArray lines
                ? [.. lines.Select(line => ((JsonString)line).Value)]
                : default,
        };
    }
}
