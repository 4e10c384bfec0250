using System.Collections.Concurrent;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;
using Microsoft.Extensions.Logging;

namespace Lungfish.Engine.StateMachines;

/// <summary>Carries deletions of state machines out: aborts what runs, then removes the machine.</summary>
internal sealed class StateMachineDeletion(
    StateMachineCatalog catalog,
    IStore store,
    PartitionMap partitions,
    AwsAccount account,
    TimeProvider time,
    ILogger logger,
    CancellationToken stopped)
{
    private const int BatchMax = 100;
    private static readonly TimeSpan RetryDelayMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, bool> _underWay = new();

    /// <summary>Begins to carry a deletion out, unless that is under way.</summary>
    public void Begin(StateMachineRecord machine)
    {
        if (_underWay.TryAdd(machine.Arn, true))
        {
            _ = DeleteAsync(machine);
        }
    }

    /// <summary>Goes on with the deletions that an earlier run of the server had begun.</summary>
    public async Task ResumeAsync()
    {
        string? after = null;
        while (true)
        {
            var machines = await catalog.ListAsync(account.StateMachineArn(""), after, BatchMax, stopped);
            foreach (var machine in machines.Where(machine => machine.IsDeleting))
            {
                Begin(machine);
            }

            if (machines.Count < BatchMax)
            {
                return;
            }

            after = machines[^1].Arn;
        }
    }

    private async Task DeleteAsync(StateMachineRecord machine)
    {
        var delay = RetryDelayMin;
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                await partitions.PassBarrierAsync(); // Starts that were decided before it are durable now.
                while (await StopSomeAsync(machine))
                {
                    stopped.ThrowIfCancellationRequested();
                }

                await catalog.RemoveAsync(machine, stopped);
                _ = _underWay.TryRemove(machine.Arn, out _);
                return;
            }
            catch (Exception) when (stopped.IsCancellationRequested)
            {
                return; // The next start goes on.
            }
            catch (Exception e)
            {
                Log.DeletionFailed(logger, machine.Arn, e);
                await Task.Delay(delay, time, stopped).ConfigureAwait(
                    ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
                delay = delay * 2 < RetryDelayMax ? delay * 2 : RetryDelayMax;
            }
        }
    }

    /// <returns>False if nothing runs any more.</returns>
    private async Task<bool> StopSomeAsync(StateMachineRecord machine)
    {
        var running = await store.ListExecutionsAsync(
            new ExecutionQuery
            {
                StateMachineArn = machine.Arn,
                Status = ExecutionStatus.Running,
                CountMax = BatchMax,
            },
            stopped);
        foreach (var execution in running)
        {
            var stop = new StopExecution(execution.Key, execution.Id.Uuid.ToString(), null, null);
            partitions.Of(execution.Key.Slot).Post(stop, isOneOfMany: true);
            _ = await stop.Answer;
        }

        return running.Count > 0;
    }
}
