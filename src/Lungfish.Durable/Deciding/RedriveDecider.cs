using System.Collections.Immutable;
using Lungfish.Durable.Journal;

namespace Lungfish.Durable.Deciding;

/// <summary>Our extension: a failed, timed-out or stopped execution goes on from what failed.</summary>
/// <remarks>An operation is reset by forgetting it: the replay finds none and does it again, and the contexts around it
/// too. What has completed stays, and so is not done twice.</remarks>
internal static class RedriveDecider
{
    /// <summary>The context in which SDKs create a callback and tell somebody of it.</summary>
    private const string WaitForCallback = "WaitForCallback";

    public static Refusal? WhenRedriven(Turn turn)
    {
        var execution = turn.Execution;
        if (execution.Status is DurableStatus.Running or DurableStatus.Succeeded)
        {
            return new Refusal(
                RefusalCodes.ResourceConflict,
                "Only an execution that has failed, timed out or was stopped can be redriven; this one is "
                + $"{WireNames.Of(execution.Status)}.");
        }

        turn.EmitOfExecution(HistoryEventType.ExecutionRedriven, EventDetails.None);
        if (FindToReset(execution) is { IsEmpty: false } reset)
        {
            turn.Record(new OperationsReset(reset));
        }

        // The end withdrew and abandoned them; those that are still open count again.
        foreach (var callback in turn.Execution.OpenCallbacks)
        {
            turn.Want(new OfferCallback(callback));
        }

        foreach (var invoke in turn.Execution.SentInvokes)
        {
            turn.Want(new SendInvoke(invoke));
        }

        InvocationDecider.Invoke(turn);
        return null;
    }

    /// <summary>The operation that failed last, the contexts around it that have ended, and whatever else failed in the
    /// outermost of them. Failures elsewhere were caught: the code has left them behind.</summary>
    private static ImmutableArray<int> FindToReset(DurableExecution execution)
    {
        var reset = new SortedSet<int>();
        if (FindLastFailed(execution) is not { } failed)
        {
            return []; // The code failed outside of operations, or was out of time: it is just run again.
        }

        var outermost = failed;
        for (var next = failed; next is not null; next = FindParent(execution, next))
        {
            if (!next.IsOpen)
            {
                _ = reset.Add(next.Sequence);
                outermost = next;
            }
        }

        foreach (var operation in execution.Operations)
        {
            if (IsToReset(execution, operation, outermost, reset))
            {
                _ = reset.Add(operation.Sequence);
            }
        }

        foreach (var context in reset.Select(sequence => execution.BySequence[sequence])
            .Where(operation => operation is { Type: OperationType.Context, SubType: WaitForCallback }).ToArray())
        {
            // The new callback has a new id, and whoever is to complete it must be told: all inside is done again.
            reset.UnionWith(execution.Operations
                .Where(operation => operation.ParentId == context.Id)
                .Select(operation => operation.Sequence));
        }

        return [.. reset];
    }

    /// <summary>The last one to fail for a reason of its own: not the contexts that failed because of it.</summary>
    private static Operation? FindLastFailed(DurableExecution execution)
    {
        var causedByOthers = execution.Operations
            .Where(HasFailed)
            .Select(operation => operation.ParentId)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        return execution.Operations
            .Where(operation => HasFailed(operation) && !causedByOthers.Contains(operation.Id))
            .MaxBy(operation => operation.Change);
    }

    /// <summary>It failed within the outermost context, and no context in between keeps a result that it is part
    /// of.</summary>
    private static bool IsToReset(
        DurableExecution execution, Operation operation, Operation outermost, SortedSet<int> reset)
    {
        if (!HasFailed(operation))
        {
            return false;
        }

        for (var parent = FindParent(execution, operation); parent is not null; parent = FindParent(execution, parent))
        {
            if (parent.Sequence == outermost.Sequence)
            {
                return true;
            }

            if (parent.Status == OperationStatus.Succeeded && !reset.Contains(parent.Sequence))
            {
                return false;
            }
        }

        return false;
    }

    private static Operation? FindParent(DurableExecution execution, Operation operation) =>
        operation.ParentId is { } parentId ? execution.Find(parentId) : null;

    private static bool HasFailed(Operation operation) => operation is
    {
        Type: not OperationType.Execution,
        Status: OperationStatus.Failed or OperationStatus.TimedOut or OperationStatus.Stopped,
    };
}
