using System.Collections.Immutable;
using Lungfish.Durable.Journal;

namespace Lungfish.Durable.Deciding;

/// <summary>Checkpoints: all updates of one are accepted, or none.</summary>
internal static class CheckpointDecider
{
    /// <summary>Documented: how long a request may be repeated with its client token.</summary>
    private static readonly TimeSpan RepeatWindow = TimeSpan.FromMinutes(15);

    public static Refusal? WhenReceived(Turn turn, CheckpointReceived received)
    {
        var execution = turn.Execution;
        if (FindRepeated(turn, received) is { } last)
        {
            // Operations that have changed since are shown again with the next checkpoint.
            turn.Answer = new CheckpointAnswer(NextToken(execution), Shown(execution, last.Shown));
            return null;
        }

        if (CheckToken(execution, received.Token) is { } invalid)
        {
            return invalid;
        }

        // SDKs poll with empty checkpoints for what is due; nothing that is due may look open to them.
        TimerDecider.CompleteDue(turn);
        if (ApplyAll(turn, received.Updates) is { } refusal)
        {
            return refusal;
        }

        var shown = turn.Execution.Unshown;
        turn.Record(new CheckpointAccepted(received.Token, received.ClientToken, turn.Now));
        turn.Answer = new CheckpointAnswer(NextToken(turn.Execution), Shown(turn.Execution, shown));
        return null;
    }

    private static Refusal? ApplyAll(Turn turn, ImmutableArray<OperationUpdate> updates)
    {
        var seen = new Dictionary<string, OperationUpdate>(StringComparer.Ordinal);
        for (var i = 0; i < updates.Length; i++)
        {
            var update = updates[i];
            if (update.Type == OperationType.Execution && i < updates.Length - 1)
            {
                return Refusal.Invalid("The update of the EXECUTION must be the last one of a checkpoint.");
            }

            var refusal = UpdateShape.Check(update, turn.Limits)
                ?? UpdateRules.CheckOrder(seen, update)
                ?? UpdateRules.CheckState(turn, update);
            if (refusal is not null)
            {
                return refusal;
            }

            UpdateDecider.Apply(turn, update);
        }

        return turn.Execution.WrittenCharacters > turn.Limits.WrittenCharactersMax
            ? Refusal.Invalid(
                $"With this checkpoint the execution would have written {turn.Execution.WrittenCharacters} characters; "
                + $"{turn.Limits.WrittenCharactersMax} are allowed.")
            : null;
    }

    private static LastCheckpoint? FindRepeated(Turn turn, CheckpointReceived received) =>
        turn.Execution.LastCheckpoint is { } last
        && last.Token == received.Token
        && last.ClientToken == received.ClientToken
        && turn.Now - last.At <= RepeatWindow
        && received.Updates.All(update => IsRepeated(turn.Execution, last, update))
            ? last
            : null;

    /// <summary>The answer to a checkpoint shows every operation that it updated: one that it does not show was not in
    /// it, and this is another request under the same tokens.</summary>
    private static bool IsRepeated(DurableExecution execution, LastCheckpoint last, OperationUpdate update) =>
        update.Type == OperationType.Execution
        || (execution.SequenceById.TryGetValue(update.Id, out var sequence) && last.Shown.Contains(sequence));

    /// <summary>SDKs look at the beginning of the message: it makes them fail the invocation, to be invoked again,
    /// rather than the execution.</summary>
    private static Refusal? CheckToken(DurableExecution execution, CheckpointToken token)
    {
        var reason = execution switch
        {
            { IsOver: true } => $"the execution has ended and is {WireNames.Of(execution.Status)}",
            { Running: null } => "no invocation of the execution is running",
            { Running: var running } when token.Invocation != running.Number =>
                $"it belongs to invocation {token.Invocation}, and invocation {running.Number} is running",
            { Checkpoints: var next } when token.Checkpoint < next =>
                "it has been used already, and each checkpoint returns the token of the next",
            { Checkpoints: var next } when token.Checkpoint > next => "it has never been given out",
            _ => null,
        };
        return reason is null ? null : Refusal.Invalid($"Invalid Checkpoint Token: {reason}.");
    }

    private static CheckpointToken? NextToken(DurableExecution execution) =>
        execution.Running is null ? null : execution.Token;

    private static ImmutableArray<Operation> Shown(DurableExecution execution, ImmutableSortedSet<int> sequences) =>
        [.. sequences.Select(sequence => execution.BySequence[sequence])];
}
