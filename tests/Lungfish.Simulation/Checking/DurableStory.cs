using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Engine.Durable;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;

namespace Lungfish.Simulation.Checking;

/// <summary>A durable execution: the fold of what is committed, and what each fact must keep to.</summary>
internal sealed class DurableStory(Guid id, ExecutionKey key, Action<string, string> violate) : Story(id, key)
{
    private readonly HashSet<string> _invocations = [];
    private readonly HashSet<CheckpointToken> _accepted = [];
    private CheckpointToken _nextToken;
    private long _lastEvent;

    public DurableExecution Fold { get; private set; } = DurableExecution.Blank;

    public override bool IsClosed => Fold.Status != DurableStatus.Running;

    /// <summary>It may be told to have ended although it has been resumed since.</summary>
    public bool WasRedriven { get; private set; }

    public bool HasBegun(string requestId) => _invocations.Contains(requestId);

    public bool HasAccepted(CheckpointToken token) => _accepted.Contains(token);

    public override void Add(StoredSegment segment, DateTimeOffset now)
    {
        var before = Fold;
        var reset = new HashSet<int>();
        foreach (var fact in DurableJournal.Facts(segment))
        {
            switch (fact)
            {
                case InvocationStarted started:
                    _ = _invocations.Add(started.RequestId);
                    break;
                case CheckpointAccepted accepted:
                    if (accepted.Token != _nextToken || !_accepted.Add(accepted.Token))
                    {
                        violate("I17", $"{this} takes {accepted.Token}, and {_nextToken} is the next.");
                    }

                    break;
                case OperationsReset forgotten:
                    reset.UnionWith(forgotten.Sequences);
                    break;
                case HistoryEvent happened:
                    Check(happened, now);
                    break;
            }

            Fold = Fold.Apply(fact);
            _nextToken = Fold.Running is null ? _nextToken : Fold.Token; // It may be the last fact that takes it.
        }

        CheckOperations(before, reset);
    }

    private void Check(HistoryEvent happened, DateTimeOffset now)
    {
        if (happened.EventId != ++_lastEvent)
        {
            violate("I2", $"Event {happened.EventId} of {this} follows {_lastEvent - 1}.");
        }

        if (IsClosed && happened.Type != HistoryEventType.ExecutionRedriven)
        {
            violate("I11", $"{this} has ended, and then there is {happened.Type}.");
        }

        if (happened.Timestamp > now)
        {
            violate("I12", $"{happened.Type} of {this} happened at {happened.Timestamp:O}, and it is {now:O}.");
        }

        WasRedriven |= happened.Type == HistoryEventType.ExecutionRedriven;
        var operation = happened.OperationId is { } operationId ? Fold.Find(operationId) : null;
        var due = happened.Type switch
        {
            HistoryEventType.WaitSucceeded => operation?.ScheduledEndAt,
            HistoryEventType.CallbackTimedOut => Earlier(
                operation?.Callback?.TimeoutAt, operation?.Callback?.HeartbeatAt),
            HistoryEventType.ExecutionTimedOut => Fold.NextDueAt,
            _ => null,
        };
        if (due > happened.Timestamp)
        {
            violate("I12", $"{happened.Type} of {this} is due at {due:O}, and happened at {happened.Timestamp:O}.");
        }
    }

    /// <summary>What has ended stays as it ended, unless a redrive forgets it.</summary>
    private void CheckOperations(DurableExecution before, HashSet<int> reset)
    {
        foreach (var operation in before.Operations)
        {
            if (operation.Sequence > 0 && !operation.IsOpen && !reset.Contains(operation.Sequence)
                && Fold.Find(operation.Sequence)?.Status != operation.Status)
            {
                violate("I17", $"Operation {operation.Id} of {this} was {operation.Status}, and is so no more.");
            }
        }
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other : one;
}
