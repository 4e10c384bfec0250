using System.Collections.Immutable;
using System.Text.Json;
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

    public World Start(string input = "{}")
    {
        Send(new Start(Identity, JsonValue.Parse(input), input));
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
        _ = _timers.Remove(due.Key);
        Decide(new TimerDue(due.Key));
        return true;
    }

    private void Decide(Message message)
    {
        Decisions++;
        var before = Execution;
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
    }
}
