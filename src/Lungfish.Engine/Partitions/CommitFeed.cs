using Lungfish.Engine.Api;

namespace Lungfish.Engine.Partitions;

/// <summary>Tells subscribers what became durable, in the order of the commits.</summary>
internal sealed class CommitFeed
{
    /// <summary>Executions of state machines that close.</summary>
    public Feed<ExecutionSummary> Closed { get; } = new();

    /// <summary>Durable executions that start, are redriven or close.</summary>
    public Feed<DurableSummary> Durable { get; } = new();

    /// <summary>Of single executions that are open.</summary>
    public ProgressFeed Progress { get; } = new();

    public void Publish(Work work)
    {
        Progress.Publish(work);
        if (!Closed.HasSubscribers && !Durable.HasSubscribers)
        {
            return;
        }

        for (var i = 0; i < work.Deltas.Count; i++)
        {
            work.Residents[i].Tell(this, work.Deltas[i]);
        }
    }

    public void Complete()
    {
        Closed.Complete();
        Durable.Complete();
    }
}
