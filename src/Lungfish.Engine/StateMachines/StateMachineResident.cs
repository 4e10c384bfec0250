using System.Collections.Immutable;
using System.Diagnostics;
using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.MapRuns;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Tasks;
using Lungfish.Engine.Timing;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;
using Lungfish.States.Model;
using Lungfish.States.Quotas;

namespace Lungfish.Engine.StateMachines;

/// <summary>An execution of a state machine in memory: asks the decider what follows, keeps the facts for the next
/// commit and carries out the effects after it.</summary>
internal sealed class StateMachineResident : Resident, ISurroundings
{
    private readonly StateMachineServices _services;
    private readonly List<TaskRun> _runs = [];

    private UncommittedFacts<Fact> _facts = new(-1);
    private bool _isBorn = true; // False until the first commit has it.
    private MapRunShell? _mapRuns; // Null for executions that never were in a distributed Map.
    private CallbackRows? _callbacks; // Null for executions that never waited for a token.
    private SortedSet<long>? _offeredActivityTasks;
    private ImmutableDictionary<TimerId, DateTimeOffset>? _timersSeen;
    private long _nextDueMs = WakeIndex.Never;
    private bool _abandoned;

    private StateMachineResident(
        StateMachineServices services,
        ExecutionId id,
        ExecutionKey key,
        string revision,
        Execution execution,
        string input,
        MapRunChild? child)
        : base(id, key)
    {
        _services = services;
        Revision = revision;
        Execution = execution;
        Input = input;
        Child = child;
    }

    public Execution Execution { get; private set; }

    /// <summary>The input as the caller wrote it.</summary>
    public string Input { get; }

    /// <summary>The revision of the machine's definition that it keeps.</summary>
    public string Revision { get; }

    /// <summary>Set for child executions of a map run.</summary>
    public MapRunChild? Child { get; }

    public override string Arn => Execution.Identity?.ExecutionArn ?? Key.ToString();

    public override bool IsClosed => Execution.Status != ExecutionStatus.Running;

    public override bool IsBusy => _runs.Count > 0 || Execution.HasMoreToDo || Execution.HasOpenMapRuns;

    public override long NextDueMs
    {
        get
        {
            if (!ReferenceEquals(_timersSeen, Execution.Timers))
            {
                _timersSeen = Execution.Timers;
                _nextDueMs = RestOf.NextDueMs(_timersSeen);
            }

            return _nextDueMs;
        }
    }

    /// <summary>A new execution; the message <see cref="Start"/> must come next.</summary>
    public static StateMachineResident Begin(
        StateMachineServices services, ExecutionId id, ExecutionKey key, string revision,
        StateMachineDefinition definition, string input, MapRunChild? child = null)
    {
        services.Names.Add(key);
        return new(services, id, key, revision, Execution.Blank(definition), input, child) { _isBorn = false };
    }

    /// <summary>An open execution as the store has it.</summary>
    public static StateMachineResident FromStore(
        StateMachineServices services, StoredExecution stored, Execution execution, string input)
    {
        var resident = new StateMachineResident(
            services,
            stored.Header.Id,
            stored.Header.Key,
            stored.Header.Revision,
            execution,
            input,
            stored.Header.Child)
        {
            _facts = new UncommittedFacts<Fact>(stored.Journal[^1].Sequence),
        };
        resident._callbacks = CallbackRows.FromStore(execution);
        resident.LastRest = resident.Rest();
        return resident;
    }

    /// <summary>Decides what follows from a message; what came of it goes with the next commit.</summary>
    public void Take(Message message, Partition partition)
    {
        var decision = ExecutionDecider.Decide(
            Execution, message, partition.Now, NextSeed(partition.NowMs), this);
        if (decision.Facts.IsEmpty && decision.Effects.IsEmpty)
        {
            return;
        }

        var before = Execution;
        Execution = decision.After;
        _facts.Add(decision.Facts);

        // If it is lost the task is handed out again, as if the server had ended while the handler had it.
        partition.MarkDirty(this, canLinger: message is TaskSubmitted && decision.Effects.IsEmpty && !IsClosed);
        foreach (var effect in decision.Effects)
        {
            CarryOut(effect, partition);
        }

        AbortedTasks.Hold(message, before, this, _services.Dispatcher, partition);
    }

    public override void WakeUp(Partition partition)
    {
        var now = partition.Now;
        if (NextDueMs > partition.NowMs)
        {
            return;
        }

        var due = Execution.Timers.Where(timer => timer.Value <= now)
            .OrderBy(timer => timer.Value).ThenBy(timer => timer.Key.EventId).ThenBy(timer => timer.Key.Kind)
            .ToList();
        foreach (var (timer, at) in due)
        {
            if (!IsClosed && Execution.Timers.TryGetValue(timer, out var armed) && armed == at)
            {
                Take(new TimerDue(timer), partition);
                if (!IsClosed && Execution.Timers.TryGetValue(timer, out armed) && armed == at)
                {
                    throw new UnreachableException($"Timer {timer} of {Arn} is due and stays so.");
                }
            }
        }
    }

    public override void Resume(Partition partition)
    {
        foreach (var task in Execution.PendingTasks.Values)
        {
            if (task.IsToHandOut)
            {
                HandOut(NewRun(task, partition), partition);
            }
        }

        foreach (var effect in Execution.MapRunEffects)
        {
            MapRuns.CarryOut(effect, partition, isFirst: false);
        }

        if (Execution.HasMoreToDo)
        {
            partition.PostInternal(new ContinueExecution(Id));
        }
    }

    /// <summary>Gives a durable task to its handler or to the activity's workers.</summary>
    public void HandOut(TaskRun run, Partition partition)
    {
        var stillWanted = Execution.PendingTasks.TryGetValue(run.TaskId, out var task)
            && task.Phase == run.Assignment.Task.Phase;
        if (!stillWanted || _abandoned || partition.IsDraining)
        {
            return;
        }

        if (run.Assignment.Task.Resource is ActivityResource activity)
        {
            _offeredActivityTasks ??= [];
            _ = _offeredActivityTasks.Add(run.TaskId);
            _services.Activities.Offer(activity.Arn, new TaskAddress(Id, run.TaskId), partition);
            return;
        }

        _runs.Add(run);
        if (_services.Dispatcher.Start(run) is { } outcome)
        {
            End(run, outcome, partition);
        }
    }

    /// <summary>A handler is done with its task.</summary>
    public void End(TaskRun run, TaskOutcome? outcome, Partition partition)
    {
        _ = _runs.Remove(run);
        EndTask(run, outcome, partition);
        if (outcome is TaskHandedOver)
        {
            GoOn(run, partition);
        }
    }

    /// <summary>Waits for the end of what a call has started, or has it stopped if nobody waits any more.</summary>
    public void GoOn(TaskRun run, Partition partition)
    {
        if (!Execution.PendingTasks.TryGetValue(run.TaskId, out var task))
        {
            _services.Dispatcher.Stop(run.Assignment);
        }
        else if (task.AwaitsEndOfWork)
        {
            partition.Hold(this, NewRun(task, partition));
        }
    }

    private void EndTask(TaskRun run, TaskOutcome? outcome, Partition partition)
    {
        if (outcome is null || !Execution.PendingTasks.TryGetValue(run.TaskId, out var task))
        {
            return; // It was answered, timed out or stopped meanwhile.
        }

        switch (outcome)
        {
            case TaskCompleted completed:
                Take(new TaskSucceeded(run.TaskId, completed.Output), partition);
                break;
            case TaskHandedOver submitted when task.Phase == TaskPhase.Scheduled
                && (task.AnsweredByToken || task.AwaitsEndOfWork):
                Take(new TaskSubmitted(run.TaskId, submitted.Output), partition);
                break;
            case TaskFaulted faulted:
                Take(new TaskFailed(run.TaskId, faulted.Error, faulted.Cause), partition);
                break;
            default:
                throw new UnreachableException(
                    $"The handler of {task.Resource.Arn} answered {outcome.GetType().Name}.");
        }
    }

    public override ExecutionDelta Seal(ExecutionDelta? mergeWith)
    {
        var journal = _facts.Seal(
            mergeWith, (facts, sequence) => JournalReading.SegmentOf(facts, sequence, Execution.LastEventId));
        var rest = Rest();
        var delta = new ExecutionDelta
        {
            Id = Id,
            Birth = _isBorn
                ? mergeWith?.Birth
                : new ExecutionBirth(Key, Revision, Execution.StartedAt, Child),
            Journal = journal,
            Resting = mergeWith?.Resting is not null || !rest.Equals(LastRest) ? rest : null,
            CallbacksAdded = mergeWith?.CallbacksAdded ?? [],
            CallbacksRemoved = mergeWith?.CallbacksRemoved ?? [],
        };
        delta = _callbacks?.Seal(delta, this) ?? delta;
        delta = _mapRuns?.Seal(delta, mergeWith) ?? delta;
        _isBorn = true;
        LastRest = rest;
        return delta;
    }

    public override void Committed()
    {
        _facts.Committed();
        foreach (var run in _runs)
        {
            if (!Execution.PendingTasks.ContainsKey(run.TaskId) && run.Withdraw())
            {
                _services.Dispatcher.StopRunning(run.Assignment);
            }
        }

        WithdrawActivityTasks(all: false);
        _mapRuns?.Committed();
    }

    public override void Abandon()
    {
        _abandoned = true;
        foreach (var run in _runs)
        {
            _ = run.Withdraw();
        }

        WithdrawActivityTasks(all: true);
        _mapRuns?.Abandon();
    }

    public override void Tell(CommitFeed feed, ExecutionDelta delta)
    {
        // Children of a map run are told of by their parent.
        if (delta.Resting is Closed && Child is null)
        {
            feed.Closed.Offer(Summarize());
        }
    }

    private ExecutionSummary Summarize() => new()
    {
        ExecutionArn = Arn,
        StateMachineArn = Key.OwnerArn,
        Name = Key.Name,
        Status = Execution.Status,
        StartDate = Execution.StartedAt,
        StopDate = Execution.StoppedAt,
        MapRunArn = ExecutionArns.MapRunOf(Key, Child),
        ItemCount = Child?.ItemCount,
    };

    public ExecutionDescription Describe() => new()
    {
        Summary = Summarize(),
        Input = Input,
        Output = Execution.Output?.ToText(),
        Error = Execution.Error,
        Cause = Execution.Cause,
    };

    QuotaPolicy ISurroundings.Quotas => _services.Quotas;

    bool ISurroundings.ActivityExists(string activityArn) => _services.Activities.Exists(activityArn);

    string ISurroundings.TaskToken(ExecutionIdentity execution, long taskId) => TokenOf(taskId);

    public string TokenOf(long taskId) => _services.Tokens.Make(new TaskAddress(Id, taskId));

    private void CarryOut(Effect effect, Partition partition)
    {
        switch (effect)
        {
            case ScheduleTask schedule:
                if (schedule.Task.AnsweredByToken)
                {
                    _callbacks ??= new CallbackRows();
                    _callbacks.Add(schedule.Task);
                }

                partition.Hold(this, NewRun(schedule.Task, partition));
                break;
            case ContinueLater:
                partition.PostInternal(new ContinueExecution(Id));
                break;
            case WarnOfQuota warning:
                Log.QuotaExceeded(
                    _services.Logger, Arn, warning.Quota, warning.Amount, _services.Quotas.LimitOf(warning.Quota));
                break;
            case StartChild or StopChildren or ReadItems or WriteResults or KeepMapRun:
                MapRuns.CarryOut(effect, partition);
                break;
            case SetTimer or CancelTimer or CancelTask:
                // Timers and pending tasks are read off the execution when it is sealed and when that is durable.
                break;
            default:
                throw new UnreachableException($"No way to carry out {effect.GetType().Name}.");
        }
    }

    private MapRunShell MapRuns => _mapRuns ??= new MapRunShell(this, _services);

    private TaskRun NewRun(PendingTask task, Partition partition)
    {
        var identity = Execution.Identity ?? throw new UnreachableException("A task before the execution has started.");
        var token = task.AnsweredByToken ? TokenOf(task.Id) : null;
        return new TaskRun(this, partition, new TaskAssignment(Id, identity, task, token));
    }

    private Seed NextSeed(long nowMs) => new(TurnSeed.Next(Id, Execution.LastEventId + 1, nowMs));

    private Resting Rest() => RestOf.Execution(Execution, NextDueMs);

    private void WithdrawActivityTasks(bool all)
    {
        foreach (var id in _offeredActivityTasks?.ToList() ?? [])
        {
            var isOpen = Execution.PendingTasks.TryGetValue(id, out var task) && task.Phase == TaskPhase.Scheduled;
            if (all || !isOpen)
            {
                _ = _offeredActivityTasks?.Remove(id);
                _services.Activities.Withdraw(new TaskAddress(Id, id));
            }
        }
    }
}
