using System.Security.Cryptography;
using Lungfish.Functions.Processes;
using Microsoft.Extensions.Logging;

namespace Lungfish.Functions.Invoking;

internal enum EnvironmentStage
{
    /// <summary>The process starts; it has not asked for work yet.</summary>
    Starting,

    /// <summary>It asks for work and there is none.</summary>
    Idle,

    Busy,

    /// <summary>It has answered and not asked for more yet.</summary>
    Answered,

    Ended,
}

/// <summary>One process of a function and what it is doing. Guarded by its pool's lock.</summary>
internal sealed partial class ExecutionEnvironment(InvocationLog log, long startedAt)
{
    private const long Megabyte = 1024 * 1024;

    /// <summary>Names its log stream.</summary>
    public string Id { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public InvocationLog Log { get; } = log;

    public long StartedAt { get; } = startedAt;

    /// <summary>Null until the process runs.</summary>
    public FunctionProcess? Process { get; set; }

    /// <summary>Ends when the process has ended and that was dealt with.</summary>
    public Task Running { get; set; } = Task.CompletedTask;

    public EnvironmentStage Stage { get; set; }

    public Invocation? Current { get; set; }

    /// <summary>The connection broke before the current invocation was on it; the next request gets it.</summary>
    public bool DeliverAgain { get; set; }

    public long CurrentStartedAt { get; set; }

    public long IdleSince { get; set; }

    /// <summary>The initialization's length until the first invocation has reported it.</summary>
    public TimeSpan? InitToReport { get; set; }

    /// <summary>What the process said about its failure to start.</summary>
    public FunctionOutcome? InitError { get; set; }

    /// <summary>The request for work that waits; while idle only.</summary>
    public TaskCompletionSource<Invocation>? Parked { get; set; }

    public ITimer? Deadline { get; set; }

    /// <summary>Ends an invocation: its log first, which has all that was written before the answer, then its
    /// caller.</summary>
    /// <param name="status">See <see cref="InvocationReport.Status"/>.</param>
    /// <param name="remark">A line of the platform in the log, or null.</param>
    public void Finish(
        Invocation invocation, TimeSpan duration, FunctionOutcome outcome, string? status, string? remark)
    {
        Process?.DrainOutput();
        var memory = ((Process?.LookAtMemoryUsed() ?? 0) + Megabyte - 1) / Megabyte;
        var tail = Log.Finish(new InvocationReport(duration, InitToReport, memory, status), remark);
        InitToReport = null;
        invocation.Complete(tail is null ? outcome : outcome with { LogTail = tail });
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
        Deadline?.Dispose();
        Deadline = null;
    }

    [LoggerMessage(2001, LogLevel.Warning, "A process of function {Function} was killed: it used {Excess}.")]
    private static partial void LogKilled(ILogger logger, string function, string excess);
}
