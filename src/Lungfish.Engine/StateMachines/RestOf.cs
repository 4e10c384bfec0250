using System.Collections.Immutable;
using System.Diagnostics;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Timing;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.StateMachines;

/// <summary>How an execution rests between turns: what recovery does with it.</summary>
internal static class RestOf
{
    private static readonly Active ActiveRest = new();

    public static Resting Execution(Execution execution, long nextDueMs)
    {
        if (execution.Status != ExecutionStatus.Running)
        {
            return new Closed(
                execution.Status,
                execution.StoppedAt ?? throw new UnreachableException("An execution has ended at no time."),
                // Spelled out: a null array would convert to an empty output.
                execution.Output is { } output ? output.ToUtf8() : default(ReadOnlyMemory<byte>?),
                execution.Error,
                execution.Cause);
        }

        var inFlight = execution.HasMoreToDo || execution.HasOpenMapRuns;
        foreach (var (_, task) in execution.PendingTasks)
        {
            inFlight = inFlight || task.IsToHandOut;
        }

        return inFlight
            ? ActiveRest
            : new Parked(nextDueMs == WakeIndex.Never ? null : DateTimeOffset.FromUnixTimeMilliseconds(nextDueMs));
    }

    public static long NextDueMs(ImmutableDictionary<TimerId, DateTimeOffset> timers)
    {
        var next = WakeIndex.Never;
        foreach (var (_, due) in timers)
        {
            next = Math.Min(next, DueTimes.ToMs(due));
        }

        return next;
    }
}
