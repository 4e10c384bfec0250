using Lungfish.Cli.Client;

namespace Lungfish.Cli.Rendering;

/// <summary>Operations of a durable execution: from its history as it happens, or as they are now.</summary>
internal sealed class OperationTimeline : ITimeline
{
    private const int NoteLengthMax = 60;
    private const int TroubleLengthMax = 200; // It has a line for itself.

    private readonly Dictionary<string, StateVisit> _visits = new(StringComparer.Ordinal);
    private readonly List<StateVisit> _roots = [];

    public IReadOnlyList<StateVisit> Roots => _roots;

    public string? Trouble { get; private set; }

    /// <param name="operations">As they are listed, parents first.</param>
    /// <param name="now">What the time left is counted from.</param>
    /// <param name="executionEndedAt">What is open then stays so.</param>
    public static OperationTimeline Of(
        IEnumerable<DurableOperation> operations, DateTimeOffset now, DateTimeOffset? executionEndedAt)
    {
        var timeline = new OperationTimeline();
        foreach (var operation in operations.Where(o => o.Type != "EXECUTION"))
        {
            timeline.Add(operation, now);
        }

        if (executionEndedAt is { } endedAt)
        {
            timeline.LeaveOpen(endedAt);
        }

        return timeline;
    }

    /// <returns>The visit that the event began or changed; null for events of the execution and of
    /// invocations.</returns>
    public StateVisit? Add(DurableEvent added)
    {
        if (added.IsInvocationEnd)
        {
            Trouble = added.Error is null ? null : $"an invocation failed, {Short(added.Error, TroubleLengthMax)}";
        }

        if (added.Type.StartsWith("Execution", StringComparison.Ordinal))
        {
            if (added.Type is not ("ExecutionStarted" or "ExecutionRedriven"))
            {
                Trouble = null;
                LeaveOpen(added.At);
            }

            return null;
        }

        if (added.OperationId is not { } id)
        {
            return null;
        }

        if (!_visits.TryGetValue(id, out var visit))
        {
            visit = Attach(id, added.Name, added.SubType ?? KindOf(added.Type), added.At, added.ParentId);
        }

        Fold(visit, added);
        return visit;
    }

    /// <summary>The execution has ended: nothing waits or runs any more. A redrive may begin it again.</summary>
    private void LeaveOpen(DateTimeOffset endedAt)
    {
        foreach (var visit in _visits.Values.Where(visit => visit.EndedAt is null))
        {
            visit.Status = VisitStatus.Aborted;
            visit.EndedAt = endedAt;
        }
    }

    private static void Fold(StateVisit visit, DurableEvent added)
    {
        visit.EndedAt = null; // A redriven operation goes on.
        switch (added.Type)
        {
            case "StepStarted":
                visit.Attempts++;
                visit.Status = VisitStatus.Running;
                break;
            case "WaitStarted":
                visit.Status = VisitStatus.Waiting;
                visit.WaitsFor = added.Details.Time("ScheduledEndTimestamp") is { } until
                    ? $"until {Output.Exact(until)}" : "waits";
                break;
            case "CallbackStarted":
                visit.Status = VisitStatus.Waiting;
                visit.WaitsFor = "waits for a callback";
                break;
            case "ChainedInvokeStarted":
                visit.Status = VisitStatus.Waiting;
                visit.WaitsFor = $"waits for {added.Details.Text("FunctionName")}";
                visit.Note = Link(added.Details.Text("DurableExecutionArn"));
                break;
            case "ContextStarted":
                visit.Status = VisitStatus.Running;
                break;
            case "StepSucceeded" or "StepFailed"
                when added.RetryDetails.Whole("NextAttemptDelaySeconds") is { } seconds:
                visit.Status = VisitStatus.Waiting;
                visit.Error = added.Error?.Type;
                visit.WaitsFor = added.Type == "StepFailed"
                    ? $"tried again in {seconds} s after {Short(added.Error)}"
                    : $"looks again in {seconds} s";
                break;
            case "WaitCancelled":
                End(visit, VisitStatus.Aborted, added.At, null);
                break;
            case var type when type.EndsWith("Succeeded", StringComparison.Ordinal):
                End(visit, VisitStatus.Succeeded, added.At, null);
                break;
            default:
                End(visit, VisitStatus.Failed, added.At, added.Error);
                break;
        }
    }

    private static void End(StateVisit visit, VisitStatus status, DateTimeOffset at, DurableError? error)
    {
        visit.Status = status;
        visit.EndedAt = at;
        visit.Error = status == VisitStatus.Failed ? Short(error) : visit.Error;
    }

    private void Add(DurableOperation operation, DateTimeOffset now)
    {
        var visit = Attach(
            operation.Id,
            operation.Name.Length == 0 ? null : operation.Name,
            operation.SubType ?? KindOf(operation.Type),
            operation.StartedAt,
            operation.ParentId);
        visit.EndedAt = operation.EndedAt;
        visit.Attempts = (int)operation.Attempt + (operation is { Type: "STEP", EndedAt: null } ? 1 : 0);
        visit.Error = operation.Error is { } error ? Short(error) : null;
        visit.Status = operation.Status switch
        {
            "SUCCEEDED" => VisitStatus.Succeeded,
            "FAILED" or "TIMED_OUT" or "STOPPED" => VisitStatus.Failed,
            "CANCELLED" => VisitStatus.Aborted,
            "PENDING" => VisitStatus.Waiting,
            "STARTED" when operation.Type is not ("STEP" or "CONTEXT") => VisitStatus.Waiting,
            _ => VisitStatus.Running,
        };
        visit.WaitsFor = operation switch
        {
            { Type: "WAIT", ScheduledEndAt: { } until } => $"{Durations.Text(until - now)} to go",
            { Type: "STEP", NextAttemptAt: { } next } => $"tried again in {Durations.Text(next - now)}",
            { Type: "CALLBACK", TimeoutAt: { } until } => $"waits for a callback, {Durations.Text(until - now)} left",
            { Type: "CALLBACK" } => "waits for a callback",
            { Type: "CHAINED_INVOKE", FunctionName: { } function } => $"waits for {function}",
            _ => null,
        };
        visit.Note = Link(operation.ChildArn)
            ?? (operation.Result is { } result ? OneLine.Of(result, NoteLengthMax) : null);
    }

    private StateVisit Attach(string id, string? name, string kind, DateTimeOffset at, string? parentId)
    {
        var parent = parentId is null ? null : _visits.GetValueOrDefault(parentId);
        var visit = new StateVisit(name ?? kind, kind, at, parent);
        (parent?.Children ?? _roots).Add(visit);
        _visits[id] = visit;
        return visit;
    }

    /// <summary>StepStarted and STEP are both of kind Step.</summary>
    private static string KindOf(string type) => type switch
    {
        "CHAINED_INVOKE" => "ChainedInvoke",
        _ when type.All(char.IsAsciiLetterUpper) => $"{type[0]}{type[1..].ToLowerInvariant()}",
        _ => type.Replace("Started", "", StringComparison.Ordinal),
    };

    public static string? Link(string? executionArn) => executionArn is null
        ? null
        : $"-> {DurableArns.NameOf(executionArn)} of {DurableArns.FunctionOf(executionArn)}";

    private static string Short(DurableError? error, int lengthMax = NoteLengthMax) =>
        OneLine.OfError(error?.Type, error?.Message, lengthMax) ?? "failed without a word";
}
