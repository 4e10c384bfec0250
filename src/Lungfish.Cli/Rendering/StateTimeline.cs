using Lungfish.Cli.Client;
using Lungfish.Json;

namespace Lungfish.Cli.Rendering;

internal enum VisitStatus
{
    Running,

    /// <summary>A task was handed out that someone else completes.</summary>
    Waiting,
    Succeeded,

    /// <summary>A task or branch failed, and a Catch led on.</summary>
    Caught,
    Failed,
    Aborted,
}

/// <summary>One visit of a state, or one branch or iteration inside one.</summary>
internal sealed class StateVisit(string name, string type, DateTimeOffset enteredAt, StateVisit? parent)
{
    public string Name { get; } = name;

    /// <summary>The state's type such as Task; Iteration for one item of a Map.</summary>
    public string Type { get; } = type;

    public DateTimeOffset EnteredAt { get; } = enteredAt;

    public StateVisit? Parent { get; } = parent;

    public List<StateVisit> Children { get; } = [];

    public VisitStatus Status { get; set; } = VisitStatus.Running;

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>How often its task was handed out.</summary>
    public int Attempts { get; set; }

    /// <summary>The last error's name.</summary>
    public string? Error { get; set; }

    public string? Cause { get; set; }

    public bool HasTaskToken { get; set; }

    /// <summary>What it waits for, where the type does not tell.</summary>
    public string? WaitsFor { get; set; }

    /// <summary>Something more to show, such as what came out.</summary>
    public string? Note { get; set; }
}

/// <summary>Folds history events into visits of states: what people want to see of an execution.</summary>
internal sealed class StateTimeline : ITimeline
{
    private readonly Dictionary<long, StateVisit?> _visitOfEvent = new() { [0] = null };
    private readonly List<StateVisit> _roots = [];

    public IReadOnlyList<StateVisit> Roots => _roots;

    /// <summary>Null while the execution runs: else the type of its last event, such as ExecutionSucceeded.</summary>
    public HistoryEvent? End { get; private set; }

    /// <returns>The visit that the event began or changed, or null for events of the execution itself.</returns>
    public StateVisit? Add(HistoryEvent added)
    {
        var before = _visitOfEvent.GetValueOrDefault(added.PreviousId);
        var visit = Fold(added, before);
        _visitOfEvent[added.Id] = visit;
        return visit;
    }

    private StateVisit? Fold(HistoryEvent added, StateVisit? before)
    {
        switch (added.Type)
        {
            case "ExecutionStarted":
                return null;
            case "ExecutionSucceeded" or "ExecutionFailed" or "ExecutionAborted" or "ExecutionTimedOut":
                EndExecution(added);
                return null;
            case var type when type.EndsWith("StateEntered", StringComparison.Ordinal):
                return Enter(added, before, type[..^"StateEntered".Length]);
            case var type when type.EndsWith("StateExited", StringComparison.Ordinal):
                return Exit(added, before);
            case "MapIterationStarted":
                return StartIteration(added, before);
            case "MapIterationSucceeded" or "MapIterationFailed" or "MapIterationAborted":
                return EndIteration(added, before);
            default:
                return ChangeTask(added, before);
        }
    }

    private StateVisit Enter(HistoryEvent added, StateVisit? before, string type)
    {
        var name = added.Details.Text("name") ?? "";
        // After a visit that has ended comes its neighbour; inside one that goes on, the first of a branch.
        var parent = before is { EndedAt: null } ? before : before?.Parent;
        return Attach(new StateVisit(name, type, added.At, parent));
    }

    private StateVisit? Exit(HistoryEvent added, StateVisit? before)
    {
        // A container's exit follows its last inner event: look outwards for the state of that name.
        var name = added.Details.Text("name");
        var visit = before;
        while (visit is not null && (visit.Name != name || visit.Type == "Iteration" || visit.EndedAt is not null))
        {
            visit = visit.Parent;
        }

        if (visit is null)
        {
            return before;
        }

        foreach (var open in Open(visit.Children))
        {
            open.EndedAt = added.At; // A branch failed and took the others with it; the container's Catch led on.
            visit.Error ??= open.Error;
            visit.Status = VisitStatus.Failed;
            open.Status = open.Error is null ? VisitStatus.Aborted : VisitStatus.Failed;
        }

        visit.EndedAt = added.At;
        visit.Status = visit.Status == VisitStatus.Failed ? VisitStatus.Caught : VisitStatus.Succeeded;
        return visit;
    }

    private StateVisit StartIteration(HistoryEvent added, StateVisit? before)
    {
        var name = added.Details.Text("name") ?? "";
        var map = before;
        while (map is not null && (map.Type != "Map" || map.Name != name))
        {
            map = map.Parent;
        }

        return Attach(new StateVisit($"{name}[{added.Details.Whole("index")}]", "Iteration", added.At, map));
    }

    private static StateVisit? EndIteration(HistoryEvent added, StateVisit? before)
    {
        var visit = before;
        while (visit is not null && visit.Type != "Iteration")
        {
            visit = visit.Parent;
        }

        if (visit is not null)
        {
            visit.EndedAt = added.At;
            visit.Status = added.Type switch
            {
                "MapIterationSucceeded" => VisitStatus.Succeeded,
                "MapIterationFailed" => VisitStatus.Failed,
                _ => VisitStatus.Aborted,
            };
        }

        return visit;
    }

    /// <summary>The durable execution that a call of a function has started: the call's answer names it.</summary>
    private static string? StartedBy(HistoryEvent added) =>
        added.Type is "TaskSubmitted" or "TaskSucceeded"
        && added.Details.Text("output") is { } output
        && output.StartsWith("{\"DurableExecutionArn\":", StringComparison.Ordinal)
        && JsonValue.Parse(output) is JsonObject answer
            ? OperationTimeline.Link(answer.Text("DurableExecutionArn"))
            : null;

    private static StateVisit? ChangeTask(HistoryEvent added, StateVisit? before)
    {
        var visit = before;
        if (visit is not { EndedAt: null })
        {
            return visit;
        }

        var type = added.Type;
        visit.Note = StartedBy(added) ?? visit.Note;
        if (EndsWith(type, "Scheduled"))
        {
            visit.Attempts++;
            visit.Status = VisitStatus.Running;
            visit.HasTaskToken = EndsWith(added.Details.Text("resource"), ".waitForTaskToken");
            if (type == "ActivityScheduled")
            {
                visit.Status = VisitStatus.Waiting;
            }
        }
        else if (type is "TaskSubmitted" || (type is "TaskStarted" && visit.HasTaskToken))
        {
            visit.Status = VisitStatus.Waiting;
        }
        else if (EndsWith(type, "Succeeded"))
        {
            visit.Status = VisitStatus.Succeeded;
        }
        else if (EndsWith(type, "Failed") || EndsWith(type, "TimedOut"))
        {
            Fail(visit, added);
        }

        return visit;
    }

    private static void Fail(StateVisit visit, HistoryEvent added)
    {
        visit.Status = VisitStatus.Failed;
        var unnamed = EndsWith(added.Type, "TimedOut") ? "States.Timeout" : visit.Error ?? "States.TaskFailed";
        visit.Error = added.Details.Text("error") ?? unnamed;
        visit.Cause = added.Details.Text("cause");
    }

    private static bool EndsWith(string? text, string end) => text?.EndsWith(end, StringComparison.Ordinal) ?? false;

    private void EndExecution(HistoryEvent added)
    {
        End = added;
        var status = added.Type == "ExecutionAborted" ? VisitStatus.Aborted : VisitStatus.Failed;
        foreach (var open in Open(_roots))
        {
            open.EndedAt = added.At;
            // What was still at work when a neighbour failed was not what failed.
            open.Status = added.Type == "ExecutionSucceeded" || open.Type == "Succeed" ? VisitStatus.Succeeded
                : open.Error is null && open.Type != "Fail" && open.Children.Count == 0 ? VisitStatus.Aborted
                : status;
        }
    }

    private static List<StateVisit> Open(IEnumerable<StateVisit> visits) =>
        [.. visits.Where(v => v.EndedAt is null).SelectMany(v => Open(v.Children).Append(v))];

    private StateVisit Attach(StateVisit visit)
    {
        (visit.Parent?.Children ?? _roots).Add(visit);
        return visit;
    }
}
