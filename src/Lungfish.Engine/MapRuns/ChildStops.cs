using System.Collections.Concurrent;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.StateMachines;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;
using Microsoft.Extensions.Logging;

namespace Lungfish.Engine.MapRuns;

/// <summary>Aborts the child executions of map runs that are over.</summary>
/// <remarks>That a run is over is durable before this begins, and a start looks for runs whose children are still
/// open: so no child outlives its run, whenever the server dies.</remarks>
internal sealed class ChildStops(
    IStore store, PartitionMap partitions, TimeProvider time, ILogger logger, CancellationToken stopped)
{
    private const int BatchMax = 100;
    private static readonly TimeSpan RetryDelayMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, bool> _underWay = new();

    public void Begin(Guid mapRun)
    {
        if (_underWay.TryAdd(mapRun, true))
        {
            _ = StopAsync(mapRun);
        }
    }

    /// <summary>Goes on with what an earlier run of the server had begun.</summary>
    public async Task ResumeAsync()
    {
        foreach (var run in await store.ReadEndedMapRunsWithOpenChildrenAsync(stopped))
        {
            Begin(run.Id);
        }
    }

    private async Task StopAsync(Guid mapRun)
    {
        var delay = RetryDelayMin;
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                await partitions.PassBarrierAsync(); // Children whose start was on its way are durable now.
                while (await StopSomeAsync(mapRun))
                {
                    stopped.ThrowIfCancellationRequested();
                }

                _ = _underWay.TryRemove(mapRun, out _);
                return;
            }
            catch (Exception) when (stopped.IsCancellationRequested)
            {
                return; // The next start goes on.
            }
            catch (Exception e)
            {
                Log.StoppingChildrenFailed(logger, mapRun, e);
                await Task.Delay(delay, time, stopped).ConfigureAwait(
                    ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
                delay = delay * 2 < RetryDelayMax ? delay * 2 : RetryDelayMax;
            }
        }
    }

    /// <returns>False if no child runs any more.</returns>
    private async Task<bool> StopSomeAsync(Guid mapRun)
    {
        var running = await store.ListExecutionsAsync(
            new ExecutionQuery { MapRun = mapRun, Status = ExecutionStatus.Running, CountMax = BatchMax }, stopped);
        var stops = new List<Task<DateTimeOffset>>(running.Count);
        foreach (var child in running)
        {
            var stop = new StopExecution(child.Key, child.Id.Uuid.ToString(), null, null);
            partitions.Of(child.Key.Slot).Post(stop, isOneOfMany: true);
            stops.Add(stop.Answer);
        }

        foreach (var stop in stops)
        {
            _ = await stop;
        }

        return running.Count > 0;
    }
}
