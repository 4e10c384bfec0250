using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Lungfish.States.Journal;
using Lungfish.States.JsonPath;
using Lungfish.States.Quotas;

namespace Lungfish.States.Deciding;

/// <summary>One decision in the making: the facts and effects so far, and the execution as they leave it.</summary>
/// <remarks>Every fact is applied as soon as it is decided, so that After is their fold by construction.</remarks>
internal sealed class Turn(Execution before, DateTimeOffset now, Seed seed, ISurroundings surroundings)
{
    private readonly ImmutableArray<Fact>.Builder _facts = ImmutableArray.CreateBuilder<Fact>();
    private readonly ImmutableArray<Effect>.Builder _effects = ImmutableArray.CreateBuilder<Effect>();
    private readonly SortedSet<ScopeId> _ready = [];
    private QuotaGuard? _quotas;
    private ulong _evaluations;
    private bool _isRootReady; // Beside the set, because most executions have no other scope.

    public Execution Execution { get; private set; } = before;

    public DateTimeOffset Now => now;

    public ISurroundings Surroundings => surroundings;

    public QuotaGuard Quotas => _quotas ??= new QuotaGuard(surroundings.Quotas, NoteExceeded);

    /// <summary>Null but for a state that is tested.</summary>
    public Inspector? Inspector { get; init; }

    /// <summary>The id that the next event will have: what a task is named by before it is scheduled.</summary>
    public long NextEventId => Execution.LastEventId + 1;

    public bool HasEnded => Execution.Ending is not null;

    public bool HasReady => _isRootReady || _ready.Count > 0;

    public Decision ToDecision() => new(_facts.ToImmutable(), _effects.ToImmutable(), Execution);

    public Dice DiceFor(long eventId) => new(seed, eventId);

    /// <summary>For the next expression that is evaluated: others for each, the same whenever this is decided.
    /// </summary>
    public ulong NextSeed() => SplitMix.Mix(unchecked(DiceFor(NextEventId).Bits() + ++_evaluations));

    /// <summary>Adds an event that follows the last one of its scope.</summary>
    public void Emit(ScopeId scope, HistoryEventType type, EventDetails? details = null) =>
        Emit(scope, type, GetScope(scope).LastEventId, details);

    /// <returns>The id of the event.</returns>
    public long Emit(ScopeId scope, HistoryEventType type, long previousEventId, EventDetails? details = null)
    {
        if (HasEnded)
        {
            return Execution.LastEventId; // The limit below has ended it in the middle of a step.
        }

        if (!EndsExecution(type) && Quotas.Refuses(Quota.HistoryEvents, NextEventId + 1))
        {
            // Measured: the last event that there is room for is that failure. Its cause is bare.
            var limit = Quotas.LimitOf(Quota.HistoryEvents).ToString(CultureInfo.InvariantCulture);
            EndExecution(
                HistoryEventType.ExecutionFailed,
                previousEventId,
                new()
                {
                    Error = ErrorNames.Runtime,
                    Cause = $"The execution reached the maximum number of history events ({limit}).",
                });
            return Execution.LastEventId;
        }

        return Add(scope, type, previousEventId, now, details);
    }

    /// <summary>Adds the last event of the execution and drops all that it waited for.</summary>
    public void EndExecution(
        HistoryEventType type, long previousEventId, EventDetails details, DateTimeOffset? timestamp = null)
    {
        Debug.Assert(EndsExecution(type), "Only the execution's own events end it.");
        if (HasEnded)
        {
            return;
        }

        foreach (var task in Execution.PendingTasks.Keys)
        {
            Want(new CancelTask(task));
        }

        foreach (var timer in Execution.Timers.Keys.Order(TimerOrder.Instance))
        {
            Want(new CancelTimer(timer));
        }

        foreach (var scope in Execution.MapRuns.Values)
        {
            MapRunDecider.Abandon(this, GetScope(scope), MapRunDecider.StatusAtTheEnd(type));
        }

        _ready.Clear();
        _isRootReady = false;
        _ = Add(ScopeId.Root, type, previousEventId, timestamp ?? now, details);
    }

    /// <summary>Adds an internal fact.</summary>
    public void Record(Fact fact)
    {
        if (!HasEnded)
        {
            Apply(fact);
        }
    }

    public void Want(Effect effect)
    {
        if (!HasEnded)
        {
            _effects.Add(effect);
        }
    }

    public Scope GetScope(ScopeId id) =>
        Execution.FindScope(id) ?? throw new UnreachableException($"There is no {id}.");

    /// <summary>This scope can go on without anything from outside.</summary>
    public void MakeReady(ScopeId scope)
    {
        if (HasEnded)
        {
            return;
        }

        if (scope == ScopeId.Root)
        {
            _isRootReady = true;
        }
        else
        {
            _ = _ready.Add(scope);
        }
    }

    /// <summary>The first scope that can go on: outer ones first, then in the order of their items.</summary>
    public bool TryTakeReady(out ScopeId scope)
    {
        if (_isRootReady)
        {
            _isRootReady = false;
            scope = ScopeId.Root;
            return true;
        }

        scope = _ready.Min;
        return _ready.Remove(scope);
    }

    /// <summary>Quotas only warn: that is said once in the life of an execution.</summary>
    private void NoteExceeded(Quota quota, long amount)
    {
        if (!Execution.ExceededQuotas.Contains(quota))
        {
            Record(new QuotaExceeded(quota));
            Want(new WarnOfQuota(quota, amount));
        }
    }

    private static bool EndsExecution(HistoryEventType type) =>
        type is > HistoryEventType.ExecutionStarted and <= HistoryEventType.ExecutionAborted;

    private long Add(
        ScopeId scope, HistoryEventType type, long previousEventId, DateTimeOffset timestamp, EventDetails? details)
    {
        var id = NextEventId;
        Apply(new HistoryEvent
        {
            Id = id,
            PreviousEventId = previousEventId,
            Timestamp = timestamp,
            Type = type,
            Scope = scope,
            Details = details ?? EventDetails.None,
        });
        return id;
    }

    private void Apply(Fact fact)
    {
        _facts.Add(fact);
        Execution = Execution.Apply(fact);
    }

    /// <summary>A hash table's order may change between versions of the runtime; a decision's may not.</summary>
    private sealed class TimerOrder : IComparer<TimerId>
    {
        public static readonly TimerOrder Instance = new();

        public int Compare(TimerId x, TimerId y) =>
            x.EventId != y.EventId ? x.EventId.CompareTo(y.EventId) : x.Kind.CompareTo(y.Kind);
    }
}
