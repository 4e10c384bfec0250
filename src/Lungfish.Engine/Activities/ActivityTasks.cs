using System.Collections.Concurrent;
using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;

namespace Lungfish.Engine.Activities;

/// <summary>Tasks that wait for an activity's worker, and workers that wait for tasks: first come, first
/// served.</summary>
/// <remarks>Soft state: recovery offers again what is scheduled and was not taken. Shared by all partitions.</remarks>
internal sealed class ActivityTasks(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ActivityQueue> _queues = new();
    private readonly ConcurrentDictionary<string, bool> _existing = new();
    private readonly ConcurrentDictionary<TaskAddress, ActivityQueue> _queueOfTask = new();

    public bool Exists(string activityArn) => _existing.ContainsKey(activityArn);

    public void SetExists(string activityArn, bool exists)
    {
        if (exists)
        {
            _existing[activityArn] = true;
        }
        else
        {
            _ = _existing.TryRemove(activityArn, out _);
        }
    }

    /// <summary>A durable task waits for a worker. The same task again is the same one.</summary>
    public void Offer(string activityArn, TaskAddress task, Partition partition)
    {
        var queue = QueueOf(activityArn);
        if (_queueOfTask.TryAdd(task, queue))
        {
            queue.Offer(task, partition);
        }
    }

    /// <summary>Nobody has to do this task any more.</summary>
    public void Withdraw(TaskAddress task)
    {
        if (_queueOfTask.TryRemove(task, out var queue))
        {
            queue.Withdraw(task);
        }
    }

    /// <summary>The worker is gone: the task waits for the next one, in front of the others.</summary>
    public void PutBack(TaskAddress task, Partition partition)
    {
        if (_queueOfTask.TryGetValue(task, out var queue))
        {
            queue.PutBack(task, partition);
        }
    }

    /// <summary>The engine stops: workers get no task and ask again.</summary>
    public void Stop()
    {
        foreach (var queue in _queues.Values)
        {
            queue.DismissPolls();
        }
    }

    public async Task<ActivityTask?> TakeAsync(
        string activityArn, string? workerName, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var queue = QueueOf(activityArn);
        var poll = new ActivityPoll(this, queue, workerName);
        queue.Poll(poll);
        try
        {
            return await AnswerOf(poll).WaitAsync(atMost, time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            if (poll.TryLeave())
            {
                queue.Remove(poll);
                cancellationToken.ThrowIfCancellationRequested();
                return null;
            }

            return await poll.Answer; // A task was taken for it in this instant, and is about to be durable.
        }
    }

    private static async Task<ActivityTask?> AnswerOf(ActivityPoll poll) => await poll.Answer;

    private ActivityQueue QueueOf(string activityArn) => _queues.GetOrAdd(activityArn, _ => new ActivityQueue());
}

/// <summary>The queue of one activity.</summary>
internal sealed class ActivityQueue
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(TaskAddress Task, Partition Partition)> _tasks = [];
    private readonly Dictionary<TaskAddress, LinkedListNode<(TaskAddress Task, Partition Partition)>> _places = [];
    private readonly LinkedList<ActivityPoll> _polls = [];

    public void Offer(TaskAddress task, Partition partition)
    {
        lock (_lock)
        {
            if (!_places.ContainsKey(task))
            {
                _places.Add(task, _tasks.AddLast((task, partition)));
            }
        }

        Match();
    }

    public void PutBack(TaskAddress task, Partition partition)
    {
        lock (_lock)
        {
            if (!_places.ContainsKey(task))
            {
                _places.Add(task, _tasks.AddFirst((task, partition)));
            }
        }

        Match();
    }

    public void Withdraw(TaskAddress task)
    {
        lock (_lock)
        {
            if (_places.Remove(task, out var place))
            {
                _tasks.Remove(place);
            }
        }
    }

    public void Poll(ActivityPoll poll)
    {
        lock (_lock)
        {
            _ = _polls.AddLast(poll);
        }

        Match();
    }

    /// <summary>The task that was found for it had gone: it is the next one's turn again.</summary>
    public void PollAgain(ActivityPoll poll)
    {
        lock (_lock)
        {
            _ = _polls.AddFirst(poll);
        }

        Match();
    }

    public void DismissPolls()
    {
        lock (_lock)
        {
            foreach (var poll in _polls)
            {
                poll.Dismiss();
            }

            _polls.Clear();
        }
    }

    public void Remove(ActivityPoll poll)
    {
        lock (_lock)
        {
            _ = _polls.Remove(poll);
        }
    }

    private void Match()
    {
        while (true)
        {
            TaskAddress task;
            Partition partition;
            ActivityPoll poll;
            lock (_lock)
            {
                if (_tasks.First is not { } first || _polls.First is not { } waiting)
                {
                    return;
                }

                (task, partition) = first.Value;
                poll = waiting.Value;
                _tasks.RemoveFirst();
                _ = _places.Remove(task);
                _polls.RemoveFirst();
            }

            partition.PostInternal(new TakeActivityTask(task, poll));
        }
    }
}

/// <summary>A worker that waits for a task.</summary>
internal sealed class ActivityPoll(ActivityTasks tasks, ActivityQueue queue, string? workerName)
{
    private const int Waiting = 0;
    private const int Claimed = 1;
    private const int Left = 2;

    private readonly TaskCompletionSource<ActivityTask?> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _state;

    public string? WorkerName => workerName;

    public Task<ActivityTask?> Answer => _answer.Task;

    public ActivityTasks Tasks => tasks;

    /// <summary>A task is about to be taken for it; false if the worker has gone away.</summary>
    public bool TryClaim() => Interlocked.CompareExchange(ref _state, Claimed, Waiting) == Waiting;

    /// <summary>The worker goes away; false if a task was taken for it already.</summary>
    public bool TryLeave() => Interlocked.CompareExchange(ref _state, Left, Waiting) == Waiting;

    /// <summary>There will be no task for it.</summary>
    public void Dismiss()
    {
        if (TryLeave())
        {
            _ = _answer.TrySetResult(null);
        }
    }

    public void PollAgain()
    {
        if (Volatile.Read(ref _state) == Waiting)
        {
            queue.PollAgain(this);
        }
    }

    public void Complete(ActivityTask task) => _ = _answer.TrySetResult(task);

    public void Fail(Exception reason) => _ = _answer.TrySetException(reason);
}
