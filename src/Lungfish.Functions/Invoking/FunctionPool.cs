using System.Diagnostics.CodeAnalysis;
using Lungfish.Engine;
using Lungfish.Functions.Processes;

namespace Lungfish.Functions.Invoking;

/// <summary>The processes of one function at one revision, and the invocations that wait for one of them.</summary>
/// <remarks>All transitions happen under one lock and are short; what can block happens outside of it.</remarks>
internal sealed class FunctionPool(FunctionConfiguration function, PoolServices services)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ExecutionEnvironment> _environments = [];
    private readonly IdleEnvironments _idle = new();
    private readonly WaitingInvocations _waiting = new();
    private readonly PoolGrowth _growth = new(services.Load, services.Time);
    private bool _closed;
    private bool _retired;

    public FunctionConfiguration Function => function;

    /// <summary>It works for one tenant alone.</summary>
    public bool IsIsolated { get; init; }

    public Task<FunctionOutcome> Run(Invocation invocation)
    {
        lock (_gate)
        {
            if (_closed)
            {
                invocation.Refuse(LambdaErrors.ServiceStopping());
            }
            else if (_idle.TryTake(out var environment))
            {
                var parked = environment.Parked;
                environment.Parked = null;
                Begin(environment, invocation);
                parked?.SetResult(invocation);
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

        return invocation.Outcome;
    }

    /// <summary>A process asks for work: the task ends with an invocation, or is cancelled with the process.</summary>
    /// <returns>False if the process has not answered its last invocation, which the protocol forbids.</returns>
    public bool TryNext(ExecutionEnvironment environment, [NotNullWhen(true)] out Task<Invocation>? next)
    {
        lock (_gate)
        {
            next = environment.Stage switch
            {
                EnvironmentStage.Ended => null,
                EnvironmentStage.Busy => TakeAgain(environment) is { } again ? Task.FromResult(again) : null,
                _ => Ready(environment),
            };
            return next is not null;
        }
    }

    /// <summary>The process has gone away from its request for work before it got this.</summary>
    public void NotDelivered(ExecutionEnvironment environment, Invocation invocation)
    {
        lock (_gate)
        {
            environment.DeliverAgain = environment.Current == invocation;
        }
    }

    /// <summary>The process has answered. False: not what it was asked last, or too late.</summary>
    public bool Answer(ExecutionEnvironment environment, string requestId, FunctionOutcome outcome)
    {
        Invocation invocation;
        TimeSpan duration;
        lock (_gate)
        {
            if (environment.Stage != EnvironmentStage.Busy || environment.Current?.RequestId != requestId)
            {
                return false;
            }

            invocation = environment.Current;
            environment.Current = null;
            environment.Stage = EnvironmentStage.Answered;
            duration = services.Time.GetElapsedTime(environment.CurrentStartedAt);
            _growth.Ran(duration);
        }

        environment.Finish(invocation, duration, outcome, status: null, remark: null);
        return true;
    }

    /// <summary>The process could not load the function; it will end.</summary>
    public void InitFailed(ExecutionEnvironment environment, FunctionOutcome outcome)
    {
        lock (_gate)
        {
            environment.InitError ??= outcome;
        }
    }

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
        Invocation? interrupted = null;
        var duration = TimeSpan.Zero;
        lock (_gate)
        {
            var expected = environment.Stage == EnvironmentStage.Ended && environment.InitError is null;
            if (!expected)
            {
                _growth.Failed();
            }

            if (environment.Stage == EnvironmentStage.Starting)
            {
                // Somebody must hear of it; with nobody told, they would wait for the next process that fails.
                _ = _waiting.TryTake(out interrupted);
            }
            else if (environment.Stage == EnvironmentStage.Busy)
            {
                interrupted = environment.Current;
                duration = services.Time.GetElapsedTime(environment.CurrentStartedAt);
            }

            Forget(environment);
        }

        if (interrupted is not null)
        {
            if (environment.CurrentStartedAt == 0)
            {
                environment.Log.Start(interrupted.RequestId, interrupted.TailLog);
            }

            var exited = FunctionOutcome.Exited(interrupted.RequestId, how);
            var remark = $"RequestId: {interrupted.RequestId} Error: {how}";
            environment.Finish(interrupted, duration, environment.InitError ?? exited, "error", remark);
        }
    }

    public void ProcessNotStarted(ExecutionEnvironment environment, Exception reason)
    {
        Invocation? refused;
        lock (_gate)
        {
            _growth.Failed();
            Forget(environment);
            _ = _waiting.TryTake(out refused);
        }

        refused?.Refuse(reason as ApiException ?? LambdaErrors.RuntimeMissing(
            $"The function's process could not be started: {reason.Message}"));
    }

    /// <summary>Ends what was idle for too long, kills what takes too much of the machine, starts what is
    /// missing.</summary>
    /// <param name="groups">All process groups, if it is time to look at them; then idle processes are looked at
    /// too.</param>
    public void Tend(Dictionary<int, GroupUse>? groups)
    {
        List<ExecutionEnvironment> watched;
        lock (_gate)
        {
            foreach (var environment in _idle.Where(IsIdleForTooLong))
            {
                _idle.Remove(environment);
                End(environment);
            }

            Grow();
            watched = [.. _environments.Where(e => groups is not null || e.Stage != EnvironmentStage.Idle)];
        }

        watched.ForEach(environment => environment.KillIfExcessive(function, groups, services.Logger));
    }

    /// <summary>Another revision takes over: what is here already is done, and each process ends after it.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            _retired = true;
            while (_idle.TryTake(out var environment))
            {
                End(environment);
            }
        }
    }

    /// <summary>Ends everything now; the task ends with the last process.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            _waiting.RefuseAll(LambdaErrors.ServiceStopping);
            foreach (var environment in _environments)
            {
                environment.Current?.Refuse(LambdaErrors.ServiceStopping());
                environment.Current = null;
                End(environment);
            }

            return Task.WhenAll(_environments.Select(e => e.Running));
        }
    }

    public bool IsEmpty => Ask(() => _environments.Count == 0 && _waiting.Count == 0);

    /// <summary>A process of it starts or works.</summary>
    public bool IsBusy => Ask(() => _environments.Any(e => e.Stage != EnvironmentStage.Idle));

    private bool Ask(Func<bool> question)
    {
        lock (_gate)
        {
            return question();
        }
    }

    /// <summary>Invocations wait for a process.</summary>
    public bool IsShort
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count > 0;
            }
        }
    }

    /// <summary>What each of its processes has used of the processors.</summary>
    public IReadOnlyList<TimeSpan> ReadProcessorTimes()
    {
        lock (_gate)
        {
            return [.. _environments.Select(e => e.Process?.ReadProcessorTime() ?? TimeSpan.Zero)];
        }
    }

    private static Invocation? TakeAgain(ExecutionEnvironment environment)
    {
        var again = environment.DeliverAgain ? environment.Current : null;
        environment.DeliverAgain = false;
        return again;
    }

    private Task<Invocation> Ready(ExecutionEnvironment environment)
    {
        environment.StopClock();
        if (environment.Stage == EnvironmentStage.Starting)
        {
            environment.InitToReport = services.Time.GetElapsedTime(environment.StartedAt);
            _growth.Started(environment.InitToReport.Value);
        }
        else if (environment.Stage == EnvironmentStage.Idle)
        {
            // The process has given up its former request; only one can be answered.
            environment.Parked?.TrySetCanceled();
            _idle.Remove(environment);
        }

        if (_waiting.TryTake(out var invocation))
        {
            Begin(environment, invocation);
            return Task.FromResult(invocation);
        }

        if (_retired)
        {
            End(environment);
            return Task.FromCanceled<Invocation>(new CancellationToken(canceled: true));
        }

        environment.Stage = EnvironmentStage.Idle;
        environment.IdleSince = services.Time.GetTimestamp();
        environment.Parked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _idle.Add(environment);
        return environment.Parked.Task;
    }

    private void Begin(ExecutionEnvironment environment, Invocation invocation)
    {
        environment.Stage = EnvironmentStage.Busy;
        environment.Current = invocation;
        environment.CurrentStartedAt = services.Time.GetTimestamp();
        invocation.Deadline = services.Time.GetUtcNow() + function.Timeout;
        environment.Log.Start(invocation.RequestId, invocation.TailLog);
        environment.Deadline = services.Time.CreateTimer(
            _ => WhenDeadline(environment, invocation), null, function.Timeout, Timeout.InfiniteTimeSpan);
    }

    private void WhenDeadline(ExecutionEnvironment environment, Invocation invocation)
    {
        lock (_gate)
        {
            if (environment.Stage == EnvironmentStage.Answered && environment.Current is null)
            {
                End(environment); // It answered and then went on without asking for more.
                return;
            }

            if (environment.Stage != EnvironmentStage.Busy || environment.Current != invocation)
            {
                return;
            }

            environment.Current = null;
            End(environment);
            Grow();
        }

        environment.Finish(
            invocation,
            function.Timeout,
            FunctionOutcome.TimedOut(invocation.RequestId, function.Timeout),
            "timeout",
            FunctionOutcome.TimedOutRemark(invocation.RequestId, function.Timeout, services.Time.GetUtcNow()));
    }

    private bool IsIdleForTooLong(ExecutionEnvironment environment) =>
        services.Time.GetElapsedTime(environment.IdleSince) > services.Options.IdleMax;

    /// <summary>Starts one more process if that is worth it; called under the lock.</summary>
    private void Grow()
    {
        while (!_closed && _environments.Count < services.Options.ProcessesMax && _waiting.TryGetOldest(out var oldest))
        {
            var starting = _environments.Count(e => e.Stage == EnvironmentStage.Starting);
            if (!_growth.WantsOneMore(_waiting.Count, oldest, starting, _environments.Count - starting))
            {
                return;
            }

            var environment = new ExecutionEnvironment(
                new InvocationLog(services.Logs, function, services.Time), services.Time.GetTimestamp());
            environment.Deadline = services.Time.CreateTimer(
                _ => WhenInitTooLong(environment), null, services.Options.InitMax, Timeout.InfiniteTimeSpan);
            _ = _environments.Add(environment);
            environment.Running = new EnvironmentLife(this, services).RunAsync(environment);
        }
    }

    private void WhenInitTooLong(ExecutionEnvironment environment)
    {
        lock (_gate)
        {
            if (environment.Stage == EnvironmentStage.Starting)
            {
                environment.InitError ??= FunctionOutcome.InitTimedOut(services.Options.InitMax);
                environment.Process?.Kill();
            }
        }
    }

    private void Forget(ExecutionEnvironment environment)
    {
        if (environment.Stage == EnvironmentStage.Idle)
        {
            _idle.Remove(environment);
        }

        End(environment);
        _ = _environments.Remove(environment);
        Grow();
    }

    /// <summary>Kills the process; the rest happens when it has ended.</summary>
    private void End(ExecutionEnvironment environment)
    {
        environment.Stage = EnvironmentStage.Ended;
        environment.StopClock();
        environment.Parked?.TrySetCanceled();
        environment.Process?.Kill();
    }
}
