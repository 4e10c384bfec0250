using System.Diagnostics;
using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Engine.Api;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Timing;

namespace Lungfish.Engine.Durable;

/// <summary>A durable execution in memory: asks the decider what follows, keeps the facts for the next commit and
/// carries out the effects after it.</summary>
internal sealed class DurableResident : Resident, ISurroundings
{
    private readonly DurableServices _services;

    // Nearly always at most one. After a redrive an old one may still run; its end changes nothing.
    private readonly List<InvocationRun> _invocations = [];
    private readonly List<ChainedInvokeRun> _chained = [];

    private UncommittedFacts<Fact> _facts = new(-1);
    private bool _isBorn = true; // False until the first commit has it.
    private DurableCallbackRows? _callbacks; // Null for executions that never waited for a callback.
    private bool _callbacksChanged;
    private DurableExecution? _dueOf;
    private long _nextDueMs = WakeIndex.Never;
    private uint _turns;
    private bool _isReopened; // Redriven, and no delta says so yet.
    private bool _abandoned;

    private DurableResident(DurableServices services, DurableArn arn, DurableExecution execution)
        : base(arn.Id, arn.Key)
    {
        _services = services;
        Execution = execution;
        Arn = arn.Text;
    }

    public DurableExecution Execution { get; private set; }

    public override string Arn { get; }

    public override bool IsClosed => Execution.Status != DurableStatus.Running;

    public override bool IsBusy => _invocations.Count > 0 || _chained.Count > 0;

    public override long NextDueMs
    {
        get
        {
            if (!ReferenceEquals(_dueOf, Execution))
            {
                _dueOf = Execution;
                _nextDueMs = Execution.NextDueAt is { } due && !IsClosed ? DueTimes.ToMs(due) : WakeIndex.Never;
            }

            return _nextDueMs;
        }
    }

    /// <summary>A new execution; the message <see cref="Start"/> must come next.</summary>
    public static DurableResident Begin(DurableServices services, DurableArn arn) =>
        new(services, arn, DurableExecution.Blank)
        {
            _isBorn = false,
        };

    /// <summary>An execution as the store has it; a closed one is to be redriven.</summary>
    public static DurableResident FromStore(DurableServices services, StoredExecution stored)
    {
        var execution = DurableJournal.Fold(stored);
        var arn = new DurableArn(IdentityOf(execution).Arn, stored.Header.Key, stored.Header.Id);
        var resident = new DurableResident(services, arn, execution)
        {
            _facts = new UncommittedFacts<Fact>(stored.Journal[^1].Sequence),
            _callbacks = DurableCallbackRows.FromStore(execution),
        };
        resident.LastRest = execution.Running is null ? resident.Rest() : null; // Its row may say that it is overdue.
        return resident;
    }

    /// <summary>Decides what follows from a message; what came of it goes with the next commit.</summary>
    public Decision Take(Message message, Partition partition)
    {
        var decision = DurableDecider.Decide(Execution, message, partition.Now, NextSeed(partition.NowMs), this);
        if (decision.Facts.IsEmpty && decision.Effects.IsEmpty)
        {
            return decision;
        }

        _isReopened |= IsClosed && decision.After.Status == DurableStatus.Running;
        Execution = decision.After;
        _facts.Add(decision.Facts);

        // If it is lost the function is invoked again, as if the server had ended while it ran.
        var isPending = message is InvocationEnded { Outcome: ReturnedPending };
        partition.MarkDirty(this, canLinger: isPending && decision.Effects.IsEmpty && !IsClosed);
        foreach (var effect in decision.Effects)
        {
            CarryOut(effect, partition);
        }

        return decision;
    }

    public override void WakeUp(Partition partition)
    {
        if (NextDueMs > partition.NowMs)
        {
            return;
        }

        var due = NextDueMs;
        var decision = Take(new TimersDue(), partition);
        if (decision.Facts.IsEmpty && NextDueMs == due)
        {
            throw new UnreachableException($"A timer of {Arn} is due and stays so.");
        }
    }

    public override void Resume(Partition partition)
    {
        if (IsClosed)
        {
            return; // It is to be redriven.
        }

        foreach (var operation in Execution.SentInvokes.ToList())
        {
            partition.Hold(this, new ChainedInvokeRun(this, partition, operation));
        }

        if (Execution.Running is { } lost)
        {
            _ = Take(new InvocationEnded(lost.Number, new InvocationLost(LostWithTheServer)), partition);
        }
    }

    /// <summary>Invokes the function: that it begins is durable.</summary>
    public void Begin(InvocationRun run, Partition partition)
    {
        if (!_abandoned && !partition.IsDraining && !IsClosed && Execution.Running?.Number == run.Number)
        {
            _invocations.Add(run);
            _services.Dispatcher.Start(run);
        }
        else
        {
            Forget(run);
        }
    }

    /// <summary>The invocation will not begin.</summary>
    public void Forget(InvocationRun run)
    {
        Debug.Assert(!_invocations.Contains(run), "It has begun.");
        _services.Dispatcher.Forget();
    }

    public void End(InvocationRun run, InvocationOutcome outcome, Partition partition)
    {
        _ = _invocations.Remove(run);
        if (!IsClosed)
        {
            _ = Take(new InvocationEnded(run.Number, outcome), partition);
        }
    }

    /// <summary>Carries out a chained invoke: that it is sent is durable.</summary>
    public void Begin(ChainedInvokeRun run, Partition partition)
    {
        if (!_abandoned && !partition.IsDraining && !IsClosed
            && Execution.Find(run.Operation.Sequence) is { IsOpen: true, Target: { } target } operation)
        {
            _chained.Add(run);
            _ = ChainedInvokes.RunAsync(run, new ChainedInvoke(Arn, operation.Id, target), _services);
        }
    }

    public void End(ChainedInvokeRun run, ChainedOutcome outcome, Partition partition)
    {
        _ = _chained.Remove(run);
        if (!IsClosed)
        {
            _ = Take(
                new ChainedInvokeEnded(run.Operation.Sequence, outcome.Status, outcome.Payload, outcome.Error),
                partition);
        }
    }

    /// <summary>What the function is invoked with.</summary>
    public DurableInvocation Describe(InvokeFunction invoke)
    {
        IReadOnlyList<Operation> operations = [.. invoke.Execution.OperationsToReplay()];
        return new DurableInvocation(
            IdentityOf(invoke.Execution),
            invoke.Invocation.RequestId,
            _services.Tokens.MakeCheckpointToken(Id, invoke.Execution.Token),
            operations,
            invoke.Invocation.UpdatedOperationIds,
            index => StatePages.Mark(_services.Pages, Id, invoke.Invocation.Number, operations[index].Sequence));
    }

    /// <summary>The execution as the running invocation sees it, if that is the token that it must send next: until its
    /// first checkpoint as its envelope has it, then as it is now.</summary>
    public DurableExecution? ViewFor(CheckpointToken token) =>
        !IsClosed && Execution.Running is { } running && Execution.Token == token
            ? token.Checkpoint > 0 ? Execution : _invocations.FirstOrDefault(run => run.Number == running.Number)?.View
            : null;

    public string MakeToken(CheckpointToken token) => _services.Tokens.MakeCheckpointToken(Id, token);

    public override ExecutionDelta Seal(ExecutionDelta? mergeWith)
    {
        var journal = _facts.Seal(
            mergeWith, (facts, sequence) => DurableJournal.SegmentOf(facts, sequence, Execution.LastEventId));
        var rest = Rest();
        var reopens = mergeWith?.Reopens ?? (_isReopened && LastRest is Closed);
        var delta = new ExecutionDelta
        {
            Id = Id,
            Birth = _isBorn
                ? mergeWith?.Birth
                : new ExecutionBirth(Key, IdentityOf(Execution).Version, Execution.StartedAt),
            Journal = journal,
            Resting = mergeWith?.Resting is not null || reopens || !rest.Equals(LastRest) ? rest : null,
            Reopens = reopens,
            CallbacksAdded = mergeWith?.CallbacksAdded ?? [],
            CallbacksRemoved = mergeWith?.CallbacksRemoved ?? [],
        };
        if (_callbacks is not null && (_callbacksChanged || reopens || IsClosed))
        {
            delta = _callbacks.Seal(delta, this);
            _callbacksChanged = false;
        }

        _isBorn = true;
        _isReopened = false;
        LastRest = rest;
        return delta;
    }

    public override void Committed() => _facts.Committed();

    public override void Abandon()
    {
        _abandoned = true;
        _invocations.ForEach(run => run.Withdraw());
        _chained.ForEach(run => run.Withdraw());
    }

    public override void Tell(CommitFeed feed, ExecutionDelta delta)
    {
        if (delta.Birth is not null || delta.Reopens)
        {
            feed.Durable.Offer(Summarize(DurableStatus.Running, null));
        }

        if (delta.Resting is Closed closed)
        {
            feed.Durable.Offer(Summarize(DurableEnds.FromStored(closed.Status), closed.StoppedAt));
        }
    }

    public DurableDescription Describe() => new()
    {
        Summary = Summarize(Execution.Status, Execution.EndedAt),
        Version = IdentityOf(Execution).Version,
        Input = Execution.Input,
        Result = Execution.Result,
        Error = Execution.Error,
        ParentArn = IdentityOf(Execution).ParentArn,
    };

    string ISurroundings.CallbackId(DurableIdentity execution, int sequence) =>
        _services.Tokens.MakeCallbackId(Id, sequence);

    InvokeTarget? ISurroundings.FindTarget(string functionName, ulong chance) =>
        _services.Functions.FindTarget(functionName, chance);

    private static ErrorObject LostWithTheServer { get; } = new()
    {
        ErrorType = "Server.InvocationLost",
        ErrorMessage = "The server stopped while this invocation ran.",
    };

    private void CarryOut(Effect effect, Partition partition)
    {
        switch (effect)
        {
            case InvokeFunction invoke:
                _services.Dispatcher.Expect();
                partition.Hold(this, new InvocationRun(this, partition, invoke));
                break;
            case SendInvoke send:
                partition.Hold(this, new ChainedInvokeRun(this, partition, send.Operation));
                break;
            case AbandonInvoke abandoned:
                _chained.Find(run => run.Operation.Sequence == abandoned.Operation.Sequence)?.Withdraw();
                _ = _chained.RemoveAll(run => run.Operation.Sequence == abandoned.Operation.Sequence);
                break;
            case OfferCallback or WithdrawCallback:
                _callbacks ??= new DurableCallbackRows(); // Read off the execution when it is sealed.
                _callbacksChanged = true;
                break;
            default:
                throw new UnreachableException($"No way to carry out {effect.GetType().Name}.");
        }
    }

    private Resting Rest()
    {
        if (IsClosed)
        {
            return LastRest is Closed && !_isReopened ? LastRest : DurableEnds.ToStored(Execution);
        }

        return DurableEnds.RestOf(Execution, LastRest);
    }

    private Seed NextSeed(long nowMs) => new(TurnSeed.Next(Id, (Execution.LastEventId << 24) + ++_turns, nowMs));

    private static DurableIdentity IdentityOf(DurableExecution execution) =>
        execution.Identity ?? throw new UnreachableException("A decision before the execution has started.");

    private DurableSummary Summarize(DurableStatus status, DateTimeOffset? endedAt) => new()
    {
        ExecutionArn = Arn,
        Name = Key.Name,
        FunctionArn = Key.OwnerArn,
        Status = status,
        StartedAt = Execution.StartedAt,
        EndedAt = endedAt,
    };
}
