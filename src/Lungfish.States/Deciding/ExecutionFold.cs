using System.Collections.Immutable;
using System.Diagnostics;
using Lungfish.Json;
using Lungfish.States.Journal;
using Lungfish.States.Model;
using static Lungfish.States.Journal.HistoryEventType;

namespace Lungfish.States.Deciding;

/// <summary>What each fact changes of an execution. Nothing is evaluated here: facts carry results.</summary>
internal static class ExecutionFold
{
    public static Execution Apply(Execution execution, Fact fact) => fact switch
    {
        HistoryEvent historyEvent => ApplyEvent(execution with { LastEventId = historyEvent.Id }, historyEvent),
        WaitScheduled wait => ScopeWaits(
            execution, wait.Scope, new(TimerKind.Wait, EnteredEventId(execution, wait.Scope)), wait.Due),
        RetryScheduled retry => RetryIsScheduled(execution, retry),
        HeartbeatReceived heartbeat => RestartHeartbeat(execution, heartbeat.TaskId, heartbeat.At),
        QuotaExceeded over => execution with { ExceededQuotas = execution.ExceededQuotas.With(over.Quota) },
        ItemsRead or ChildStarted or ChildClosed or MapRunUpdated => MapRunFold.Apply(execution, fact),
        TurnYielded yielded => execution with { HasMoreToDo = yielded.HasMoreToDo },
        _ => throw new UnreachableException($"No fold for {fact.GetType().Name}."),
    };

    private static Execution ApplyEvent(Execution execution, HistoryEvent e) => e.Type switch
    {
        ExecutionStarted => Start(execution, e),
        ExecutionSucceeded => End(execution, e, ExecutionStatus.Succeeded),
        ExecutionFailed => End(execution, e, ExecutionStatus.Failed),
        ExecutionTimedOut => End(execution, e, ExecutionStatus.TimedOut),
        ExecutionAborted => End(execution, e, ExecutionStatus.Aborted),

        PassStateEntered or ChoiceStateEntered or WaitStateEntered or SucceedStateEntered or FailStateEntered
            or TaskStateEntered or ParallelStateEntered or MapStateEntered => Enter(execution, e),
        PassStateExited or ChoiceStateExited or WaitStateExited or SucceedStateExited
            or TaskStateExited or ParallelStateExited or MapStateExited => Exit(execution, e),
        TaskStateAborted or WaitStateAborted or ParallelStateAborted or MapStateAborted => Abort(execution, e),

        TaskScheduled or LambdaFunctionScheduled or ActivityScheduled => Schedule(execution, e),
        TaskStarted or LambdaFunctionStarted => Advance(execution, e),
        ActivityStarted or HistoryEventType.TaskSubmitted => AwaitAnswer(execution, e),
        HistoryEventType.TaskSucceeded or HistoryEventType.TaskFailed or TaskTimedOut
            or LambdaFunctionSucceeded or LambdaFunctionFailed or LambdaFunctionTimedOut
            or ActivitySucceeded or ActivityFailed or ActivityTimedOut => CloseTask(execution, e),

        ParallelStateStarted => StartBranches(execution, e),
        MapStateStarted => StartMap(execution, e),
        MapRunStarted => MapRunFold.Start(Advance(execution, e), e),
        MapRunFailed => MapRunFold.End(Advance(execution, e), e.Scope),
        MapRunSucceeded or MapRunAborted => MapRunFold.End(execution, e.Scope),
        MapIterationStarted => StartIteration(execution, e),
        MapIterationSucceeded => EndIteration(execution, e),
        EvaluationFailed => Advance(StopWaiting(execution, e.Scope), e),
        ParallelStateFailed or MapStateFailed => EndFan(Advance(StopWaiting(execution, e.Scope), e), e.Scope),

        // Recorded: these do not advance the chain, the next event names the one before them.
        ParallelStateSucceeded or MapStateSucceeded or MapIterationFailed or MapIterationAborted => execution,
        _ => throw new UnreachableException($"No fold for {e.Type}."),
    };

    private static Execution Start(Execution execution, HistoryEvent e)
    {
        var flow = execution.Definition.Flow;
        var started = execution with
        {
            Birth = new Birth(Required(e.Details.Identity), e.Timestamp, Required(e.Details.Input)),
            Root = new Scope
            {
                Id = ScopeId.Root,
                Parent = ScopeId.Root,
                Flow = flow,
                LastEventId = 0, // Recorded: the first state's event names 0, not ExecutionStarted.
                Next = flow.StartAt,
                Value = Required(e.Details.Input),
            },
        };
        return execution.Definition.Timeout is { } timeout
            ? started.WithTimer(new(TimerKind.ExecutionTimeout, e.Id), e.Timestamp + timeout)
            : started;
    }

    /// <summary>The scopes stay as they were: they tell where the execution ended.</summary>
    private static Execution End(Execution execution, HistoryEvent e, ExecutionStatus status) => execution with
    {
        Ending = new Ending(status, e.Timestamp, e.Details.Output, e.Details.Error, e.Details.Cause),
        PendingTasks = execution.PendingTasks.Clear(),
        Timers = execution.Timers.Clear(),
        Waiters = execution.Waiters.Clear(),
        MapRuns = execution.MapRuns.Clear(),
        HasMoreToDo = false,
    };

    private static Execution Enter(Execution execution, HistoryEvent e)
    {
        var scope = GetScope(execution, e.Scope);
        return execution.With(scope with
        {
            LastEventId = e.Id,
            Next = null,
            Visit = new Visit
            {
                State = scope.Flow.States[Required(e.Details.Name)],
                EnteredEventId = e.Id,
                EnteredAfterEventId = e.PreviousEventId,
                EnteredAt = e.Timestamp,
                Input = Required(e.Details.Input),
            },
        });
    }

    private static Execution Exit(Execution execution, HistoryEvent e)
    {
        execution = EndFan(StopWaiting(execution, e.Scope), e.Scope);
        if (e.Details.Assigned is { } assigned)
        {
            execution = VariableFold.Assign(execution, GetScope(execution, e.Scope), assigned);
        }

        var scope = GetScope(execution, e.Scope) with
        {
            LastEventId = e.Id,
            Next = e.Details.Next,
            Value = Required(e.Details.Output),
            Visit = null,
        };
        execution = execution.With(scope);
        if (!scope.HasEnded || scope.Id == ScopeId.Root)
        {
            return execution;
        }

        execution = VariableFold.Drop(execution, scope);

        // What follows a Parallel or Map state follows the last event of the flow that ended last.
        var parent = GetScope(execution, scope.Parent);
        return execution.With(WithFan(parent, fan => fan with { Ended = fan.Ended + 1 }) with { LastEventId = e.Id });
    }

    private static Execution Abort(Execution execution, HistoryEvent e)
    {
        var visit = GetVisit(execution, e.Scope);
        return visit.TaskId == 0
            ? StopWaiting(execution, e.Scope)
            : RemoveTask(execution, e.Scope, visit.TaskId);
    }

    private static Execution Schedule(Execution execution, HistoryEvent e)
    {
        execution = StopWaiting(execution, e.Scope); // The retry's timer, if this is one.
        var scope = GetScope(execution, e.Scope);
        var visit = GetVisit(execution, e.Scope);
        var state = (TaskState)visit.State;
        var task = new PendingTask
        {
            Id = e.Id,
            Resource = state.Resource,
            StateName = state.Name,
            RetryCount = visit.RetryCount,
            Input = Required(e.Details.Input),
            ScheduledAt = e.Timestamp,
            Timeout = ToTimeSpan(e.Details.TimeoutInSeconds),
            Heartbeat = ToTimeSpan(e.Details.HeartbeatInSeconds),
            Phase = TaskPhase.Scheduled,
        };
        execution = execution.With(scope with { LastEventId = e.Id, Visit = visit with { TaskId = e.Id } });
        execution = execution with
        {
            PendingTasks = execution.PendingTasks.Add(e.Id, task),
            Waiters = scope.Id == ScopeId.Root ? execution.Waiters : execution.Waiters.Add(e.Id, scope.Id),
        };
        return task.Timeout is { } timeout
            ? execution.WithTimer(new(TimerKind.TaskTimeout, e.Id), e.Timestamp + timeout)
            : execution;
    }

    /// <summary>Somebody has the task now: from here on heartbeats are due.</summary>
    private static Execution AwaitAnswer(Execution execution, HistoryEvent e)
    {
        execution = Advance(execution, e);
        var taskId = GetVisit(execution, e.Scope).TaskId;
        var task = execution.PendingTasks[taskId] with { Phase = TaskPhase.AwaitingAnswer };
        execution = execution with { PendingTasks = execution.PendingTasks.SetItem(taskId, task) };
        return RestartHeartbeat(execution, taskId, e.Timestamp);
    }

    private static Execution RestartHeartbeat(Execution execution, long taskId, DateTimeOffset at) =>
        execution.PendingTasks[taskId].Heartbeat is { } heartbeat
            ? execution.WithTimer(new(TimerKind.TaskHeartbeat, taskId), at + heartbeat)
            : execution;

    private static Execution CloseTask(Execution execution, HistoryEvent e)
    {
        var visit = GetVisit(execution, e.Scope);
        return RemoveTask(Advance(execution, e), e.Scope, visit.TaskId);
    }

    private static Execution RemoveTask(Execution execution, ScopeId scopeId, long taskId)
    {
        var scope = GetScope(execution, scopeId);
        execution = execution.With(scope with { Visit = GetVisit(execution, scopeId) with { TaskId = 0 } });
        return execution with
        {
            PendingTasks = execution.PendingTasks.Remove(taskId),
            Waiters = execution.Waiters.Remove(taskId),
            Timers = execution.Timers
                .Remove(new(TimerKind.TaskTimeout, taskId))
                .Remove(new(TimerKind.TaskHeartbeat, taskId)),
        };
    }

    private static Execution RetryIsScheduled(Execution execution, RetryScheduled retry)
    {
        execution = EndFan(MapRunFold.End(execution, retry.Scope), retry.Scope);
        var scope = GetScope(execution, retry.Scope);
        var visit = GetVisit(execution, retry.Scope);
        var made = visit.RetriesMade.IsEmpty ? [.. new int[RetriersOf(visit.State)]] : visit.RetriesMade;
        execution = execution.With(scope with
        {
            LastEventId = retry.FailingEventId,
            Visit = visit with
            {
                RetryCount = visit.RetryCount + 1,
                RetriesMade = made.SetItem(retry.Retrier, made[retry.Retrier] + 1),
            },
        });
        return ScopeWaits(execution, retry.Scope, new(TimerKind.Retry, visit.EnteredEventId), retry.Due);
    }

    private static int RetriersOf(State state) => state switch
    {
        TaskState task => task.Retry.Length,
        ParallelState parallel => parallel.Retry.Length,
        MapState map => map.Retry.Length,
        _ => throw new UnreachableException($"{state.GetType().Name} has no retriers."),
    };

    private static Execution StartBranches(Execution execution, HistoryEvent e)
    {
        execution = Advance(StopWaiting(execution, e.Scope), e);
        var scope = GetScope(execution, e.Scope);
        var visit = GetVisit(execution, e.Scope);
        var state = (ParallelState)visit.State;
        var input = Required(e.Details.Input);
        var fan = new Fan
        {
            StartedEventId = e.Id,
            Count = state.Branches.Length,
            Started = state.Branches.Length,
            Input = input,
        };
        var inner = execution.Inner.ToBuilder();
        for (var i = 0; i < fan.Count; i++)
        {
            inner.Add(fan.ScopeOf(i), NewScope(fan.ScopeOf(i), scope, state.Branches[i], e.Id, input));
        }

        return (execution with { Inner = inner.ToImmutable() })
            .With(scope with { Visit = visit with { Fan = fan } });
    }

    private static Execution StartMap(Execution execution, HistoryEvent e)
    {
        execution = Advance(StopWaiting(execution, e.Scope), e);
        var scope = GetScope(execution, e.Scope);
        if (((MapState)GetVisit(execution, e.Scope).State).Distributed is not null)
        {
            return execution; // Its map run has an event of its own.
        }

        var items = e.Details.Items ?? JsonArray.Empty;
        var fan = new Fan
        {
            StartedEventId = e.Id,
            Count = items.Count,
            ConcurrencyMax = checked((int)(e.Details.ConcurrencyMax ?? 0)),
            Input = Required(e.Details.Input),
            Items = items,
        };
        return execution.With(scope with { Visit = GetVisit(execution, e.Scope) with { Fan = fan } });
    }

    private static Execution StartIteration(Execution execution, HistoryEvent e)
    {
        var scope = GetScope(execution, e.Scope);
        var visit = GetVisit(execution, e.Scope);
        var fan = GetFan(visit);
        var iteration = fan.ScopeOf(checked((int)(e.Details.Index ?? 0)));
        var flow = ((MapState)visit.State).ItemProcessor;
        return execution
            .With(NewScope(iteration, scope, flow, e.Id, Required(e.Details.Input)))
            .With(scope with { Visit = visit with { Fan = fan with { Started = fan.Started + 1 } } });
    }

    /// <summary>Recorded: only the last one advances the chain, for MapStateSucceeded and MapStateExited.</summary>
    private static Execution EndIteration(Execution execution, HistoryEvent e) =>
        GetFan(GetVisit(execution, e.Scope)).HasEnded ? Advance(execution, e) : execution;

    private static Scope NewScope(ScopeId id, Scope parent, Flow flow, long startedBy, JsonValue input) => new()
    {
        Id = id,
        Parent = parent.Id,
        Variables = parent.Variables,
        Flow = flow,
        LastEventId = startedBy,
        Next = flow.StartAt,
        Value = input,
    };

    /// <summary>Forgets the branches or iterations, and theirs.</summary>
    private static Execution EndFan(Execution execution, ScopeId scopeId)
    {
        var scope = GetScope(execution, scopeId);
        if (scope.Visit is not { Fan: { } fan } visit)
        {
            return execution;
        }

        var inner = execution.Inner.ToBuilder();
        List<Scope> removed = [];
        Remove(inner, fan, removed);
        execution = execution with
        {
            Inner = inner.ToImmutable(),
            VariableBytes = execution.VariableBytes - removed.Sum(child => child.OwnVariableBytes),
        };

        // One that failed as its timer went off was never left.
        execution = removed
            .Select(child => child.Visit)
            .OfType<Visit>()
            .Aggregate(execution, (rest, child) => Disarm(rest, child.EnteredEventId));
        return execution.With(scope with { Visit = visit with { Fan = null } });

        static void Remove(ImmutableDictionary<ScopeId, Scope>.Builder inner, Fan fan, List<Scope> removed)
        {
            for (var i = 0; i < fan.Started; i++)
            {
                if (inner.Remove(fan.ScopeOf(i), out var child))
                {
                    removed.Add(child);
                    if (child.Visit?.Fan is { } theirs)
                    {
                        Remove(inner, theirs, removed); // As deep as the definition nests.
                    }
                }
            }
        }
    }

    private static Execution ScopeWaits(Execution execution, ScopeId scopeId, TimerId timer, DateTimeOffset due) =>
        execution.WithTimer(timer, due) with
        {
            Waiters = scopeId == ScopeId.Root
                ? execution.Waiters
                : execution.Waiters.SetItem(timer.EventId, scopeId),
        };

    /// <summary>Disarms the timers of the visit itself: of a Wait state, of a retry.</summary>
    private static Execution StopWaiting(Execution execution, ScopeId scopeId) =>
        execution.Timers.IsEmpty ? execution : Disarm(execution, EnteredEventId(execution, scopeId));

    private static Execution Disarm(Execution execution, long entered)
    {
        var timers = execution.Timers.Remove(new(TimerKind.Wait, entered)).Remove(new(TimerKind.Retry, entered));
        return ReferenceEquals(timers, execution.Timers)
            ? execution
            : execution with { Timers = timers, Waiters = execution.Waiters.Remove(entered) };
    }

    private static Execution Advance(Execution execution, HistoryEvent e) =>
        execution.With(GetScope(execution, e.Scope) with { LastEventId = e.Id });

    private static Scope WithFan(Scope scope, Func<Fan, Fan> change) => scope.Visit is { Fan: { } fan } visit
        ? scope with { Visit = visit with { Fan = change(fan) } }
        : throw new UnreachableException($"{scope.Id} runs no branches.");

    private static Scope GetScope(Execution execution, ScopeId id) =>
        execution.FindScope(id) ?? throw new UnreachableException($"There is no {id}.");

    private static Visit GetVisit(Execution execution, ScopeId id) =>
        GetScope(execution, id).Visit ?? throw new UnreachableException($"{id} is in no state.");

    private static Fan GetFan(Visit visit) =>
        visit.Fan ?? throw new UnreachableException($"'{visit.State.Name}' runs no branches.");

    private static long EnteredEventId(Execution execution, ScopeId id) => GetVisit(execution, id).EnteredEventId;

    private static TimeSpan? ToTimeSpan(long? seconds) => seconds is { } s ? TimeSpan.FromSeconds(s) : null;

    private static T Required<T>(T? value)
        where T : class => value ?? throw new UnreachableException("A fact lacks what its type always has.");
}
