namespace Lungfish.Engine.Partitions;

/// <summary>Somebody who waits for the end of an execution.</summary>
internal interface IWaiter : IHeld
{
    /// <summary>The execution has ended: takes what to tell once that is durable.</summary>
    void Ended(Resident resident);

    bool HasLeft { get; }
}

/// <summary>Those who wait for executions of a partition to end.</summary>
internal sealed class Waiters
{
    private readonly Dictionary<Guid, List<IWaiter>> _byExecution = [];

    public void Add(Resident resident, IWaiter waiter)
    {
        if (_byExecution.TryGetValue(resident.Id.Uuid, out var waiters))
        {
            _ = waiters.RemoveAll(other => other.HasLeft);
            waiters.Add(waiter);
        }
        else
        {
            _byExecution.Add(resident.Id.Uuid, [waiter]);
        }
    }

    public void Answer(Resident resident, Work work)
    {
        if (_byExecution.Remove(resident.Id.Uuid, out var waiters))
        {
            foreach (var waiter in waiters)
            {
                waiter.Ended(resident);
                work.Held.Add(new HeldEffect(resident, waiter));
            }
        }
    }

    public void Drop(Exception reason)
    {
        foreach (var waiter in _byExecution.Values.SelectMany(waiters => waiters))
        {
            waiter.Cancel(reason);
        }

        _byExecution.Clear();
    }
}
