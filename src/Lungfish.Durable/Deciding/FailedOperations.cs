using System.Collections.Immutable;

namespace Lungfish.Durable.Deciding;

/// <summary>Finds the operations that made an execution fail.</summary>
/// <remarks>A failure after which the code began something else in the same context was caught there. It must stay:
/// everything after it has been decided on, and would be taken for something else if it went otherwise now. Only in
/// Parallel and Map contexts what begins later says nothing, because their branches do not know each other.</remarks>
internal sealed class FailedOperations
{
    private const string TopLevel = ""; // No operation has this id.

    private readonly DurableExecution _execution;

    /// <summary>When the last operation in a context began, as a change.</summary>
    private readonly Dictionary<string, long> _lastBegan = new(StringComparer.Ordinal);

    private FailedOperations(DurableExecution execution)
    {
        _execution = execution;
        foreach (var operation in execution.BySequence.Values)
        {
            _lastBegan[operation.ParentId ?? TopLevel] = operation.Began; // In the order of creation.
        }
    }

    /// <summary>The operation that failed last, the contexts around it that have ended, and whatever else failed in the
    /// outermost of them.</summary>
    /// <returns>Empty if the code failed outside of operations.</returns>
    public static ImmutableArray<int> FindToReset(DurableExecution execution)
    {
        var failed = new FailedOperations(execution);
        return failed.FindCause() is { } cause ? failed.ToReset(cause) : [];
    }

    private ImmutableArray<int> ToReset(Operation cause)
    {
        var reset = new SortedSet<int>();
        var outermost = cause;
        foreach (var operation in WithAncestors(cause).Where(operation => !operation.IsOpen))
        {
            _ = reset.Add(operation.Sequence);
            outermost = operation;
        }

        foreach (var operation in _execution.BySequence.Values.Where(HasFailed))
        {
            if (FailedWithin(outermost, operation, reset))
            {
                _ = reset.Add(operation.Sequence);
            }
        }

        // The new callback will have a new id, and whoever is to complete it must be told: all inside is done again.
        var contexts = reset
            .Select(sequence => _execution.BySequence[sequence])
            .Where(operation => operation.SubType == SubTypes.WaitForCallback)
            .Select(operation => operation.Id)
            .ToHashSet(StringComparer.Ordinal);
        reset.UnionWith(_execution.BySequence.Values
            .Where(operation => operation.ParentId is { } parentId && contexts.Contains(parentId))
            .Select(operation => operation.Sequence));
        return [.. reset];
    }

    /// <summary>The last one to fail for a reason of its own, so that nothing around it has caught that: not the
    /// contexts that failed because of it.</summary>
    private Operation? FindCause()
    {
        var uncaught = _execution.BySequence.Values
            .Where(operation => HasFailed(operation) && !WithAncestors(operation).Any(IsLeftBehind))
            .ToList();
        var causedByOthers = uncaught.Select(operation => operation.ParentId).ToHashSet(StringComparer.Ordinal);
        return uncaught
            .Where(operation => !causedByOthers.Contains(operation.Id))
            .MaxBy(operation => operation.Change);
    }

    /// <summary>It failed within the outermost context, and nothing between them has caught that or keeps a result that
    /// it is part of.</summary>
    private bool FailedWithin(Operation outermost, Operation operation, SortedSet<int> reset)
    {
        foreach (var around in WithAncestors(operation))
        {
            if (around.Sequence == outermost.Sequence)
            {
                return true;
            }

            var keepsResult = around.Status == OperationStatus.Succeeded && !reset.Contains(around.Sequence);
            if (keepsResult || IsLeftBehind(around))
            {
                return false;
            }
        }

        return false;
    }

    private bool IsLeftBehind(Operation operation) =>
        !operation.IsOpen
        && FindParent(operation) is not { SubType: SubTypes.Parallel or SubTypes.Map }
        && _lastBegan[operation.ParentId ?? TopLevel] > operation.Change;

    private IEnumerable<Operation> WithAncestors(Operation operation)
    {
        for (var next = operation; next is not null; next = FindParent(next))
        {
            yield return next;
        }
    }

    private Operation? FindParent(Operation operation) =>
        operation.ParentId is { } parentId ? _execution.Find(parentId) : null;

    private static bool HasFailed(Operation operation) =>
        operation.Status is OperationStatus.Failed or OperationStatus.TimedOut or OperationStatus.Stopped;
}
