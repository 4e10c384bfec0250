using System.Security.Cryptography;
using Lungfish.Functions.Processes;
using Lungfish.Functions.RuntimeApi;
using Microsoft.Extensions.Logging;

namespace Lungfish.Functions.Invoking;

internal enum EnvironmentStage
{
    /// <summary>The process starts; it has not asked for work yet.</summary>
    Starting,

    /// <summary>It has asked for work.</summary>
    Serving,

    Ended,
}

/// <summary>One process of a function and what it is doing. Guarded by its pool's lock.</summary>
internal sealed partial class ExecutionEnvironment(InvocationLog log, long startedAt)
{
    private const long Megabyte = 1024 * 1024;

    /// <summary>Its function may end each process before it reads.</summary>
    private const int TimesLostMax = 2;

    private static readonly TimeSpan ExitMax = TimeSpan.FromSeconds(1); // From the end of its channel.

    private readonly List<RunningInvocation> _running = [];
    private readonly List<RuntimeConnection> _parked = [];

    // The connection broke before these were on it; the next request for work gets one.
    private readonly Stack<RunningInvocation> _undelivered = new();
    private int _timedOut;
    private TimeSpan? _initToReport;

    /// <summary>Names its log stream.</summary>
    public string Id { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public InvocationLog Log { get; } = log;

    public long StartedAt { get; } = startedAt;

    /// <summary>Null until the process runs.</summary>
    public FunctionProcess? Process { get; set; }

    /// <summary>Ends when the process has ended and that was dealt with.</summary>
    public Task Lifetime { get; set; } = Task.CompletedTask;

    public EnvironmentStage Stage { get; private set; }

    public long IdleSince { get; set; }

    /// <summary>What the process said about its failure to start.</summary>
    public FunctionOutcome? InitError { get; set; }

    /// <summary>Runs while nothing is heard of the process that should be: its first request for work, or the one after
    /// its last answer.</summary>
    public ITimer? Clock { get; set; }

    /// <summary>What it has not answered, invocations whose time is up among them.</summary>
    public IReadOnlyList<RunningInvocation> Running => _running;

    /// <summary>Invocations that it has, and requests for more.</summary>
    public int PlacesTaken => _running.Count + _parked.Count;

    /// <summary>It asks for work, and there is none.</summary>
    public bool HasRoom => _parked.Count > 0;

    /// <summary>It runs an invocation that somebody waits for.</summary>
    public bool IsWorking => _running.Count > _timedOut;

    public bool IsIdle => HasRoom && !IsWorking;

    /// <summary>It does nothing for anybody, and asks for nothing.</summary>
    public bool IsSilent => Stage == EnvironmentStage.Serving && !HasRoom && !IsWorking;

    /// <summary>It has asked for work for the first time.</summary>
    /// <param name="init">How long that took.</param>
    public void Serve(TimeSpan init, long now)
    {
        IdleSince = now;
        Stage = EnvironmentStage.Serving;
        _initToReport = init;
    }

    public RunningInvocation Begin(Invocation invocation, long now)
    {
        var output = Log.Start(invocation.RequestId, invocation.TailLog);
        var running = new RunningInvocation(invocation, output, now) { Init = _initToReport };
        _initToReport = null;
        _running.Add(running);
        return running;
    }

    /// <summary>The one of that request id; of several the one that somebody waits for: an invocation that is tried
    /// again has the id of the try before, which may still run.</summary>
    public RunningInvocation? FindRunning(string requestId)
    {
        RunningInvocation? found = null;
        foreach (var running in _running)
        {
            if (running.Invocation.RequestId == requestId && found is null or { IsTimedOut: true })
            {
                found = running;
            }
        }

        return found;
    }

    /// <returns>False: it has been answered already.</returns>
    public bool TryEnd(RunningInvocation running)
    {
        if (!_running.Remove(running))
        {
            return false;
        }

        running.IsAnswered = true;
        _timedOut -= running.IsTimedOut ? 1 : 0;
        return true;
    }

    /// <summary>Its caller gives up; its place is free when the code is done with it, or if it never got it.</summary>
    public void TimeOut(RunningInvocation running)
    {
        running.IsTimedOut = true;
        _timedOut++;
        if (_undelivered.Contains(running))
        {
            _ = TryEnd(running);
        }
    }

    public void DeliverAgain(RunningInvocation running) => _undelivered.Push(running);

    /// <summary>What was given to a connection that broke, and is still wanted.</summary>
    public RunningInvocation? TakeUndelivered()
    {
        while (_undelivered.TryPop(out var running))
        {
            if (!running.IsAnswered)
            {
                return running;
            }
        }

        return null;
    }

    /// <summary>What the process, which has ended, was given and never got. It is not its any more.</summary>
    /// <returns>The one that came last stands first.</returns>
    public IReadOnlyList<Invocation> TakeBack()
    {
        var back = new List<Invocation>();
        for (var i = _running.Count - 1; i >= 0 && Stage == EnvironmentStage.Serving; i--)
        {
            var running = _running[i];
            if (!running.IsTimedOut && running.Invocation.TimesLost < TimesLostMax && running.TryTakeBack())
            {
                running.Invocation.TimesLost++;
                running.StopClock();
                _ = TryEnd(running);
                Log.Drop(running.Output);
                back.Add(running.Invocation);
            }
        }

        return back;
    }

    public Task<RunningInvocation> Park(RuntimeConnection connection)
    {
        _parked.Add(connection);
        return connection.Wait();
    }

    /// <summary>The youngest request for work, which is to be answered: what it was asked with is warm.</summary>
    public RuntimeConnection TakeParked()
    {
        var connection = _parked[^1];
        _parked.RemoveAt(_parked.Count - 1);
        return connection;
    }

    /// <summary>Ends the requests for work on a connection.</summary>
    /// <param name="connection">Null: on all of them.</param>
    public void Withdraw(RuntimeConnection? connection)
    {
        for (var i = _parked.Count - 1; i >= 0; i--)
        {
            if (connection is null || _parked[i] == connection)
            {
                _parked[i].Withdraw();
                _parked.RemoveAt(i);
            }
        }
    }

    /// <summary>Kills the process that has not asked for work in time.</summary>
    public bool KillIfStarting(TimeSpan initMax)
    {
        if (Stage != EnvironmentStage.Starting)
        {
            return false;
        }

        InitError ??= FunctionOutcome.InitTimedOut(initMax);
        Process?.Kill();
        return true;
    }

    /// <summary>Kills the process unless it ends, or asks for work, before; its exit is reported as every other
    /// one.</summary>
    /// <param name="atOnce">It broke a rule; else it may be about to exit, and is to tell how.</param>
    public void KillSoon(bool atOnce, TimeProvider time)
    {
        if (Stage != EnvironmentStage.Ended)
        {
            StopClock();
            Clock = time.CreateTimer(
                _ => Process?.Kill(), null, atOnce ? TimeSpan.Zero : ExitMax, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Kills the process; the rest happens when it has ended.</summary>
    public void End()
    {
        Stage = EnvironmentStage.Ended;
        StopClock();
        _running.ForEach(running => running.StopClock());
        Process?.Kill();
    }

    /// <summary>What somebody waits for in a process that has ended, and for how long it has run.</summary>
    public IReadOnlyList<(RunningInvocation Running, TimeSpan Duration)> FindInterrupted(TimeProvider time) =>
        Stage != EnvironmentStage.Serving ? []
            : [.. _running.Where(r => !r.IsTimedOut).Select(r => (r, time.GetElapsedTime(r.StartedAt)))];

    /// <summary>Ends an invocation: its log first, which has all that was written before the answer, then its
    /// caller.</summary>
    /// <param name="status">See <see cref="InvocationReport.Status"/>.</param>
    /// <param name="remark">A line of the platform in the log, or null.</param>
    public void Finish(
        RunningInvocation running, TimeSpan duration, FunctionOutcome outcome, string? status, string? remark)
    {
        Process?.DrainOutput();
        var memory = ((Process?.LookAtMemoryUsed() ?? 0) + Megabyte - 1) / Megabyte;
        var tail = Log.Finish(running.Output, new InvocationReport(duration, running.Init, memory, status), remark);
        running.Invocation.Complete(tail is null ? outcome : outcome with { LogTail = tail });
    }

    /// <summary>Tells the caller; the process may go on with it.</summary>
    public void FinishTimedOut(RunningInvocation running, TimeSpan timeout, DateTimeOffset now)
    {
        var requestId = running.Invocation.RequestId;
        var remark = FunctionOutcome.TimedOutRemark(requestId, timeout, now);
        Finish(running, timeout, FunctionOutcome.TimedOut(requestId, timeout), "timeout", remark);
    }

    /// <summary>Takes the last that the process wrote before it ended, and ends its invocations.</summary>
    /// <param name="how">As <see cref="FunctionProcess.DescribeExit"/> tells it.</param>
    public void FinishInterrupted(
        IReadOnlyList<(RunningInvocation Running, TimeSpan Duration)> interrupted, string how)
    {
        Process?.DrainOutput();
        Log.End();
        foreach (var (running, duration) in interrupted)
        {
            var requestId = running.Invocation.RequestId;
            var outcome = InitError ?? FunctionOutcome.Exited(requestId, how);
            Finish(running, duration, outcome, "error", $"RequestId: {requestId} Error: {how}");
        }
    }

    /// <summary>Kills the process if it takes too much of the machine; its exit is reported as every other
    /// one.</summary>
    /// <param name="groups">See <see cref="FunctionProcess.FindExcess"/>.</param>
    public void KillIfExcessive(FunctionConfiguration function, Dictionary<int, GroupUse>? groups, ILogger logger)
    {
        if (Process?.FindExcess(function.MemorySizeMb, groups) is { } excess)
        {
            LogKilled(logger, function.Name, excess);
            Process?.Kill();
        }
    }

    public void StopClock()
    {
        Clock?.Dispose();
        Clock = null;
    }

    [LoggerMessage(2001, LogLevel.Warning, "A process of function {Function} was killed: it used {Excess}.")]
    private static partial void LogKilled(ILogger logger, string function, string excess);
}
