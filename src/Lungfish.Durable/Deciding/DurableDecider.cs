using System.Diagnostics;
using Lungfish.Durable.Journal;

namespace Lungfish.Durable.Deciding;

/// <summary>What follows from what happened, for a durable execution. Pure: changes nothing.</summary>
public static class DurableDecider
{
    public static Decision Decide(
        DurableExecution execution, Message message, DateTimeOffset now, Seed seed, ISurroundings surroundings)
    {
        var turn = new Turn(execution, now, seed, surroundings);
        if (Handle(turn, message) is { } refusal)
        {
            return new Decision([], [], execution) { Refusal = refusal }; // What was decided before it is void.
        }

        InvocationDecider.WakeUp(turn);
        return turn.ToDecision();
    }

    /// <returns>Null unless the message is refused.</returns>
    private static Refusal? Handle(Turn turn, Message message) => message switch
    {
        Start start => WhenStarted(turn, start),
        CheckpointReceived received => CheckpointDecider.WhenReceived(turn, received),
        InvocationEnded ended => InvocationDecider.WhenEnded(turn, ended),
        TimersDue => TimerDecider.WhenDue(turn),
        CallbackSucceeded succeeded => CallbackDecider.WhenSucceeded(turn, succeeded),
        CallbackFailed failed => CallbackDecider.WhenFailed(turn, failed),
        CallbackHeartbeat heartbeat => CallbackDecider.WhenHeartbeat(turn, heartbeat),
        ChainedInvokeEnded ended => ChainedInvokeDecider.WhenEnded(turn, ended),
        Stop stop => EndDecider.WhenStopped(turn, stop),
        Redrive => RedriveDecider.WhenRedriven(turn),
        _ => throw new UnreachableException($"No decision for {message.GetType().Name}."),
    };

    private static Refusal? WhenStarted(Turn turn, Start start)
    {
        Debug.Assert(turn.Execution.Identity is null, "An execution starts once.");
        turn.EmitOfExecution(
            HistoryEventType.ExecutionStarted, new EventDetails { Identity = start.Identity, Payload = start.Input });
        InvocationDecider.Invoke(turn);
        return null;
    }
}
