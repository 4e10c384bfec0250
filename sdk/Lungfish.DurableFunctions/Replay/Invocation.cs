using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Lungfish.DurableFunctions;

/// <summary>One invocation of a durable function: what is known, what is at work, and what waits.</summary>
/// <remarks>
/// It is suspended at the moment at which nothing of it can go on. For that, everything that can is counted: bodies
/// of contexts without an operation under way, operations that do not wait for the outside, and calls of the service.
/// </remarks>
internal sealed class Invocation : IDisposable
{
    private readonly TaskCompletionSource<InvocationOutcome> _ended = new();
    private readonly CancellationTokenSource _shutdown = new(); // Has no timer: nothing to dispose of.
    private readonly List<Waiter> _waiters = [];
    private ResumeTimer? _resumeTimer;
    private bool _isOver;
    private int _atWork;

    public Invocation(
        DurableExecutionInvocationInput input, ILambdaContext lambdaContext, DurableFunctionOptions options)
    {
        ExecutionArn = input.DurableExecutionArn;
        LambdaContext = lambdaContext;
        Options = options;
        Shutdown = _shutdown.Token;
        Plugins = new PluginHost(options.Plugins, this);
        Checkpoints = new Checkpointer(
            this, options.ServiceClient ?? HttpDurableServiceClient.Shared, input.CheckpointToken);
    }

    public Lock Gate { get; } = new();

    public string ExecutionArn { get; }

    public ILambdaContext LambdaContext { get; }

    public DurableFunctionOptions Options { get; }

    /// <summary>Where lines of the workflow go before anything is configured.</summary>
    public ILogger Log => field ??= Options.Logger ?? new JsonLineLogger(Options.TimeProvider);

    public OperationStore Operations { get; } = new();

    public Checkpointer Checkpoints { get; }

    public PluginHost Plugins { get; }

    /// <summary>Cancelled when the invocation is over: what still runs works for nothing.</summary>
    public CancellationToken Shutdown { get; }

    /// <summary>Completes inside the work that ended the invocation: what follows needs no other thread.</summary>
    public Task<InvocationOutcome> Ended => _ended.Task;

    public bool WasReached(string id)
    {
        lock (Gate)
        {
            return Operations.WasReached(id);
        }
    }

    public Operation? Find(string id)
    {
        lock (Gate)
        {
            return Operations.Find(id);
        }
    }

    // --- what is at work ---

    public void Enter()
    {
        lock (Gate)
        {
            _atWork++;
        }
    }

    public void Exit() => Change(static _ => -1, this);

    public void BeginBody(ContextScope scope) => Change(static scope => scope.BeginBody(), scope);

    public void EndBody(ContextScope scope) => Change(static scope => scope.EndBody(), scope);

    /// <summary>An operation begins and is at work.</summary>
    /// <returns>False if nobody is interested in it any more: it must not do anything.</returns>
    public bool TryBeginOperation(ContextScope scope)
    {
        lock (Gate)
        {
            if (_isOver || scope.IsOrphan)
            {
                return false;
            }

            _atWork += 1 + scope.BeginOperation();
            return true;
        }
    }

    /// <summary>
    /// An operation is about to give its result: from now on the body is at work again, and so is it.
    /// </summary>
    public void EndOperation(ContextScope scope)
    {
        lock (Gate)
        {
            _atWork += scope.EndOperation();
        }
    }

    private void Change<T>(Func<T, int> by, T argument)
    {
        lock (Gate)
        {
            _atWork += by(argument);
            Debug.Assert(_atWork >= 0, "More work ended than began.");
            if (_atWork > 0 || _isOver)
            {
                return;
            }

            _isOver = true;
        }

        Finish(InvocationOutcome.Suspended);
    }

    // --- waiting for the outside ---

    /// <summary>Waits, not at work, until the operation can go on; at work again when the task completes.</summary>
    public async Task<Operation> WaitForOutsideAsync(
        ContextScope scope, string id, CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (Gate)
        {
            if (Operations.Find(id) is { } known && Waiter.CanGoOn(known))
            {
                return known;
            }

            cancellationToken.ThrowIfCancellationRequested();
            waiter = new Waiter(id, scope);
            _waiters.Add(waiter);
        }

        if (cancellationToken.CanBeCanceled)
        {
            waiter.Registration = cancellationToken.UnsafeRegister(_ => GiveUp(waiter, cancellationToken), null);
        }

        Exit();
        PlanPoll(waiter);
        var operation = await waiter.Task.ConfigureAwait(false);
        await waiter.Registration.DisposeAsync().ConfigureAwait(false);
        return operation;
    }

    /// <summary>Takes in what the service reported, and wakes who can go on.</summary>
    public void Apply(IReadOnlyList<Operation> operations)
    {
        List<(Waiter Waiter, Operation Operation)>? woken = null;
        List<OperationChange>? changes = Plugins.Any ? [] : null;
        lock (Gate)
        {
            foreach (var operation in operations)
            {
                if (operation.Type == OperationTypes.Execution)
                {
                    continue;
                }

                var previous = Operations.Put(operation);
                changes?.Add(new OperationChange(previous, operation));
                if (_waiters.Count == 0 || !Waiter.CanGoOn(operation))
                {
                    continue;
                }

                for (var i = _waiters.Count - 1; i >= 0; i--)
                {
                    if (_waiters[i].Id == operation.Id)
                    {
                        (woken ??= []).Add((_waiters[i], operation));
                        _waiters.RemoveAt(i);
                        _atWork++; // On its behalf, so that there is no moment without work.
                    }
                }
            }
        }

        if (changes is not null)
        {
            Plugins.OperationsChanged(changes);
        }

        foreach (var (waiter, operation) in woken ?? [])
        {
            waiter.GoOn(operation);
        }
    }

    private void GiveUp(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (Gate)
        {
            if (!_waiters.Remove(waiter))
            {
                return;
            }

            _atWork++;
        }

        waiter.Cancel(cancellationToken);
    }

    /// <summary>While something else is at work, the service is asked at the time at which this could go on.</summary>
    private void PlanPoll(Waiter waiter)
    {
        lock (Gate)
        {
            if (_isOver || !_waiters.Contains(waiter) || Operations.Find(waiter.Id) is not { } operation)
            {
                return;
            }

            waiter.PlanPoll(operation, Options.TimeProvider.GetUtcNow());
            _resumeTimer ??= new ResumeTimer(this);
            _resumeTimer.Plan(waiter.PollAt);
        }
    }

    /// <summary>When to poll next, after those that are due have been looked at in vain.</summary>
    public DateTimeOffset? NextPollAfter(DateTimeOffset now)
    {
        lock (Gate)
        {
            DateTimeOffset? next = null;
            foreach (var waiter in _waiters)
            {
                if (waiter.Scope.IsOrphan)
                {
                    continue;
                }

                if (waiter.PollAt <= now)
                {
                    waiter.PlanNextPoll(now);
                }

                next = next < waiter.PollAt ? next : waiter.PollAt;
            }

            return _isOver ? null : next;
        }
    }

    // --- the end ---

    public bool IsOver
    {
        get
        {
            lock (Gate)
            {
                return _isOver;
            }
        }
    }

    /// <summary>Ends the invocation, unless it has ended.</summary>
    public void End(InvocationOutcome outcome)
    {
        lock (Gate)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
        }

        Finish(outcome);
    }

    public void Dispose()
    {
        _resumeTimer?.Dispose();
        Checkpoints.Dispose();
    }

    private void Finish(InvocationOutcome outcome)
    {
        _resumeTimer?.Dispose();

        // What the author registered for it may be slow or throw: neither delays or changes the answer.
        _ = _shutdown.CancelAsync();
        _ended.TrySetResult(outcome);
    }
}
