using System.Collections.Immutable;
using System.Text.Json;
using Lungfish.Journal;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;
using Lungfish.States.Model;
using Lungfish.States.Parsing;
using Lungfish.States.Quotas;

namespace Lungfish.States.Tests.Deciding;

/// <summary>A message that reaches the execution some time after its task was handed out.</summary>
internal sealed record Answer(Message Message, TimeSpan Delay = default);

/// <summary>Runs one execution against scripted tasks and a clock that jumps. Each decision is checked: the fold of its
/// facts is After, also through the codec; the effects tell just what the execution then waits for; and something
/// will wake every branch.</summary>
internal sealed class World : ISurroundings
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public static readonly ExecutionIdentity Identity = new()
    {
        ExecutionArn = "arn:aws:states:us-east-1:000000000000:execution:orders:first",
        ExecutionName = "first",
        StateMachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:orders",
        StateMachineName = "orders",
        RoleArn = "arn:aws:iam::000000000000:role/orders",
    };

    private readonly PriorityQueue<Message, (DateTimeOffset Due, int Number)> _mail = new();
    private readonly Dictionary<TimerId, DateTimeOffset> _timers = [];
    private readonly HashSet<long> _tasks = [];
    private readonly HashSet<(string Run, long Index)> _children = [];
    private readonly Dictionary<BlobId, ReadOnlyMemory<byte>> _blobs = [];
    private readonly Func<PendingTask, IEnumerable<Answer>> _answers;
    private Execution _decoded;
    private int _sent;

    public World(string definition, Func<PendingTask, IEnumerable<Answer>>? answers = null)
        : this(ParseDefinition(definition), answers)
    {
    }

    public World(StateMachineDefinition definition, Func<PendingTask, IEnumerable<Answer>>? answers = null)
    {
        _answers = answers ?? (_ => []);
        Execution = Execution.Blank(definition);
        _decoded = Execution;
    }

    public Execution Execution { get; private set; }

    public DateTimeOffset Now { get; set; } = Noon;

    public ulong Seed { get; init; } = 7;

    /// <summary>False for executions so large that comparing them whole after each decision takes too long.</summary>
    public bool IsChecked { get; init; } = true;

    public List<Fact> Facts { get; } = [];

    public List<JournalSegment> Segments { get; } = [];

    public int Decisions { get; private set; }

    /// <summary>What becomes of a child execution; by default it runs in a world of its own.</summary>
    public Func<ChildExecution, Answer>? Children { get; init; }

    /// <summary>What tasks in child executions answer; by default what the others do.</summary>
    public Func<PendingTask, IEnumerable<Answer>>? ChildTasks { get; init; }

    /// <summary>Answers when items are asked for, or results are to be written.</summary>
    public Func<Effect, IEnumerable<Answer>> Outside { get; init; } = _ => [];

    public List<MapRunSnapshot> MapRuns { get; } = [];

    /// <summary>How many children ran at once, at most.</summary>
    public int ChildrenAtOnce { get; private set; }

    public HashSet<string> MissingActivities { get; } = [];

    public QuotaPolicy Quotas { get; init; } = QuotaPolicy.Strict;

    public List<WarnOfQuota> QuotaWarnings { get; } = [];

    public IEnumerable<HistoryEvent> History => Facts.OfType<HistoryEvent>();

    public static Func<PendingTask, IEnumerable<Answer>> Succeed(JsonValue output) =>
        task => [new Answer(new TaskSucceeded(task.Id, output))];

    public static Func<PendingTask, IEnumerable<Answer>> Fail(string? error, string? cause) =>
        task => [new Answer(new TaskFailed(task.Id, error, cause))];

    public static StateMachineDefinition ParseDefinition(string definition)
    {
        var parse = DefinitionParser.Parse(definition, new DefinitionOptions { CanRun = _ => true });
        return parse.Definition
            ?? throw new ArgumentException(string.Join("; ", parse.Diagnostics), nameof(definition));
    }

    bool ISurroundings.ActivityExists(string activityArn) => !MissingActivities.Contains(activityArn);

    string ISurroundings.TaskToken(ExecutionIdentity execution, long taskId) => $"token-{taskId}";

    public World Start(string input = "{}") => Start(Identity, JsonValue.Parse(input), input);

    public World Start(ExecutionIdentity identity, JsonValue input, string inputText)
    {
        Send(new Start(identity, input, inputText));
        return this;
    }

    /// <summary>Delivers what is due, earliest first, until the execution ends or nothing more will happen.</summary>
    public World Run(int decisionsMax = 100_000)
    {
        while (Execution.Status == ExecutionStatus.Running && Decisions < decisionsMax && DeliverNext())
        {
        }

        return this;
    }

    public World Send(Message message)
    {
        Decide(message);
        return this;
    }

    /// <summary>The history as the specification writes it: <c>3&lt;2 PassStateExited</c>.</summary>
    public string[] Rendered() => [.. History.Select(e => $"{e.Id}<{e.PreviousEventId} {e.Type}")];

    public HistoryEvent Event(long id) => History.Single(e => e.Id == id);

    public string Written(long id, bool includeData = true)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Event(id).WriteTo(writer, includeData);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private bool DeliverNext()
    {
        var timer = _timers.Count > 0
            ? _timers.MinBy(t => (t.Value, t.Key.EventId, t.Key.Kind))
            : default(KeyValuePair<TimerId, DateTimeOffset>?);
        if (_mail.TryPeek(out var message, out var priority) && (timer is null || priority.Due <= timer.Value.Value))
        {
            _ = _mail.Dequeue();
            Now = priority.Due > Now ? priority.Due : Now;
            Decide(message);
            return true;
        }

        if (timer is not { } due)
        {
            return false;
        }

        Now = due.Value > Now ? due.Value : Now;
        Decide(new TimerDue(due.Key));
        return true;
    }

    private void Decide(Message message)
    {
        Decisions++;
        var before = Execution;
        if (message is TimerDue { Timer: var timer } && _timers.TryGetValue(timer, out var dueAt) && dueAt <= Now)
        {
            _ = _timers.Remove(timer); // Whoever sends it: that was the timer going off.
        }

        var decision = ExecutionDecider.Decide(before, message, Now, new Seed(Seed), this);
        Execution = decision.After;
        Facts.AddRange(decision.Facts);
        if (IsChecked)
        {
            var folded = decision.Facts.Aggregate(before, (execution, fact) => execution.Apply(fact));
            Assert.Equal(ExecutionDump.Of(decision.After), ExecutionDump.Of(folded));
            CheckCodec(decision.Facts);
        }

        CarryOut(decision.Effects, message);
        CheckEffects();
        ExecutionChecks.SomethingWakesEveryBranch(Execution);
    }

    private void CheckCodec(ImmutableArray<Fact> facts)
    {
        if (facts.IsEmpty)
        {
            return;
        }

        var segment = FactCodec.Encode(facts);
        Segments.Add(segment);
        foreach (var blob in segment.Blobs)
        {
            _blobs[blob.Id] = blob.Content;
        }

        var decoded = FactCodec.Decode(segment.Segment.Span, id => _blobs[id]);
        Assert.Equal(facts, decoded.AsEnumerable());
        _decoded = decoded.Aggregate(_decoded, (execution, fact) => execution.Apply(fact));
        Assert.Equal(ExecutionDump.Of(Execution), ExecutionDump.Of(_decoded));
    }

    private void CarryOut(ImmutableArray<Effect> effects, Message cause)
    {
        if (cause is TaskSucceeded { TaskId: var succeeded })
        {
            _ = _tasks.Remove(succeeded);
        }
        else if (cause is TaskFailed { TaskId: var failed })
        {
            _ = _tasks.Remove(failed);
        }
        else if (cause is ChildHasClosed closed)
        {
            _ = _children.RemoveWhere(child => child.Index == closed.Index);
        }

        foreach (var effect in effects)
        {
            switch (effect)
            {
                case ScheduleTask schedule:
                    Assert.True(_tasks.Add(schedule.Task.Id));
                    foreach (var answer in _answers(schedule.Task))
                    {
                        Mail(answer.Message, answer.Delay);
                    }

                    break;
                case CancelTask cancel:
                    Assert.True(_tasks.Remove(cancel.TaskId));
                    break;
                case SetTimer set:
                    _timers[set.Timer] = set.Due;
                    break;
                case CancelTimer cancel:
                    Assert.True(_timers.Remove(cancel.Timer) || cause is TimerDue due && due.Timer == cancel.Timer);
                    break;
                case WarnOfQuota warning:
                    QuotaWarnings.Add(warning);
                    break;
                case ContinueLater:
                    Mail(new Continue(), TimeSpan.Zero);
                    break;
                case StartChild start:
                    Assert.True(_children.Add((start.Child.MapRunArn, start.Child.Index)));
                    ChildrenAtOnce = Math.Max(ChildrenAtOnce, _children.Count);
                    var outcome = (Children ?? RunChild)(start.Child);
                    Mail(outcome.Message, outcome.Delay);
                    break;
                case StopChildren stop:
                    Assert.True(_children.RemoveWhere(child => child.Run == stop.MapRunArn) > 0);
                    break;
                case ReadItems or WriteResults:
                    foreach (var answer in Outside(effect))
                    {
                        Mail(answer.Message, answer.Delay);
                    }

                    break;
                case KeepMapRun keep:
                    MapRuns.Add(keep.Snapshot);
                    break;
            }
        }
    }

    private void Mail(Message message, TimeSpan delay) => _mail.Enqueue(message, (Now + delay, _sent++));

    /// <summary>An engine that follows the effects alone waits for just what a recovery would arm.</summary>
    private void CheckEffects()
    {
        Assert.Equal(
            Execution.Timers.OrderBy(t => t.Key.EventId).ThenBy(t => t.Key.Kind),
            _timers.OrderBy(t => t.Key.EventId).ThenBy(t => t.Key.Kind));
        Assert.Equal(Execution.PendingTasks.Keys, _tasks.Order());
        if (IsChecked)
        {
            Assert.Equal(
                Execution.MapRunEffects.OfType<StartChild>().Select(start => start.Child.Index).Order(),
                _children.Select(child => child.Index).Order());
        }
    }

    private Answer RunChild(ChildExecution child)
    {
        var machine = child.Identity.StateMachineArn;
        var definition = MapRunNames.FindProcessor(
            Execution.Definition, MapRunNames.MachineArn(machine), MapRunNames.LabelIn(machine) ?? "");
        Assert.NotNull(definition);
        var world = new World(definition, ChildTasks ?? _answers) { Now = Now, Outside = Outside, Seed = Seed };
        var ended = world.Start(child.Identity, child.Input, child.Input.ToText()).Run().Execution;
        return new Answer(
            new ChildHasClosed(child.MapRun, child.Index, ended.Status, ended.Output, ended.Error, ended.Cause),
            world.Now - Now);
    }
}
