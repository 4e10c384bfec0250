using System.Collections.Immutable;
using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;

namespace Lungfish.Durable.Tests.Testing;

/// <summary>A durable execution on its way: what it was told, what became of it, and a clock that is moved.</summary>
internal sealed class Life(Surroundings? surroundings = null)
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly DurableIdentity Identity = new()
    {
        Arn = "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST/durable-execution/order-1/u-1",
        Name = "order-1",
        Id = "u-1",
        FunctionArn = "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST",
        Version = "$LATEST",
        ExecutionTimeoutSeconds = 100_000,
        RetentionDays = 14,
    };

    private readonly List<Fact> _facts = [];
    private ulong _seed;

    public DurableExecution State { get; private set; } = DurableExecution.Blank;

    public DateTimeOffset Now { get; set; } = Noon;

    public Surroundings Surroundings { get; } = surroundings ?? new Surroundings();

    public IReadOnlyList<Fact> Facts => _facts;

    /// <summary>The types of the events, but for ExecutionStarted.</summary>
    public string History => string.Join(' ', Events.Skip(1).Select(e => e.Type));

    public IEnumerable<HistoryEvent> Events => _facts.OfType<HistoryEvent>();

    public HistoryEvent LastEvent => Events.Last();

    public static Life Started(Surroundings? surroundings = null)
    {
        var life = new Life(surroundings);
        _ = life.Tell(new Start(Identity, "{}"));
        return life;
    }

    public Decision Tell(Message message)
    {
        var decision = DurableDecider.Decide(State, message, Now, new Seed(++_seed), Surroundings);
        Adopt(decision);
        return decision;
    }

    public void Adopt(Decision decision)
    {
        _facts.AddRange(decision.Facts);
        State = decision.After;
    }

    public Decision Send(params ImmutableArray<OperationUpdate> updates) =>
        Tell(new CheckpointReceived(State.Token, null, updates));

    /// <summary>A checkpoint that is accepted.</summary>
    public CheckpointAnswer Checkpoint(params ImmutableArray<OperationUpdate> updates)
    {
        var decision = Send(updates);
        Assert.Null(decision.Refusal);
        return Required(decision.Checkpoint);
    }

    /// <summary>A checkpoint that is refused.</summary>
    public string Refused(params ImmutableArray<OperationUpdate> updates)
    {
        var before = State;
        var decision = Send(updates);
        var refusal = Required(decision.Refusal);
        Assert.Empty(decision.Facts);
        Assert.Same(before, decision.After);
        Assert.Equal("InvalidParameterValueException", refusal.Code);
        return refusal.Message;
    }

    public Decision Return(InvocationOutcome outcome) =>
        Tell(new InvocationEnded(State.Running?.Number ?? 0, outcome));

    public Decision Suspend() => Return(new ReturnedPending());

    /// <summary>The clock moves on, and what is due then is done.</summary>
    public Decision Pass(double seconds)
    {
        Now = Now.AddSeconds(seconds);
        return Tell(new TimersDue());
    }

    public Operation Find(string id) => Required(State.Find(id));

    public static T Required<T>(T? value)
        where T : class
    {
        Assert.NotNull(value);
        return value;
    }
}

/// <summary>A world with one function of each kind.</summary>
internal sealed record Surroundings : ISurroundings
{
    public DurableLimits Limits { get; init; } = DurableLimits.Default;

    public string CallbackId(DurableIdentity execution, int sequence) => $"{execution.Id}/{sequence}";

    public InvokeTarget? FindTarget(string functionName, ulong chance) => functionName switch
    {
        "durable" => new InvokeTarget("arn:aws:lambda:us-east-1:123456789012:function:durable:1", "1", IsDurable: true),
        "plain" => new InvokeTarget(
            "arn:aws:lambda:us-east-1:123456789012:function:plain:$LATEST", "$LATEST", IsDurable: false),
        "refused" => new InvokeTarget(
            "arn:aws:lambda:us-east-1:123456789012:function:durable",
            "$LATEST",
            IsDurable: true,
            new ErrorObject { ErrorType = "InvalidParameterValueException", ErrorMessage = "Name a version." }),
        _ => null,
    };
}
