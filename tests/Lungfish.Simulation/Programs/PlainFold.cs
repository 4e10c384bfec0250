using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;
using Lungfish.States.Parsing;
using Lungfish.States.Quotas;

namespace Lungfish.Simulation.Programs;

/// <summary>A state machine before anybody knows how it ends.</summary>
internal sealed record MachineDraft
{
    public required string Name { get; init; }

    public required ulong Seed { get; init; }

    public required string Definition { get; init; }

    public required string Input { get; init; }

    public required IReadOnlyDictionary<string, TaskManner> Tasks { get; init; }

    public required IReadOnlyList<MachineWorkflow> Callees { get; init; }

    public required bool IsStarted { get; init; }

    public required TimeSpan? StopAfter { get; init; }

    public required Ordering Ordering { get; init; }

    public required QuotaPolicy Quotas { get; init; }

    public MachineWorkflow With(IReadOnlyList<ExpectedEnd> ends) => new()
    {
        Name = Name,
        Seed = Seed,
        Definition = Definition,
        Input = Input,
        Tasks = Tasks,
        Callees = Callees,
        IsStarted = IsStarted,
        StopAfter = StopAfter,
        Quotas = Quotas,
        Ends = ends,
    };
}

/// <summary>The states whose tasks may each be the first to answer, where that decides the end.</summary>
internal sealed record Ordering(IReadOnlyList<string> First)
{
    public static readonly Ordering Any = new([]);
}

/// <summary>How an execution ends if nothing goes wrong: the decider alone, without store, lane or partition, told what
/// happens one thing after the other.</summary>
internal sealed class PlainFold : ISurroundings
{
    private const string RunArn = "arn:aws:states:us-east-1:000000000000:execution";
    private const int DecisionsMax = 5_000;

    private static readonly DateTimeOffset s_noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly MachineWorkflow _workflow;
    private readonly string? _first;
    private readonly PriorityQueue<Message, (DateTimeOffset Due, int Number)> _mail = new();
    private readonly Dictionary<string, List<(ExecutionStatus Status, JsonValue? Output)>> _children = [];
    private Execution _execution;
    private DateTimeOffset _now;
    private int _sent;

    /// <param name="first">Whose tasks are answered before all others.</param>
    private PlainFold(MachineWorkflow workflow, StateMachineDefinition definition, string? first, DateTimeOffset now)
    {
        _workflow = workflow;
        _first = first;
        _now = now;
        _execution = Execution.Blank(definition);
    }

    QuotaPolicy ISurroundings.Quotas => _workflow.Quotas;

    public static MachineWorkflow Complete(MachineDraft draft)
    {
        var workflow = draft.With([]);
        var ends = draft.Ordering.First.Count == 0
            ? [Run(workflow, null)]
            : draft.Ordering.First.Select(first => Run(workflow, first)).Distinct().ToList();
        if (draft.StopAfter is not null)
        {
            ends.RemoveAll(end => end.Status == Hung);
            ends.Add(new ExpectedEnd("ABORTED", null, Outside.StopError));
        }

        return draft.With(ends);
    }

    /// <summary>A definition that cannot be parsed is a mistake of the generator.</summary>
    public static StateMachineDefinition Parse(string definition)
    {
        var parse = DefinitionParser.Parse(definition, new DefinitionOptions
        {
            CanRun = _ => true,
            CanReadItems = _ => true,
            CanWriteResults = _ => true,
        });
        return parse.Definition ?? throw new InvalidOperationException(
            $"{string.Join("; ", parse.Diagnostics)}\n{definition}");
    }

    bool ISurroundings.ActivityExists(string activityArn) => true;

    string ISurroundings.TaskToken(ExecutionIdentity execution, long taskId) => $"token-{taskId}";

    /// <summary>Nothing more will happen: only outside of the workflow can somebody end it.</summary>
    private const string Hung = "HUNG";

    private static ExpectedEnd Run(MachineWorkflow workflow, string? first)
    {
        var identity = new ExecutionIdentity
        {
            ExecutionArn = $"{RunArn}:{workflow.Name}:x",
            ExecutionName = "x",
            StateMachineArn = workflow.Arn,
            StateMachineName = workflow.Name,
            RoleArn = Outside.Role,
        };
        var fold = new PlainFold(workflow, Parse(workflow.Definition), first, s_noon);
        return ExpectedEnd.Exactly(fold.Run(identity, workflow.Input));
    }

    private WorkflowEnd Run(ExecutionIdentity identity, string input)
    {
        Decide(new Start(identity, JsonValue.Parse(input), input));
        for (var decisions = 0; _execution.Status == ExecutionStatus.Running; decisions++)
        {
            if (decisions > DecisionsMax)
            {
                throw new InvalidOperationException($"It is too long:\n{_workflow.Print()}");
            }

            if (Next() is not { } message)
            {
                return new WorkflowEnd(Hung, null, null, null);
            }

            Decide(message);
        }

        return new WorkflowEnd(
            MachineEnds.StatusOf(_execution.Status), _execution.Output, _execution.Error, _execution.Cause);
    }

    /// <summary>What happens next: mail in its order, or the first timer.</summary>
    private Message? Next()
    {
        var timer = _execution.Timers.Count == 0
            ? default(KeyValuePair<TimerId, DateTimeOffset>?)
            : _execution.Timers.MinBy(timer => (timer.Value, timer.Key.EventId, timer.Key.Kind));
        if (_mail.TryPeek(out var message, out var place) && (timer is null || place.Due <= timer.Value.Value))
        {
            _ = _mail.Dequeue();
            _now = place.Due > _now ? place.Due : _now;
            return message;
        }

        if (timer is not { } due)
        {
            return null;
        }

        _now = due.Value > _now ? due.Value : _now;
        return new TimerDue(due.Key);
    }

    private void Decide(Message message)
    {
        var decision = ExecutionDecider.Decide(_execution, message, _now, new Seed(_workflow.Seed), this);
        _execution = decision.After;
        foreach (var effect in decision.Effects)
        {
            switch (effect)
            {
                case ScheduleTask { Task: var task }:
                    Answer(task);
                    break;
                case StartChild { Child: var child }:
                    Mail(RunChild(child));
                    break;
                case ReadItems read:
                    var page = ScriptedItems.Page(read.Source, read.Position, read.CountMax);
                    Mail(new ItemsHaveArrived(read.MapRun, read.Position, page.Items, page.Next, page.Origin));
                    break;
                case WriteResults write:
                    Mail(new ResultsAreWritten(write.MapRun, ScriptedItems.Summary(_children[write.MapRunArn])));
                    break;
                case ContinueLater:
                    Mail(new Continue());
                    break;
            }
        }
    }

    private void Answer(PendingTask task)
    {
        if (task.Resource is ServiceIntegration { Service: "states" } call)
        {
            Start(task, call);
            return;
        }

        var plan = _workflow.PlanFor(task.StateName, task.Input, task.RetryCount);
        if (task.Resource is ActivityResource)
        {
            Mail(new TaskTaken(task.Id, null));
        }
        else if (task.AnsweredByToken)
        {
            Mail(new TaskSubmitted(task.Id, JsonObject.Empty));
        }

        if (!plan.IsSilent)
        {
            var delay = _first is null || _first == task.StateName ? TimeSpan.Zero : TimeSpan.FromHours(1);
            Mail(
                plan.Output is { } output
                    ? new TaskSucceeded(task.Id, output)
                    : new TaskFailed(task.Id, plan.Error, plan.Cause),
                delay);
        }
    }

    private void Start(PendingTask task, ServiceIntegration call)
    {
        var arn = ((task.Input as JsonObject)?["StateMachineArn"] as JsonString)?.Value;
        var callee = _workflow.Callees.First(callee => callee.Arn == arn);
        if (call.Pattern == IntegrationPattern.RequestResponse)
        {
            Mail(new TaskSucceeded(task.Id, JsonObject.Empty)); // Its answer is not looked at.
            return;
        }

        var input = ((JsonObject)task.Input)["Input"]?.ToText() ?? "{}";
        var fold = new PlainFold(callee, Parse(callee.Definition), null, _now);
        var end = fold.Run(
            new ExecutionIdentity
            {
                ExecutionArn = $"{RunArn}:{callee.Name}:x",
                ExecutionName = "x",
                StateMachineArn = callee.Arn,
                StateMachineName = callee.Name,
                RoleArn = Outside.Role,
            },
            input);
        Mail(new TaskSubmitted(task.Id, JsonObject.Empty));
        Mail(end is { Status: "SUCCEEDED", Output: { } output }
            ? new TaskSucceeded(task.Id, JsonObject.Of(
                "Output", call.Pattern == IntegrationPattern.Sync2 ? output : output.ToText()))
            : new TaskFailed(task.Id, "States.TaskFailed", null));
    }

    private ChildHasClosed RunChild(ChildExecution child)
    {
        var machine = child.Identity.StateMachineArn;
        var definition = MapRunNames.FindProcessor(
            _execution.Definition, MapRunNames.MachineArn(machine), MapRunNames.LabelIn(machine) ?? "")
            ?? throw new InvalidOperationException($"There is no {machine}.");
        var fold = new PlainFold(_workflow, definition, _first, _now);
        _ = fold.Run(child.Identity, child.Input.ToText());
        var ended = fold._execution;
        if (!_children.TryGetValue(child.MapRunArn, out var results))
        {
            _children.Add(child.MapRunArn, results = []);
        }

        results.Add((ended.Status, ended.Output));
        return new ChildHasClosed(child.MapRun, child.Index, ended.Status, ended.Output, ended.Error, ended.Cause);
    }

    private void Mail(Message message, TimeSpan delay = default) => _mail.Enqueue(message, (_now + delay, _sent++));
}

internal static class MachineEnds
{
    public static string StatusOf(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Succeeded => "SUCCEEDED",
        ExecutionStatus.Failed => "FAILED",
        ExecutionStatus.TimedOut => "TIMED_OUT",
        ExecutionStatus.Aborted => "ABORTED",
        _ => "RUNNING",
    };
}
