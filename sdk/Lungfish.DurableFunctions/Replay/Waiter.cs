namespace Lungfish.DurableFunctions;

/// <summary>One operation that cannot go on before something outside happens.</summary>
internal sealed class Waiter(string id, ContextScope scope)
{
    private readonly TaskCompletionSource<Operation> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _polls;

    public string Id => id;

    public ContextScope Scope => scope;

    public Task<Operation> Task => _source.Task;

    public CancellationTokenRegistration Registration { get; set; }

    /// <summary>When to ask the service, if the invocation is still busy then.</summary>
    public DateTimeOffset PollAt { get; private set; }

    public static bool CanGoOn(Operation operation) =>
        operation.IsTerminal || operation.Status == OperationStatuses.Ready;

    /// <summary>Plans the first look, at the time that the operation names, or soon.</summary>
    public void PlanPoll(Operation operation, DateTimeOffset now) =>
        PollAt = operation.WaitDetails?.ScheduledEndTimestamp
            ?? operation.StepDetails?.NextAttemptTimestamp
            ?? now.AddSeconds(1);

    /// <summary>It was looked at in vain: the service's clock lags, or the outside takes its time.</summary>
    public void PlanNextPoll(DateTimeOffset now) =>
        PollAt = now.AddSeconds(Math.Min(10, 0.25 * (1 << Math.Min(_polls++, 6))));

    public void GoOn(Operation operation) => _source.TrySetResult(operation);

    public void Cancel(CancellationToken cancellationToken) => _source.TrySetCanceled(cancellationToken);
}
