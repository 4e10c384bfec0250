using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lungfish.Engine;
using Lungfish.Functions.Logs;
using Lungfish.Functions.Processes;
using Lungfish.Functions.RuntimeApi;
using Lungfish.Functions.Runtimes;
using Microsoft.Extensions.Logging;

namespace Lungfish.Functions.Invoking;

/// <summary>What pools need of the rest.</summary>
internal sealed record PoolServices(
    FunctionOptions Options,
    RuntimeLauncher Launcher,
    ProcessStarter Starter,
    OutputPump Output,
    EnvironmentDirectory Environments,
    LogStore Logs,
    TimeProvider Time,
    ILogger Logger);

/// <summary>The processes of one function at one revision, and the invocations that wait for one of them.</summary>
/// <remarks>All transitions happen under one lock and are short; what can block happens outside of it.</remarks>
internal sealed partial class FunctionPool(FunctionConfiguration function, PoolServices services)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ExecutionEnvironment> _environments = [];
    private readonly Stack<ExecutionEnvironment> _idle = new();
    private readonly Queue<Invocation> _waiting = new();
    private readonly PoolGrowth _growth = new(services.Time);
    private bool _closed;
    private bool _retired;

    public FunctionConfiguration Function => function;

    public Task<InvocationOutcome> Run(Invocation invocation)
    {
        lock (_gate)
        {
            if (_closed)
            {
                invocation.Refuse(LambdaErrors.ServiceStopping());
            }
            else if (_idle.TryPop(out var environment))
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
                _waiting.Enqueue(invocation);
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
    public bool Answer(ExecutionEnvironment environment, string requestId, InvocationOutcome outcome)
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

        Report(environment, invocation, duration, outcome, status: null, remark: null);
        return true;
    }

    /// <summary>The process could not load the function; it will end.</summary>
    public void InitFailed(ExecutionEnvironment environment, InvocationOutcome outcome)
    {
        lock (_gate)
        {
            environment.InitError ??= outcome;
        }
    }

    /// <summary>Ends what has been idle for too long, kills what uses too much memory, starts what is missing.</summary>
    public void Tend()
    {
        List<ExecutionEnvironment> busy;
        lock (_gate)
        {
            foreach (var environment in _idle.Where(IsIdleForTooLong).ToArray())
            {
                Unpark(environment);
                End(environment);
            }

            Grow();
            busy = [.. _environments.Where(e => e.Stage == EnvironmentStage.Busy)];
        }

        foreach (var environment in busy.Where(UsesTooMuchMemory))
        {
            LogMemoryExceeded(services.Logger, function.Name, function.MemorySizeMb);
            environment.Process?.Kill(); // Its exit is reported as every other one.
        }
    }

    /// <summary>Another revision takes over: what is here already is done, and each process ends after it.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            _retired = true;
            while (_idle.TryPop(out var environment))
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
            _idle.Clear();
            while (_waiting.TryDequeue(out var waiting))
            {
                waiting.Refuse(LambdaErrors.ServiceStopping());
            }

            foreach (var environment in _environments)
            {
                environment.Current?.Refuse(LambdaErrors.ServiceStopping());
                environment.Current = null;
                End(environment);
            }

            return Task.WhenAll(_environments.Select(e => e.Running));
        }
    }

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _environments.Count == 0 && _waiting.Count == 0;
            }
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
            Unpark(environment);
        }

        if (TryTakeWaiting(out var invocation))
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
        _idle.Push(environment);
        return environment.Parked.Task;
    }

    private bool TryTakeWaiting([NotNullWhen(true)] out Invocation? invocation)
    {
        while (_waiting.TryDequeue(out invocation))
        {
            if (!invocation.IsAbandoned)
            {
                return true;
            }
        }

        return false;
    }

    private void Begin(ExecutionEnvironment environment, Invocation invocation)
    {
        environment.Stage = EnvironmentStage.Busy;
        environment.Current = invocation;
        environment.CurrentStartedAt = services.Time.GetTimestamp();
        invocation.Deadline = services.Time.GetUtcNow() + function.Timeout;
        environment.Log.Start(invocation.RequestId);
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

        var text = string.Create(
            CultureInfo.InvariantCulture, $"Task timed out after {function.Timeout.TotalSeconds:F2} seconds");
        var remark = string.Create(
            CultureInfo.InvariantCulture, $"{services.Time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {invocation.RequestId} {text}");
        Report(
            environment,
            invocation,
            function.Timeout,
            InvocationOutcome.Failed("Sandbox.Timedout", $"RequestId: {invocation.RequestId} Error: {text}"),
            "timeout",
            remark);
    }

    private void Report(
        ExecutionEnvironment environment,
        Invocation invocation,
        TimeSpan duration,
        InvocationOutcome outcome,
        string? status,
        string? remark)
    {
        const long Megabyte = 1024 * 1024;
        environment.Process?.DrainOutput();
        _ = environment.Process?.ReadMemoryUsed();
        var memory = ((environment.Process?.MemoryUsedMax ?? 0) + Megabyte - 1) / Megabyte;
        var tail = environment.Log.Finish(
            new InvocationReport(duration, environment.InitToReport, memory, status), remark);
        environment.InitToReport = null;
        invocation.Complete(invocation.TailLog ? outcome with { LogTail = tail } : outcome);
    }

    private bool IsIdleForTooLong(ExecutionEnvironment environment) =>
        services.Time.GetElapsedTime(environment.IdleSince) > services.Options.IdleMax;

    /// <summary>The resident memory is watched, not limited: an interpreter on a workstation is larger than AWS's,
    /// so each process gets some on top of what the function was given.</summary>
    private bool UsesTooMuchMemory(ExecutionEnvironment environment)
    {
        const long RuntimeAllowanceMb = 64;
        return environment.Process?.ReadMemoryUsed() > (function.MemorySizeMb + RuntimeAllowanceMb) * 1024 * 1024;
    }

    private void Unpark(ExecutionEnvironment environment)
    {
        var others = _idle.Where(e => e != environment).Reverse().ToArray();
        _idle.Clear();
        foreach (var other in others)
        {
            _idle.Push(other);
        }
    }

    /// <summary>Starts one more process if that is worth it; called under the lock.</summary>
    private void Grow()
    {
        while (!_closed && _environments.Count < services.Options.ProcessesMax && _waiting.TryPeek(out var oldest))
        {
            var starting = _environments.Count(e => e.Stage == EnvironmentStage.Starting);
            if (!_growth.WantsOneMore(_waiting.Count, oldest.QueuedAt, starting, _environments.Count - starting))
            {
                return;
            }

            var environment = new ExecutionEnvironment(
                new InvocationLog(services.Logs, function, services.Time), services.Time.GetTimestamp());
            environment.Deadline = services.Time.CreateTimer(
                _ => WhenInitTooLong(environment), null, services.Options.InitMax, Timeout.InfiniteTimeSpan);
            _ = _environments.Add(environment);
            services.Environments.Add(environment.Id, this, environment);
            environment.Running = StartAsync(environment);
        }
    }

    private async Task StartAsync(ExecutionEnvironment environment)
    {
        await Task.Yield(); // Out of the lock.
        try
        {
            var launch = await services.Launcher.PrepareAsync(function, environment.Id);
            var child = await services.Starter.StartAsync(launch);
            using var process = new FunctionProcess(child, services.Output, environment.Log.Write);
            lock (_gate)
            {
                environment.Process = process;
                if (environment.Stage == EnvironmentStage.Ended)
                {
                    process.Kill(); // It was not wanted any more while it started.
                }
            }

            await process.WaitForExitAsync();
            process.KillChildren();
            WhenExited(environment, process.DescribeExit());
        }
        catch (Exception e) when (e is ApiException or IOException or System.ComponentModel.Win32Exception)
        {
            WhenNotStarted(environment, e);
        }
    }

    private void WhenInitTooLong(ExecutionEnvironment environment)
    {
        lock (_gate)
        {
            if (environment.Stage == EnvironmentStage.Starting)
            {
                var seconds = services.Options.InitMax.TotalSeconds;
                environment.InitError ??= InvocationOutcome.Failed(
                    "Sandbox.Timedout",
                    string.Create(CultureInfo.InvariantCulture, $"Error: Init timed out after {seconds:F2} seconds"));
                environment.Process?.Kill();
            }
        }
    }

    private void WhenExited(ExecutionEnvironment environment, string how)
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

            if (environment.Stage == EnvironmentStage.Starting && !TryTakeWaiting(out interrupted))
            {
                interrupted = null;
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
                environment.Log.Start(interrupted.RequestId);
            }

            var outcome = environment.InitError ?? InvocationOutcome.Failed(
                "Runtime.ExitError", $"RequestId: {interrupted.RequestId} Error: {how}");
            Report(environment, interrupted, duration, outcome, "error", $"RequestId: {interrupted.RequestId} Error: {how}");
        }
    }

    private void WhenNotStarted(ExecutionEnvironment environment, Exception reason)
    {
        Invocation? refused;
        lock (_gate)
        {
            _growth.Failed();
            Forget(environment);
            _ = TryTakeWaiting(out refused);
        }

        refused?.Refuse(reason as ApiException ?? LambdaErrors.RuntimeMissing(
            $"The function's process could not be started: {reason.Message}"));
    }

    private void Forget(ExecutionEnvironment environment)
    {
        if (environment.Stage == EnvironmentStage.Idle)
        {
            Unpark(environment);
        }

        End(environment);
        _ = _environments.Remove(environment);
        services.Environments.Remove(environment.Id);
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

    [LoggerMessage(2001, LogLevel.Warning, "Function {Function} was killed: it used more than its {MemorySizeMb} MB.")]
    private static partial void LogMemoryExceeded(ILogger logger, string function, int memorySizeMb);
}
