using System.Collections.Concurrent;
using Lungfish.Functions.Code;
using Lungfish.Functions.Logs;
using Lungfish.Functions.Processes;
using Lungfish.Functions.RuntimeApi;
using Lungfish.Functions.Runtimes;
using Microsoft.Extensions.Logging;

namespace Lungfish.Functions.Invoking;

/// <summary>The pools of all functions, and what they share.</summary>
internal sealed class Pools : IAsyncDisposable
{
    private static readonly TimeSpan TendingInterval = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<PoolKey, FunctionPool> _pools = new();
    private readonly ConcurrentDictionary<FunctionPool, bool> _leaving = new();
    private readonly EnvironmentLife _life;
    private readonly PoolServices _services;
    private readonly ProcessWatch _watch;
    private readonly ITimer _tending;
    private int _isTending;
    private int _needsTending; // Something is there to look after: the timer runs.

    private Pools(EnvironmentLife life, Func<Func<IEnumerable<TimeSpan>>, PoolServices> services)
    {
        _life = life;
        _services = services(() => _pools.Values.Concat(_leaving.Keys).SelectMany(pool => pool.ReadProcessorTimes()));
        _watch = new(_services.Time);
        _tending = _services.Time.CreateTimer(_ => Tend(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <param name="calls">Takes the checkpoints that come over channels; null as long as the engine starts.</param>
    public static async Task<Pools> StartAsync(
        FunctionOptions options,
        CodeStore code,
        LogStore logs,
        Func<ICheckpointCalls?> calls,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        ProcessTable.KillAllWith(RuntimeLauncher.HomeVariable(options)); // What a server that was killed has left.
        var logger = loggers.CreateLogger<FunctionService>();
        var runtimeApi = await RuntimeApiServer.StartAsync(calls, loggers, cancellationToken);
        var launcher = new RuntimeLauncher(
            options, code, new Interpreters(options, logger), new BootstrapFiles(options.Directory));
        var life = new EnvironmentLife(launcher, runtimeApi);
        return new(life, functions => new PoolServices(
            options,
            life,
            logs,
            new ProcessorLoad(options.ProcessorMeter ?? ProcessorMeters.OfThisMachine(functions), time),
            time,
            logger));
    }

    public Task<FunctionOutcome> Run(FunctionConfiguration function, Invocation invocation)
    {
        var key = new PoolKey(function.Name, function.Version, invocation.Isolation);
        var pool = _pools.GetOrAdd(
            key,
            static (_, x) => x.self.NewPool(x.function, x.isIsolated),
            (self: this, function, isIsolated: invocation.Isolation is not null));
        if (pool.Function.RevisionId != function.RevisionId)
        {
            pool = Replace(key, pool, function);
        }

        var outcome = pool.Run(invocation);
        StartTending();
        return outcome;
    }

    /// <summary>Ends the processes of a function that was changed or deleted, as soon as they are done.</summary>
    /// <param name="version">Null: of all versions.</param>
    public void Remove(string name, string? version)
    {
        foreach (var (key, pool) in _pools)
        {
            if (pool.Function.Name == name && (version is null || pool.Function.Version == version)
                && _pools.TryRemove(new(key, pool)))
            {
                Leave(pool);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _tending.DisposeAsync();
        await Task.WhenAll(_pools.Values.Concat(_leaving.Keys).Select(pool => pool.CloseAsync()));
        await _life.DisposeAsync();
    }

    private FunctionPool NewPool(FunctionConfiguration function, bool isIsolated) =>
        new(function, ProcessConcurrency.Of(function), _services) { IsIsolated = isIsolated };

    private FunctionPool Replace(PoolKey key, FunctionPool former, FunctionConfiguration function)
    {
        var replacement = NewPool(function, former.IsIsolated);
        if (_pools.TryUpdate(key, replacement, former))
        {
            Leave(former);
            return replacement;
        }

        return _pools.GetOrAdd(key, replacement);
    }

    private void Leave(FunctionPool pool)
    {
        _ = _leaving.TryAdd(pool, true);
        pool.Retire();
    }

    private void StartTending()
    {
        if (Volatile.Read(ref _needsTending) == 0 && Interlocked.Exchange(ref _needsTending, 1) == 0)
        {
            _ = _tending.Change(TendingInterval, TendingInterval);
        }
    }

    /// <summary>A server without processes of functions is not to wake up for them.</summary>
    private void StopTending()
    {
        _ = _tending.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ = Interlocked.Exchange(ref _needsTending, 0);
        if (!AreAllEmpty) // An invocation came meanwhile, and believed that the timer runs.
        {
            StartTending();
        }
    }

    private bool AreAllEmpty => _pools.Values.Concat(_leaving.Keys).All(pool => pool.IsEmpty);

    /// <summary>Called by a timer, which does not wait for the call before: on a machine that is short of everything
    /// this takes long, and must not be done many times over.</summary>
    private void Tend()
    {
        if (Interlocked.Exchange(ref _isTending, 1) == 0)
        {
            try
            {
                TendAll();
                if (AreAllEmpty)
                {
                    StopTending();
                }
            }
            finally
            {
                Volatile.Write(ref _isTending, 0);
            }
        }
    }

    private void TendAll()
    {
        // Nobody else needs to know how busy the machine is.
        if (_pools.Values.Any(pool => pool.IsShort))
        {
            _services.Load.Look();
        }

        var groups = LookAtProcesses();
        foreach (var (key, pool) in _pools)
        {
            pool.Tend(groups);

            // Tenants come and go; a pool without processes costs nothing to make again.
            if (pool is { IsIsolated: true, IsEmpty: true } && _pools.TryRemove(new(key, pool)))
            {
                Leave(pool);
            }
        }

        foreach (var pool in _leaving.Keys)
        {
            pool.Tend(groups);
            if (pool.IsEmpty)
            {
                _ = _leaving.TryRemove(pool, out _);
            }
        }
    }

    private Dictionary<int, GroupUse>? LookAtProcesses()
    {
        var pools = _pools.Values.Concat(_leaving.Keys).ToList();
        return pools.TrueForAll(pool => pool.IsEmpty) ? null : _watch.Look(pools.Exists(pool => pool.IsBusy));
    }

    /// <summary>A tenant's invocations never meet a process that has worked for another one.</summary>
    private readonly record struct PoolKey(string Name, string Version, string? Isolation);
}
