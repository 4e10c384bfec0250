using System.Diagnostics.CodeAnalysis;

namespace Lungfish.Functions.Invoking;

/// <summary>Invocations without a process, first come first served. Guarded by the pool's lock.</summary>
internal sealed class WaitingInvocations
{
    private readonly Queue<Invocation> _queue = new();

    public int Count => _queue.Count;

    public void Add(Invocation invocation) => _queue.Enqueue(invocation);

    /// <summary>When the one came that has waited longest.</summary>
    public bool TryGetOldest(out long queuedAt)
    {
        var any = _queue.TryPeek(out var oldest);
        queuedAt = oldest?.QueuedAt ?? 0;
        return any;
    }

    /// <summary>The next one that somebody still waits for.</summary>
    public bool TryTake([NotNullWhen(true)] out Invocation? invocation)
    {
        while (_queue.TryDequeue(out invocation))
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
        while (_queue.TryDequeue(out var invocation))
        {
            invocation.Refuse(refusal());
        }
    }
}
