namespace Lungfish.DurableFunctions.Testing;

/// <summary>Makes operations and invocations of a history; so a run in process and one on a server are inspected in
/// the same way.</summary>
internal static class HistoryFold
{
    private static readonly Dictionary<string, string> s_typeOf = new(StringComparer.Ordinal)
    {
        ["Context"] = OperationTypes.Context,
        ["Wait"] = OperationTypes.Wait,
        ["Step"] = OperationTypes.Step,
        ["Callback"] = OperationTypes.Callback,
        ["ChainedInvoke"] = OperationTypes.ChainedInvoke,
    };

    public static IReadOnlyList<TestOperation> Operations(
        IReadOnlyList<HistoryEvent> events, ICheckpointSerializer serializer, string executionArn)
    {
        var byId = new Dictionary<string, TestOperation>(StringComparer.Ordinal);
        var inOrder = new List<TestOperation>();
        foreach (var happened in events)
        {
            if (happened.OperationId is not { } id || TypeOf(happened) is not { } type)
            {
                continue; // Of the execution, or of an invocation.
            }

            if (!byId.TryGetValue(id, out var operation))
            {
                operation = new TestOperation(happened, type, serializer, executionArn);
                byId.Add(id, operation);
                inOrder.Add(operation);
                if (operation.ParentId is { } parent && byId.TryGetValue(parent, out var context))
                {
                    context.AddChild(operation);
                }
            }

            operation.Take(happened);
        }

        return inOrder;
    }

    public static IReadOnlyList<TestInvocation> Invocations(IReadOnlyList<HistoryEvent> events) =>
    [
        .. events
            .Where(happened => happened.EventType == HistoryEventTypes.InvocationCompleted)
            .Select(happened => new TestInvocation(
                happened.RequestId ?? "",
                happened.InvocationStartedAt ?? happened.Timestamp,
                happened.InvocationEndedAt ?? happened.Timestamp,
                happened.Error)),
    ];

    /// <summary>The status of the execution, its result and its error after that history.</summary>
    public static (ExecutionStatus Status, string? Result, ErrorObject? Error) Outcome(
        IReadOnlyList<HistoryEvent> events)
    {
        for (var i = events.Count - 1; i >= 0; i--)
        {
            switch (events[i].EventType)
            {
                case HistoryEventTypes.ExecutionSucceeded:
                    return (ExecutionStatus.Succeeded, events[i].Payload, null);
                case HistoryEventTypes.ExecutionFailed:
                    return (ExecutionStatus.Failed, null, events[i].Error);
                case HistoryEventTypes.ExecutionTimedOut:
                    return (ExecutionStatus.TimedOut, null, events[i].Error);
                case HistoryEventTypes.ExecutionStopped:
                    return (ExecutionStatus.Stopped, null, events[i].Error);
                case HistoryEventTypes.ExecutionRedriven:
                    return (ExecutionStatus.Running, null, null);
                default:
                    break;
            }
        }

        return (ExecutionStatus.Running, null, null);
    }

    public static bool IsStart(HistoryEvent happened) =>
        happened.EventType.EndsWith("Started", StringComparison.Ordinal);

    /// <summary>The status of an operation once this has happened to it.</summary>
    public static string StatusAfter(HistoryEvent happened) => happened switch
    {
        { NextAttemptDelay: not null } => OperationStatuses.Pending,
        _ when IsStart(happened) => OperationStatuses.Started,
        _ when happened.EventType.EndsWith("Succeeded", StringComparison.Ordinal) => OperationStatuses.Succeeded,
        _ when happened.EventType.EndsWith("Cancelled", StringComparison.Ordinal) => OperationStatuses.Cancelled,
        _ when happened.EventType.EndsWith("TimedOut", StringComparison.Ordinal) => OperationStatuses.TimedOut,
        _ when happened.EventType.EndsWith("Stopped", StringComparison.Ordinal) => OperationStatuses.Stopped,
        _ => OperationStatuses.Failed,
    };

    private static string? TypeOf(HistoryEvent happened)
    {
        foreach (var (prefix, type) in s_typeOf)
        {
            if (happened.EventType.StartsWith(prefix, StringComparison.Ordinal))
            {
                return type;
            }
        }

        return null;
    }
}
