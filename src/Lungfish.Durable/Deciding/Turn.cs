using System.Collections.Immutable;
using System.Diagnostics;
using Lungfish.Durable.Journal;

namespace Lungfish.Durable.Deciding;

/// <summary>One decision in the making: the facts and effects so far, and the execution as they leave it.</summary>
/// <remarks>Every fact is applied as soon as it is decided, so that After is their fold by construction.</remarks>
internal sealed class Turn(DurableExecution before, DateTimeOffset now, Seed seed, ISurroundings surroundings)
{
    // Most decisions are a few facts and one effect.
    private readonly ImmutableArray<Fact>.Builder _facts = ImmutableArray.CreateBuilder<Fact>(4);
    private readonly ImmutableArray<Effect>.Builder _effects = ImmutableArray.CreateBuilder<Effect>(1);

    public DurableExecution Execution { get; private set; } = before;

    public DateTimeOffset Now => now;

    public Chance Chance { get; } = new(seed);

    public ISurroundings Surroundings => surroundings;

    public DurableLimits Limits => surroundings.Limits;

    public DurableIdentity Identity =>
        Execution.Identity ?? throw new UnreachableException("The execution has not started.");

    public CheckpointAnswer? Answer { get; set; }

    public Decision ToDecision() =>
        new(_facts.DrainToImmutable(), _effects.DrainToImmutable(), Execution) { Checkpoint = Answer };

    /// <summary>Adds an event of the execution itself.</summary>
    public void EmitOfExecution(HistoryEventType type, EventDetails details)
    {
        var identity = details.Identity ?? Identity;
        Apply(new HistoryEvent
        {
            EventId = Execution.LastEventId + 1,
            Type = type,
            Timestamp = now,
            OperationId = identity.Id,
            Name = identity.Name,
            Details = details,
        });
    }

    /// <summary>Adds an event of no operation.</summary>
    public void EmitOfInvocation(HistoryEventType type, EventDetails details) => Apply(new HistoryEvent
    {
        EventId = Execution.LastEventId + 1,
        Type = type,
        Timestamp = now,
        Details = details,
    });

    /// <summary>Adds the event with which an operation begins.</summary>
    /// <returns>The operation.</returns>
    public Operation EmitBegin(HistoryEventType type, OperationUpdate update, EventDetails? details = null)
    {
        Apply(new HistoryEvent
        {
            EventId = Execution.LastEventId + 1,
            Type = type,
            Timestamp = now,
            OperationId = update.Id,
            Name = update.Name,
            ParentId = update.ParentId,
            SubType = update.SubType,
            Details = details ?? EventDetails.None,
        });
        return Get(update.Id);
    }

    /// <summary>Adds an event of an operation that there is.</summary>
    /// <returns>The operation as it is then.</returns>
    public Operation Emit(HistoryEventType type, Operation operation, EventDetails? details = null)
    {
        Apply(new HistoryEvent
        {
            EventId = Execution.LastEventId + 1,
            Type = type,
            Timestamp = now,
            OperationId = operation.Id,
            Name = operation.Name,
            ParentId = operation.ParentId,
            SubType = operation.SubType,
            Details = details ?? EventDetails.None,
        });
        return Get(operation.Id);
    }

    /// <summary>Adds an internal fact.</summary>
    public void Record(Fact fact) => Apply(fact);

    public void Want(Effect effect) => _effects.Add(effect);

    public void DropWanted<T>()
        where T : Effect
    {
        for (var i = _effects.Count - 1; i >= 0; i--)
        {
            if (_effects[i] is T)
            {
                _effects.RemoveAt(i);
            }
        }
    }

    private Operation Get(string id) =>
        Execution.Find(id) ?? throw new UnreachableException($"There is no operation {id}.");

    private void Apply(Fact fact)
    {
        _facts.Add(fact);
        Execution = Execution.Apply(fact);
    }
}
