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

/// <summary>Processes that ask for work, the warmest on top. Guarded by the pool's lock.</summary>
internal sealed class IdleEnvironments
{
    private readonly Stack<ExecutionEnvironment> _stack = new();

    public void Add(ExecutionEnvironment environment) => _stack.Push(environment);

    public bool TryTake([NotNullWhen(true)] out ExecutionEnvironment? environment) => _stack.TryPop(out environment);

    public ExecutionEnvironment[] Where(Func<ExecutionEnvironment, bool> condition) => [.. _stack.Where(condition)];

    public void Remove(ExecutionEnvironment environment)
    {
        var others = _stack.Where(e => e != environment).Reverse().ToArray();
        _stack.Clear();
        foreach (var other in others)
        {
            _stack.Push(other);
        }
    }
}
