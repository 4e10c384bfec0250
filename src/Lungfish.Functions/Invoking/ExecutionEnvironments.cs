using System.Diagnostics.CodeAnalysis;
using Lungfish.Functions.Processes;

namespace Lungfish.Functions.Invoking;

/// <summary>The processes of a pool: when one more is worth starting, and how they end. Guarded by the pool's
/// lock.</summary>
/// <param name="perProcess">Invocations that one process runs at once.</param>
internal sealed class ExecutionEnvironments(FunctionConfiguration function, int perProcess, PoolServices services)
{
    private readonly HashSet<ExecutionEnvironment> _all = [];
    private readonly PoolGrowth _growth = new(services.Load, perProcess, services.Time);

    /// <summary>What they ask for work with.</summary>
    public WorkRequests Requests { get; } = new(perProcess);

    public bool IsEmpty => _all.Count == 0;

    /// <summary>A process of it starts or works.</summary>
    public bool IsBusy => _all.Any(e => !e.IsIdle);

    /// <summary>Adds one for a process that is to be started, if one more is worth that.</summary>
    /// <param name="waiting">Invocations without a process.</param>
    public bool TryAdd(WaitingInvocations waiting, [NotNullWhen(true)] out ExecutionEnvironment? added)
    {
        added = null;
        if (_all.Count < services.Options.ProcessesMax && waiting.TryGetOldest(out var oldest)
            && _growth.WantsOneMore(waiting.Count, oldest, _all))
        {
            var log = new InvocationLog(services.Logs, function, isShared: perProcess > 1, services.Time);
            added = new(log, services.Time.GetTimestamp());
            _ = _all.Add(added);
        }

        return added is not null;
    }

    /// <summary>Its process has asked for work for the first time.</summary>
    public void Serve(ExecutionEnvironment environment)
    {
        var took = services.Time.GetElapsedTime(environment.StartedAt);
        environment.Serve(took, services.Time.GetTimestamp());
        _growth.Started(took);
    }

    /// <summary>Its process has answered.</summary>
    /// <param name="took">Since it was given the invocation.</param>
    public void Ran(ExecutionEnvironment environment, TimeSpan took)
    {
        _growth.Ran(took);
        environment.IdleSince = services.Time.GetTimestamp();
    }

    /// <summary>A process ended that should not have, or could not be started: the next one may have to wait.</summary>
    public void Failed() => _growth.Failed();

    /// <summary>Kills its process, which is given nothing more.</summary>
    public void End(ExecutionEnvironment environment)
    {
        Requests.Withdraw(environment, connection: null);
        environment.End();
    }

    /// <summary>Ends those that have had nothing to do for so long.</summary>
    public void EndIdle(TimeSpan atLeast)
    {
        foreach (var environment in Requests.FindIdle())
        {
            if (services.Time.GetElapsedTime(environment.IdleSince) >= atLeast)
            {
                End(environment);
            }
        }
    }

    /// <summary>Ends all; the task ends with the last process.</summary>
    /// <param name="refusal">What those are told who wait for them.</param>
    public Task EndAll(Func<Exception> refusal)
    {
        foreach (var environment in _all)
        {
            foreach (var running in environment.Running)
            {
                running.Invocation.Refuse(refusal());
            }

            End(environment);
        }

        return Task.WhenAll(_all.Select(e => e.Lifetime));
    }

    /// <summary>Its process has ended, or was never there.</summary>
    public void Remove(ExecutionEnvironment environment)
    {
        End(environment);
        _ = _all.Remove(environment);
    }

    /// <summary>Those whose use of the machine is to be looked at.</summary>
    /// <param name="idleToo">Else those that start or work.</param>
    public IReadOnlyList<ExecutionEnvironment> FindWatched(bool idleToo) =>
        [.. _all.Where(e => idleToo || !e.IsIdle)];

    /// <summary>What each has used of the processors.</summary>
    public IReadOnlyList<TimeSpan> ReadProcessorTimes() =>
        [.. _all.Select(e => e.Process?.ReadProcessorTime() ?? TimeSpan.Zero)];
}
