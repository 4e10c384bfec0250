namespace Lungfish.Durable.Deciding;

/// <summary>Which updates may follow on what: on those before them in a checkpoint, and on the operation as it is.
/// </summary>
internal static class UpdateRules
{
    /// <param name="seen">The updates before it in its checkpoint; grows.</param>
    public static Refusal? CheckOrder(Dictionary<string, OperationUpdate> seen, OperationUpdate update)
    {
        if (update.Type == OperationType.Execution || seen.TryAdd(update.Id, update))
        {
            return null; // SDKs choose any id for the update that ends the execution.
        }

        var first = seen[update.Id];
        seen[update.Id] = update; // A third one follows on this one, which is no START.
        return first.Action == OperationAction.Start
            && update.Type is OperationType.Step or OperationType.Context
            && update.Action != OperationAction.Start
                ? null
                : Refusal.Invalid(
                    $"{UpdateShape.Described(update)}: the checkpoint updates this operation already, with "
                    + $"{WireNames.Of(first.Action)}. Only the START of a STEP or a CONTEXT may be followed by the "
                    + "action that closes it.");
    }

    public static Refusal? CheckState(Turn turn, OperationUpdate update)
    {
        if (update.Type == OperationType.Execution)
        {
            return null;
        }

        var found = turn.Execution.Find(update.Id);
        if (found is null)
        {
            return CheckNew(turn, update);
        }

        if (Contradicts(found, update))
        {
            return Refusal.Invalid(NonDeterminism(found, update));
        }

        // A START that comes out of turn is most often that of another operation.
        var refusal = CheckStatus(turn, found, update);
        return refusal is not null && update.Action == OperationAction.Start && !IsSame(found, update)
            ? Refusal.Invalid(NonDeterminism(found, update))
            : refusal;
    }

    private static Refusal? CheckNew(Turn turn, OperationUpdate update)
    {
        if (update.Action == OperationAction.Cancel)
        {
            return Refusal.Invalid($"{UpdateShape.Described(update)}: there is no such operation.");
        }

        if (update.ParentId is { } parentId && turn.Execution.Find(parentId) is not { Type: OperationType.Context })
        {
            return Refusal.Invalid(
                $"{UpdateShape.Described(update)}: its ParentId {parentId} names no CONTEXT that has been started.");
        }

        if (WouldContainItself(turn.Execution, update))
        {
            return Refusal.Invalid($"{UpdateShape.Described(update)}: its ParentId {update.ParentId} lies within it.");
        }

        return turn.Execution.BySequence.Count >= turn.Limits.OperationsMax
            ? Refusal.Invalid(
                $"{UpdateShape.Described(update)}: the execution has {turn.Limits.OperationsMax} operations already, "
                + "which is the most that it may have.")
            : null;
    }

    /// <summary>A redrive forgets a context and keeps what has completed in it: code that changed meanwhile might use
    /// the context's id anew within one of those, for an operation of any type.</summary>
    private static bool WouldContainItself(DurableExecution execution, OperationUpdate update)
    {
        var parentId = update.ParentId;
        while (parentId is not null && parentId != update.Id)
        {
            parentId = execution.Find(parentId)?.ParentId;
        }

        return parentId is not null;
    }

    private static Refusal? CheckStatus(Turn turn, Operation found, OperationUpdate update)
    {
        var (isAllowed, expected) = update switch
        {
            { Type: OperationType.Step, Action: OperationAction.Start } =>
                (found.Status == OperationStatus.Ready, "new or READY"),
            { Action: OperationAction.Start } => (false, "new"),
            { Type: OperationType.Step } =>
                (found.Status is OperationStatus.Started or OperationStatus.Ready, "STARTED or READY"),
            { Action: OperationAction.Cancel } =>
                (found.Status == OperationStatus.Started || HasEndedUnseen(turn, found), "STARTED"),
            _ => (found.Status == OperationStatus.Started, "STARTED"),
        };
        return isAllowed
            ? null
            : Refusal.Invalid(
                $"{UpdateShape.Described(update)}: the operation must be {expected}; it is "
                + $"{WireNames.Of(found.Status)}.");
    }

    /// <summary>The function cannot know yet that the wait is over: cancelling it is no mistake.</summary>
    private static bool HasEndedUnseen(Turn turn, Operation wait) =>
        wait.Status == OperationStatus.Succeeded && turn.Execution.Unshown.Contains(wait.Sequence);

    /// <summary>What an update leaves out contradicts nothing.</summary>
    private static bool Contradicts(Operation found, OperationUpdate update) =>
        found.Type != update.Type
        || (update.SubType is { } subType && subType != found.SubType)
        || (update.Name is { } name && name != found.Name)
        || (update.ParentId is { } parentId && parentId != found.ParentId);

    private static bool IsSame(Operation found, OperationUpdate update) =>
        found.SubType == update.SubType && found.Name == update.Name && found.ParentId == update.ParentId;

    private static string NonDeterminism(Operation found, OperationUpdate update) =>
        $"Operation {found.Id} is another one than before: the execution knows it as "
        + $"{Side(found.Type, found.Name, found.SubType, found.ParentId)}, and the function now sends "
        + $"{Side(update.Type, update.Name, update.SubType, update.ParentId)}. The code is not deterministic: on every "
        + "replay it must come to the same operations in the same order, so that clocks, random values and anything "
        + "read from outside belong into steps, and code must not change under a running execution.";

    private static string Side(OperationType type, string? name, string? subType, string? parentId) =>
        $"[{WireNames.Of(type)}, Name {Shown(name)}, SubType {Shown(subType)}, ParentId {Shown(parentId)}]";

    private static string Shown(string? text) => text is null ? "(none)" : $"'{text}'";
}
