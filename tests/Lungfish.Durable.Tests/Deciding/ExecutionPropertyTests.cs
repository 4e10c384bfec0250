using FsCheck;
using FsCheck.Fluent;
using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Durable.Tests.Journal;
using Lungfish.Durable.Tests.Testing;
using Lungfish.Tests.Shared;

namespace Lungfish.Durable.Tests.Deciding;

/// <summary>What must hold after any messages whatever.</summary>
public sealed class ExecutionPropertyTests
{
    private const int MessagesMax = 120;

    [Fact]
    public void Decide_AnyMessages_KeepsEveryInvariant() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => Live(new Random(seed))));

    [Fact]
    public void Decide_AnyMessages_OverAndOver() => FuzzRun.Over(random => random, Live, weight: 50);

    private static void Live(Random random)
    {
        var life = Life.Started(new Surroundings
        {
            Limits = new DurableLimits { OperationsMax = 10, FailuresMax = 4 },
        });
        var messages = new RandomLife(random);
        var tokens = new HashSet<CheckpointToken> { life.State.Token };
        for (var i = random.Next(MessagesMax); i >= 0; i--)
        {
            if (random.Next(2) == 0)
            {
                life.Now = life.Now.AddSeconds(random.Next(random.Next(20) == 0 ? 90_000 : 5) / 2.0);
            }

            var before = life.State;
            var message = messages.Next(before);
            var seed = new Seed((ulong)random.Next());
            var decision = DurableDecider.Decide(before, message, life.Now, seed, life.Surroundings);
            var again = DurableDecider.Decide(before, message, life.Now, seed, life.Surroundings);
            Assert.Equal(decision.Facts.AsEnumerable(), again.Facts);

            life.Adopt(decision);
            CheckStep(before, message, decision);
            CheckTokens(before, decision, tokens);
            CheckState(life.State, life.Now, message);
            Assert.Equal(WrittenIn(life.Events), life.State.WrittenCharacters);
        }

        CheckJournal(life);
    }

    /// <summary>What holds from one state to the next.</summary>
    private static void CheckStep(DurableExecution before, Message message, Decision decision)
    {
        var after = decision.After;
        if (decision.Refusal is not null)
        {
            Assert.Same(before, after);
            Assert.Empty(decision.Facts);
            Assert.Empty(decision.Effects);
        }

        Assert.Equal(
            decision.Facts.OfType<InvocationStarted>().Count(),
            decision.Effects.OfType<InvokeFunction>().Count() + decision.Facts.Count(IsTimeOutAfterRetry));
        Assert.True(decision.Facts.OfType<InvocationStarted>().Count() <= 1);
        if (before.Running is not null && decision.Facts.OfType<InvocationStarted>().Any())
        {
            Assert.Contains(
                decision.Facts, fact => fact is HistoryEvent { Type: HistoryEventType.InvocationCompleted });
        }

        foreach (var ended in before.Operations.Where(operation => !operation.IsOpen && operation.Sequence > 0))
        {
            var now = after.Find(ended.Sequence);
            Assert.True(now == ended || (now is null && message is Redrive), $"{ended} became {now}");
        }

        bool IsTimeOutAfterRetry(Fact fact) =>
            fact is HistoryEvent { Type: HistoryEventType.ExecutionTimedOut }
            && decision.Facts.OfType<InvocationStarted>().Any();
    }

    /// <summary>Each accepted checkpoint spends the token that was current, and no token comes twice.</summary>
    private static void CheckTokens(DurableExecution before, Decision decision, HashSet<CheckpointToken> tokens)
    {
        if (decision.Facts.OfType<CheckpointAccepted>().SingleOrDefault() is { } accepted)
        {
            Assert.Equal(before.Token, accepted.Token);
            Assert.NotNull(decision.Checkpoint);
        }

        var changes = decision.Facts.Any(fact => fact is CheckpointAccepted or InvocationStarted);
        if (decision.After.Running is not null && changes)
        {
            Assert.True(tokens.Add(decision.After.Token), $"{decision.After.Token} was given out before");
        }
    }

    /// <summary>What holds of any state.</summary>
    private static void CheckState(DurableExecution state, DateTimeOffset now, Message message)
    {
        var open = state.Operations.Where(operation => operation.IsOpen).ToList();
        if (state.Status != DurableStatus.Running)
        {
            Assert.Null(state.Running);
            Assert.Null(state.NextDueAt);
            Assert.NotNull(state.EndedAt);
        }
        else
        {
            // The execution's own time-out and the retry of an invocation are the only timers of no operation.
            var timers = open.Select(ExecutionTimer.Of)
                .SelectMany(pair => new[] { pair.First, pair.Second })
                .OfType<ExecutionTimer>();
            Assert.Equal(timers.Order(), state.Timers.Where(timer => timer.Sequence > 0));
            Assert.Single(state.Timers, timer => timer.Kind == TimerKind.ExecutionTimeout);
            Assert.Equal(state.RetryAt is null ? 0 : 1, state.Timers.Count(t => t.Kind == TimerKind.InvocationRetry));
            Assert.True(state.Running is null || state.RetryAt is null);
            Assert.True(
                state.Running is not null || state.RetryAt is not null
                || (state.Unshown.IsEmpty && state.AwaitedCount > 0),
                "Nothing will ever wake it up.");
            Assert.True(message is not TimersDue || state.NextDueAt > now);
        }

        Assert.Equal(
            open.Where(operation => operation is { Type: OperationType.ChainedInvoke, Target.IsSent: false })
                .Select(operation => operation.Sequence),
            state.UnsentInvokes.AsEnumerable());
        Assert.Equal(
            open.Count(operation => operation.Type is OperationType.Wait or OperationType.Callback
                or OperationType.ChainedInvoke || operation.Status == OperationStatus.Pending),
            state.AwaitedCount);
        Assert.Equal(state.Operations.Count() - 1, state.SequenceById.Count);
        Assert.All(state.Operations, operation => Assert.Equal(operation, state.Find(operation.Id)));
    }

    /// <summary>What the input and all operations brought, whether it is still kept or not.</summary>
    private static long WrittenIn(IEnumerable<HistoryEvent> events) => events
        .Where(e => e.Type == HistoryEventType.ExecutionStarted || e.OperationId is not (null or "u-1"))
        .Sum(e => (e.Details.Payload?.Length ?? 0) + (e.Details.Target?.Input?.Length ?? 0)
            + OperationFold.Characters(e.Details.Error));

    /// <summary>What was written tells the same execution.</summary>
    private static void CheckJournal(Life life)
    {
        Assert.Equal(
            Enumerable.Range(1, life.Events.Count()).Select(id => (long)id), life.Events.Select(e => e.EventId));
        var decoded = FactCodecTests.Decode(FactCodec.Encode(life.Facts)).ToList();
        Assert.Equal(life.Facts, decoded);
        var folded = decoded.Aggregate(DurableExecution.Blank, (state, fact) => state.Apply(fact));
        Assert.Equal(Describe(life.State), Describe(folded));
    }

    private static string Describe(DurableExecution state) => string.Join(
        '\n',
        [
            state with { Running = null, LastCheckpoint = null },
            string.Join(',', state.Running?.UpdatedOperationIds ?? []),
            state.Running?.Number,
            state.LastCheckpoint?.Token,
            string.Join(',', state.LastCheckpoint?.Shown ?? []),
            string.Join(',', state.Unshown),
            string.Join(',', state.Timers),
            string.Join(',', state.UnsentInvokes),
            .. state.Operations,
        ]);
}
