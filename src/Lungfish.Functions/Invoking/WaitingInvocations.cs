using System.Diagnostics.CodeAnalysis;

namespace Lungfish.Functions.Invoking;

/// <summary>Invocations without a process, first come first served. Guarded by the pool's lock.</summary>
internal sealed class WaitingInvocations
{
    private readonly Queue<Invocation> _queue = new();

    // Those that had left it already, and come before all others.
    private readonly Stack<Invocation> _again = new();

    public int Count => _queue.Count + _again.Count;

    public void Add(Invocation invocation) => _queue.Enqueue(invocation);

    /// <param name="invocations">The one that came last stands first.</param>
    public void AddAgain(IEnumerable<Invocation> invocations)
    {
        foreach (var invocation in invocations)
        {
            _again.Push(invocation);
        }
    }

    /// <summary>When the one came that has waited longest.</summary>
    public bool TryGetOldest(out long queuedAt)
    {
        var any = _again.TryPeek(out var oldest) || _queue.TryPeek(out oldest);
        queuedAt = oldest?.QueuedAt ?? 0;
        return any;
    }

    /// <summary>The next one that somebody still waits for.</summary>
    public bool TryTake([NotNullWhen(true)] out Invocation? invocation)
    {
        while (_again.TryPop(out invocation) || _queue.TryDequeue(out invocation))
        {
            if (!invocation.IsAbandoned)
            {
                return true;
            }
        }

        return false;
    }

    public void RefuseAll(Func<Exception> refusal)
    {
        while (_again.TryPop(out var invocation) || _queue.TryDequeue(out invocation))
        {
            invocation.Refuse(refusal());
        }
    }
}
