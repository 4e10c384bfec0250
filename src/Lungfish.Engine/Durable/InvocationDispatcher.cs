using System.Collections.Concurrent;
using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Engine.Faults;
using Microsoft.Extensions.Logging;

namespace Lungfish.Engine.Durable;

/// <summary>Invokes functions, so many at a time; the others wait in their order.</summary>
internal sealed class InvocationDispatcher(IDurableFunctions functions, int runningMax, ILogger logger)
{
    private readonly ConcurrentQueue<InvocationRun> _waiting = new();
    private int _pending;
    private int _running;

    /// <summary>How many wait for a place, or for the commit that says that they begin.</summary>
    public int PendingCount => Volatile.Read(ref _pending);

    /// <summary>As many wait as may run: those that sleep need not be woken to wait, too.</summary>
    public bool IsCrowded => PendingCount >= runningMax;

    /// <summary>Told when it is crowded no more.</summary>
    public Action HasRoom { get; set; } = static () => { };

    /// <summary>One more will come: <see cref="Start"/> or <see cref="Forget"/> follows.</summary>
    public void Expect() => _ = Interlocked.Increment(ref _pending);

    /// <summary>One that was expected does not come, or waits no more.</summary>
    public void Forget()
    {
        if (Interlocked.Decrement(ref _pending) == runningMax - 1)
        {
            HasRoom();
        }
    }

    public void Start(InvocationRun run)
    {
        if (Interlocked.Increment(ref _running) > runningMax)
        {
            _waiting.Enqueue(run);
            Leave();
            return;
        }

        Forget();
        if (run.IsLarge)
        {
            _ = RunAsync(run, elsewhere: true); // Others of its partition need not wait until its envelope is written.
        }
        else
        {
            _ = RunAsync(run, elsewhere: false);
        }
    }

    private async Task RunAsync(InvocationRun run, bool elsewhere)
    {
        if (elsewhere)
        {
            await Task.Yield();
        }

        try
        {
            if (!run.Cancelled.IsCancellationRequested)
            {
                var outcome = await functions.InvokeAsync(run.MakeInvocation(), run.Cancelled);
                CrashPoints.Pass(CrashPoint.BeforeInvocationResult);
                if (outcome is InvocationFaulted { Error: var error } && run.View.Failures == 0)
                {
                    // Of several in a row only the first, so that a function that always fails does not fill the log.
                    Log.InvocationFaulted(logger, run.ExecutionArn, error.ErrorType, error.ErrorMessage);
                }

                run.Ended(outcome);
            }
        }
        catch (Exception) when (run.Cancelled.IsCancellationRequested)
        {
            // Nobody waits; how it ended tells nothing.
        }
        catch (Exception e)
        {
            Log.InvocationThrew(logger, run.ExecutionArn, e);
            run.Ended(new InvocationFaulted(
                new ErrorObject { ErrorType = "Server.InvocationFailed", ErrorMessage = e.Message }));
        }

        Leave();
    }

    /// <summary>Gives a free place to those who wait.</summary>
    private void Leave()
    {
        while (true)
        {
            _ = Interlocked.Decrement(ref _running);
            if (_waiting.IsEmpty || !TryEnter())
            {
                return;
            }

            if (_waiting.TryDequeue(out var next))
            {
                _ = RunAsync(next, elsewhere: true); // It holds the place until it is done.
                Forget();
                return;
            }
        }
    }

    private bool TryEnter()
    {
        if (Interlocked.Increment(ref _running) <= runningMax)
        {
            return true;
        }

        _ = Interlocked.Decrement(ref _running);
        return false;
    }
}
