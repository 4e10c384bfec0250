using System.Diagnostics.CodeAnalysis;
using Lungfish.Engine;
using Lungfish.Functions.Processes;
using Lungfish.Functions.RuntimeApi;

namespace Lungfish.Functions.Invoking;

/// <summary>The invocations of one function at one revision: they wait for a process, run in it, and end.</summary>
/// <remarks>All transitions happen under one lock and are short; what can block happens outside of it.</remarks>
/// <param name="perProcess">Invocations that one process runs at once.</param>
internal sealed class FunctionPool(FunctionConfiguration function, int perProcess, PoolServices services)
{
    private readonly Lock _gate = new();
    private readonly WaitingInvocations _waiting = new();
    private readonly ExecutionEnvironments _environments = new(function, perProcess, services);
    private bool _closed;
    private bool _retired;

    public FunctionConfiguration Function => function;
    public int PerProcess => perProcess;

    /// <summary>It works for one tenant alone.</summary>
    public bool IsIsolated { get; init; }

    public Task<FunctionOutcome> Run(Invocation invocation)
    {
        (RuntimeConnection To, RunningInvocation Running)? given = null;
        lock (_gate)
        {
            if (_closed)
            {
                invocation.Refuse(LambdaErrors.ServiceStopping());
            }
            else if (_environments.Requests.Warmest is { } environment)
            {
                given = (_environments.Requests.Take(environment), Begin(environment, invocation));
            }
            else if (_waiting.Count >= services.Options.WaitingMax)
            {
                invocation.Refuse(LambdaErrors.Throttled());
            }
            else
            {
                _waiting.Add(invocation);
                Grow();
            }
        }

        given?.To.Give(given.Value.Running);
        return invocation.Outcome;
    }

    /// <summary>A process asks for work: the task ends with an invocation, or with the process or connection.</summary>
    /// <returns>False: it has as many as it may already, and the protocol forbids it.</returns>
    public bool TryNext(RuntimeConnection connection, [NotNullWhen(true)] out Task<RunningInvocation>? next)
    {
        lock (_gate)
        {
            var environment = connection.Environment;
            next = environment.Stage == EnvironmentStage.Ended ? null
                : connection.IsClosed ? WorkRequests.Cancelled
                : environment.TakeUndelivered() is { } again ? Task.FromResult(again)
                : _environments.Requests.HasPlace(environment) ? Ready(connection)
                : null;
            return next is not null;
        }
    }

    /// <summary>The process has gone away from its request for work before it got this.</summary>
    public void NotDelivered(ExecutionEnvironment environment, RunningInvocation running)
    {
        RuntimeConnection? another;
        lock (_gate)
        {
            another = _environments.Requests.TakeAgain(environment, running);
        }

        another?.Give(running);
    }

    /// <summary>The process will get nothing more on this connection.</summary>
    public void ConnectionClosed(RuntimeConnection connection)
    {
        lock (_gate)
        {
            connection.IsClosed = true;
            var environment = connection.Environment;
            _environments.Requests.Withdraw(environment, connection);
            if (environment.IsSilent && environment.Clock is null)
            {
                environment.Clock = services.Time.CreateTimer(
                    _ => EndIfSilent(environment), null, function.Timeout, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>The process could answer all that it runs on this channel alone, which has ended.</summary>
    public void ChannelEnded(RuntimeConnection channel, bool atOnce)
    {
        ConnectionClosed(channel);
        lock (_gate)
        {
            channel.Environment.KillSoon(atOnce, services.Time);
        }
    }

    public RunningInvocation? FindRunning(ExecutionEnvironment environment, string requestId)
    {
        lock (_gate)
        {
            return environment.Stage == EnvironmentStage.Serving ? environment.FindRunning(requestId) : null;
        }
    }

    /// <summary>The process has answered. False: too late, or for the second time.</summary>
    public bool Answer(ExecutionEnvironment environment, RunningInvocation running, FunctionOutcome outcome)
    {
        TimeSpan duration;
        lock (_gate)
        {
            if (environment.Stage != EnvironmentStage.Serving || !environment.TryEnd(running) || running.IsTimedOut)
            {
                return false;
            }

            duration = services.Time.GetElapsedTime(running.StartedAt);
            _environments.Ran(environment, duration);
            if (environment.IsSilent)
            {
                environment.Clock = running.Clock; // It is to ask for more before that one's time is up.
            }
            else
            {
                running.StopClock();
            }
        }

        environment.Finish(running, duration, outcome, status: null, remark: null);
        return true;
    }

    /// <summary>The process could not load the function; it will end.</summary>
    public void InitFailed(ExecutionEnvironment environment, FunctionOutcome outcome) =>
        Locked(() => environment.InitError ??= outcome);

    public void ProcessStarted(ExecutionEnvironment environment, FunctionProcess process)
    {
        lock (_gate)
        {
            environment.Process = process;
            if (environment.Stage == EnvironmentStage.Ended)
            {
                process.Kill(); // It was not wanted any more while it started.
            }
        }
    }

    public void ProcessExited(ExecutionEnvironment environment, string how)
    {
        IReadOnlyList<(RunningInvocation Running, TimeSpan Duration)> interrupted;
        List<(RuntimeConnection To, RunningInvocation Running)> given;
        lock (_gate)
        {
            if (environment.Stage != EnvironmentStage.Ended || environment.InitError is not null)
            {
                _environments.Failed();
            }

            _waiting.AddAgain(environment.TakeBack());
            interrupted = environment.FindInterrupted(services.Time);
            if (environment.Stage == EnvironmentStage.Starting && _waiting.TryTake(out var told))
            {
                // Somebody must hear of it; with nobody told, they would wait for the next process that fails.
                interrupted = [(environment.Begin(told, services.Time.GetTimestamp()), TimeSpan.Zero)];
            }

            _environments.End(environment);
            given = BeginWaiting();
            _environments.Remove(environment);
            Grow();
        }

        given.ForEach(begun => begun.To.Give(begun.Running));
        environment.FinishInterrupted(interrupted, how);
    }

    public void ProcessNotStarted(ExecutionEnvironment environment, Exception reason)
    {
        Invocation? refused;
        lock (_gate)
        {
            _environments.Failed();
            _environments.Remove(environment);
            Grow();
            _ = _waiting.TryTake(out refused);
        }

        refused?.Refuse(reason as ApiException ?? LambdaErrors.RuntimeMissing(
            $"The function's process could not be started: {reason.Message}"));
    }

    /// <summary>Ends what was idle for too long, kills what takes too much of the machine, starts what is
    /// missing.</summary>
    /// <param name="groups">All process groups if it is time to look at them; idle ones are looked at then.</param>
    public void Tend(Dictionary<int, GroupUse>? groups)
    {
        IReadOnlyList<ExecutionEnvironment> watched;
        lock (_gate)
        {
            _environments.EndIdle(services.Options.IdleMax);
            Grow();
            watched = _environments.FindWatched(idleToo: groups is not null);
        }

        foreach (var environment in watched)
        {
            environment.KillIfExcessive(function, groups, services.Logger);
        }
    }

    /// <summary>Another revision takes over: what is here already is done, and each process ends after its last
    /// one.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            _retired = true;
            _environments.EndIdle(TimeSpan.Zero);
        }
    }

    /// <summary>Ends everything now; the task ends with the last process.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            _waiting.RefuseAll(LambdaErrors.ServiceStopping);
            return _environments.EndAll(LambdaErrors.ServiceStopping);
        }
    }

    public bool IsEmpty => Locked(() => _environments.IsEmpty && _waiting.Count == 0);

    /// <summary>A process of it starts or works.</summary>
    public bool IsBusy => Locked(() => _environments.IsBusy);

    /// <summary>Invocations wait for a process.</summary>
    public bool IsShort => Locked(() => _waiting.Count > 0);

    /// <summary>What each of its processes has used of the processors.</summary>
    public IReadOnlyList<TimeSpan> ReadProcessorTimes() => Locked(_environments.ReadProcessorTimes);

    private T Locked<T>(Func<T> work)
    {
        lock (_gate)
        {
            return work();
        }
    }

    private Task<RunningInvocation> Ready(RuntimeConnection connection)
    {
        var environment = connection.Environment;
        environment.StopClock();
        if (environment.Stage == EnvironmentStage.Starting)
        {
            _environments.Serve(environment);
        }

        if (_waiting.TryTake(out var invocation))
        {
            return Task.FromResult(Begin(environment, invocation));
        }

        if (_retired && !environment.IsWorking)
        {
            _environments.End(environment);
            return WorkRequests.Cancelled;
        }

        return _environments.Requests.Park(connection);
    }

    /// <summary>Begins what waits, as far as processes have room; to be given to them outside of the lock.</summary>
    private List<(RuntimeConnection To, RunningInvocation Running)> BeginWaiting()
    {
        var begun = new List<(RuntimeConnection, RunningInvocation)>();
        while (_environments.Requests.Warmest is { } environment && _waiting.TryTake(out var invocation))
        {
            begun.Add((_environments.Requests.Take(environment), Begin(environment, invocation)));
        }

        return begun;
    }

    private RunningInvocation Begin(ExecutionEnvironment environment, Invocation invocation)
    {
        invocation.Deadline = services.Time.GetUtcNow() + function.Timeout;
        var running = environment.Begin(invocation, services.Time.GetTimestamp());
        running.Clock = services.Time.CreateTimer(
            _ => WhenDeadline(environment, running), null, function.Timeout, Timeout.InfiniteTimeSpan);
        return running;
    }

    /// <summary>Tells the caller. The code goes on if the process works, or could work, for others; as on AWS, that is
    /// how invocations end that share a process.</summary>
    private void WhenDeadline(ExecutionEnvironment environment, RunningInvocation running)
    {
        lock (_gate)
        {
            if (running.IsAnswered || environment.Stage != EnvironmentStage.Serving)
            {
                if (environment.Clock == running.Clock)
                {
                    EndIfSilent(environment); // It answered and then went on without asking for more.
                }

                return;
            }

            running.StopClock();
            environment.TimeOut(running);
            environment.IdleSince = services.Time.GetTimestamp();
            if (environment.IsSilent || (_retired && environment.IsIdle))
            {
                _environments.End(environment);
                Grow();
            }
        }

        environment.FinishTimedOut(running, function.Timeout, services.Time.GetUtcNow());
    }

    private void EndIfSilent(ExecutionEnvironment environment)
    {
        lock (_gate)
        {
            if (environment.IsSilent)
            {
                _environments.End(environment);
            }
        }
    }

    /// <summary>Starts further processes as far as they are worth it; called under the lock.</summary>
    private void Grow()
    {
        while (!_closed && _environments.TryAdd(_waiting, out var environment))
        {
            environment.Clock = services.Time.CreateTimer(
                _ => Locked(() => environment.KillIfStarting(services.Options.InitMax)),
                null, services.Options.InitMax, Timeout.InfiniteTimeSpan);
            environment.Lifetime = services.Life.RunAsync(this, environment);
        }
    }
}
