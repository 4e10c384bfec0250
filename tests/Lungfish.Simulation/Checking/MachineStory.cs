using Lungfish.Engine.Identifiers;
using Lungfish.Engine.StateMachines;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;
using Lungfish.States.Model;
using Lungfish.States.Quotas;
using static Lungfish.States.Journal.HistoryEventType;

namespace Lungfish.Simulation.Checking;

/// <summary>An execution of a state machine: the fold of what is committed, and what each fact must keep to.</summary>
internal sealed class MachineStory : Story
{
    private readonly Action<string, string> _violate;
    private readonly Fans _fans;
    private readonly Limits _limits;
    private readonly HashSet<long> _scheduled = [];
    private readonly HashSet<long> _handedOver = [];
    private readonly Dictionary<long, HistoryEvent> _ends = [];
    private long _lastEvent;

    public MachineStory(
        Guid id, ExecutionKey key, Execution blank, QuotaPolicy quotas, Action<string, string> violate)
        : base(id, key)
    {
        _violate = violate;
        _fans = new Fans(problem => violate("I14", $"{this}: {problem}"));
        _limits = new Limits(quotas, problem => violate("I18", $"{this}: {problem}"));
        Fold = blank;
    }

    public Execution Fold { get; private set; }

    public override bool IsClosed => Fold.Birth is not null && Fold.Status != ExecutionStatus.Running;

    public bool WasScheduled(long task) => _scheduled.Contains(task);

    /// <summary>A worker has it, or the call that it makes was made.</summary>
    public bool WasHandedOver(long task) => _handedOver.Contains(task);

    /// <summary>The event that ended the task; null: none has, or its state was aborted.</summary>
    public HistoryEvent? EndOf(long task) => _ends.GetValueOrDefault(task);

    public override void Add(StoredSegment segment, DateTimeOffset now)
    {
        foreach (var fact in JournalReading.Facts(segment))
        {
            var before = Fold;
            if (fact is RetryScheduled retry)
            {
                CheckRetry(before, retry, now);
            }

            Fold = before.Apply(fact);
            if (fact is HistoryEvent happened)
            {
                Check(before, happened, now);
                _fans.Check(before, happened);
                _limits.Check(Fold, happened);
            }
            else
            {
                _fans.Check(fact);
            }
        }
    }

    private void Check(Execution before, HistoryEvent happened, DateTimeOffset now)
    {
        if (happened.Id != ++_lastEvent || happened.PreviousEventId < 0 || happened.PreviousEventId >= happened.Id)
        {
            _violate("I2", $"Event {happened.Id} of {this} follows {_lastEvent - 1}, and {happened.PreviousEventId}.");
        }

        if (before.Birth is not null && before.Status != ExecutionStatus.Running)
        {
            _violate("I11", $"{this} has ended, and then there is {happened.Type}.");
        }

        if (happened.Timestamp > now)
        {
            _violate("I12", $"{happened.Type} of {this} happened at {happened.Timestamp:O}, and it is {now:O}.");
        }

        CheckTimers(before, happened);
        if (happened.Type is TaskScheduled or LambdaFunctionScheduled or ActivityScheduled)
        {
            _ = _scheduled.Add(happened.Id);
        }

        if (happened.Type is ActivityStarted or HistoryEventType.TaskSubmitted)
        {
            _ = _handedOver.Add(TaskOf(before, happened));
        }

        if (EndsTask(happened.Type))
        {
            var ended = before.PendingTasks.Keys.Except(Fold.PendingTasks.Keys).ToList();
            if (ended.Count != 1 || !_ends.TryAdd(ended[0], happened))
            {
                _violate("I8", $"{happened.Type}, event {happened.Id} of {this}, ends {ended.Count} tasks.");
            }
        }
    }

    /// <summary>The task whose phase an event changes.</summary>
    private long TaskOf(Execution before, HistoryEvent happened) => Fold.PendingTasks.Values
        .FirstOrDefault(task => before.PendingTasks.TryGetValue(task.Id, out var was) && was.Phase != task.Phase)?.Id
        ?? happened.PreviousEventId;

    /// <summary>What a timer has done must not be before its time.</summary>
    private void CheckTimers(Execution before, HistoryEvent happened)
    {
        if (happened.Type is not (WaitStateExited or ExecutionTimedOut or TaskTimedOut or LambdaFunctionTimedOut
            or ActivityTimedOut or TaskScheduled or LambdaFunctionScheduled or ActivityScheduled))
        {
            return;
        }

        var gone = before.Timers.Where(timer => !Fold.Timers.ContainsKey(timer.Key)).ToList();
        DateTimeOffset? due = happened.Type switch
        {
            WaitStateExited => Earliest(TimerKind.Wait),
            ExecutionTimedOut => Earliest(TimerKind.ExecutionTimeout),
            TaskTimedOut or LambdaFunctionTimedOut or ActivityTimedOut =>
                Earliest(TimerKind.TaskTimeout, TimerKind.TaskHeartbeat),
            _ => Earliest(TimerKind.Retry),
        };
        if (due > happened.Timestamp)
        {
            _violate("I12", $"{happened.Type} of {this} is due at {due:O}, and happened at {happened.Timestamp:O}.");
        }

        DateTimeOffset? Earliest(params TimerKind[] kinds)
        {
            var fitting = gone.Where(timer => kinds.Contains(timer.Key.Kind)).Select(timer => timer.Value).ToList();
            return fitting.Count == 0 ? null : fitting.Min();
        }
    }

    private void CheckRetry(Execution before, RetryScheduled retry, DateTimeOffset now)
    {
        if (before.FindScope(retry.Scope)?.Visit is not { } visit)
        {
            _violate("I13", $"{this} tries a state again that it is not in.");
            return;
        }

        var retrier = RetriersOf(visit.State)[retry.Retrier];
        var made = retry.Retrier < visit.RetriesMade.Length ? visit.RetriesMade[retry.Retrier] : 0;
        if (made >= retrier.AttemptsMax)
        {
            _violate("I13", $"{visit.State.Name} of {this} was tried again {made} times, and is once more.");
        }

        if (retrier.DelayMax is { } most && retry.Due - now > most + TimeSpan.FromMilliseconds(1))
        {
            _violate("I13", $"{visit.State.Name} of {this} waits until {retry.Due:O} at {now:O}, longer than {most}.");
        }
    }

    private static IReadOnlyList<Retrier> RetriersOf(State state) => state switch
    {
        TaskState task => task.Retry,
        ParallelState parallel => parallel.Retry,
        MapState map => map.Retry,
        _ => [],
    };

    private static bool EndsTask(HistoryEventType type) => type is HistoryEventType.TaskSucceeded
        or HistoryEventType.TaskFailed or TaskTimedOut
        or LambdaFunctionSucceeded or LambdaFunctionFailed or LambdaFunctionTimedOut
        or ActivitySucceeded or ActivityFailed or ActivityTimedOut;
}
