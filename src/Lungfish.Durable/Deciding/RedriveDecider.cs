using Lungfish.Durable.Journal;

namespace Lungfish.Durable.Deciding;

/// <summary>Our extension: a failed, timed-out or stopped execution goes on from what failed.</summary>
/// <remarks>An operation is reset by forgetting it: the replay finds none and does it again, and the contexts around it
/// too. What has completed stays, and so is not done twice.</remarks>
internal static class RedriveDecider
{
    public static Refusal? WhenRedriven(Turn turn)
    {
        var execution = turn.Execution;
        if (execution.Status is DurableStatus.Running or DurableStatus.Succeeded)
        {
            return new Refusal(
                RefusalCodes.ResourceConflict,
                "Only an execution that has failed, timed out or was stopped can be redriven; this one is "
                + $"{WireNames.Of(execution.Status)}.");
        }

        // One that timed out or was stopped has not failed: its code is just run again.
        var reset = execution.Status == DurableStatus.Failed ? FailedOperations.FindToReset(execution) : [];
        turn.EmitOfExecution(HistoryEventType.ExecutionRedriven, EventDetails.None);
        if (!reset.IsEmpty)
        {
            turn.Record(new OperationsReset(reset));
        }

        // The end withdrew and abandoned them; those that are still open count again.
        foreach (var callback in turn.Execution.OpenCallbacks)
        {
            turn.Want(new OfferCallback(callback));
        }

        foreach (var invoke in turn.Execution.SentInvokes)
        {
            turn.Want(new SendInvoke(invoke));
        }

        InvocationDecider.Invoke(turn);
        return null;
    }
}
