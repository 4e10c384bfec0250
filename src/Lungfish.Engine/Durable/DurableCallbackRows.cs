using System.Collections.Immutable;
using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Durable;

/// <summary>Keeps the rows of an execution's callbacks in step with those that wait for an answer.</summary>
internal sealed class DurableCallbackRows
{
    public const string Kind = "durable-callback";

    // Sequences of callbacks with a row in the store or in a sealed delta.
    private ImmutableSortedSet<int> _rows = [];

    public static DurableCallbackRows? FromStore(DurableExecution execution)
    {
        var open = OpenOf(execution).Select(callback => callback.Sequence).ToImmutableSortedSet();
        return open.IsEmpty ? null : new DurableCallbackRows { _rows = open };
    }

    /// <summary>The delta with the rows that come and go since the last one was sealed.</summary>
    public ExecutionDelta Seal(ExecutionDelta delta, DurableResident resident)
    {
        var open = OpenOf(resident.Execution).ToDictionary(callback => callback.Sequence);
        foreach (var callback in open.Values.Where(callback => !_rows.Contains(callback.Sequence)))
        {
            delta = delta with { CallbacksAdded = delta.CallbacksAdded.Add(Row(resident, callback)) };
        }

        foreach (var sequence in _rows.Where(sequence => !open.ContainsKey(sequence)))
        {
            var left = delta.CallbacksAdded.RemoveAll(added => added.TaskId == sequence);
            delta = left.Length < delta.CallbacksAdded.Length
                ? delta with { CallbacksAdded = left } // Came and went within this delta.
                : delta with { CallbacksRemoved = delta.CallbacksRemoved.Add(sequence) };
        }

        _rows = [.. open.Keys];
        return delta;
    }

    // Those of a closed execution stay open in its history, and nobody waits for them.
    public static IEnumerable<Operation> OpenOf(DurableExecution execution) =>
        execution.Status == DurableStatus.Running ? execution.OpenCallbacks : [];

    private static StoredCallback Row(DurableResident resident, Operation callback)
    {
        var timeout = callback.Callback?.TimeoutAt;
        var heartbeat = callback.Callback?.HeartbeatAt;
        return new StoredCallback(
            resident.Id,
            callback.Sequence,
            resident.Key,
            callback.Name ?? callback.Id,
            Kind,
            callback.Id,
            callback.StartedAt,
            timeout is null || heartbeat < timeout ? heartbeat : timeout);
    }
}
