using System.Diagnostics;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.StateMachines;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.MapRuns;

/// <summary>Carries out what the map runs of one execution wish for. Touched on its partition's turn only.</summary>
internal sealed class MapRunShell(StateMachineResident resident, StateMachineServices services)
{
    private static readonly TimeSpan ReadAgainDelay = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, ChildProgram> _programs = [];

    // Reads and writes under way, by the run that they are for.
    private readonly Dictionary<long, CancellationTokenSource> _running = [];
    private readonly List<StoredMapRun> _changed = [];
    private bool _abandoned;

    private MapRunServices MapRuns => services.MapRuns;

    public void CarryOut(Effect effect, Partition partition, bool isFirst = true)
    {
        switch (effect)
        {
            case StartChild start:
                partition.Hold(resident, new Held(() => Start(start.Child, partition, isFirst)));
                break;
            case StopChildren stop:
                partition.Hold(resident, new Held(() => MapRuns.Stops.Begin(MapRunNames.IdOf(stop.MapRunArn))));
                break;
            case ReadItems read:
                partition.Hold(resident, new Held(() => Run(read.MapRun, token => ReadAsync(read, token), partition)));
                break;
            case WriteResults write:
                partition.Hold(
                    resident, new Held(() => Run(write.MapRun, token => WriteAsync(write, token), partition)));
                break;
            case KeepMapRun keep:
                _changed.Add(MapRunRecord.Write(keep.Snapshot, resident.Id));
                break;
            default:
                throw new UnreachableException($"No way to carry out {effect.GetType().Name}.");
        }
    }

    /// <summary>The delta with the map runs that started or ended since the last one was sealed.</summary>
    public ExecutionDelta Seal(ExecutionDelta delta, ExecutionDelta? mergeWith)
    {
        if (_changed.Count > 0 || mergeWith is not null)
        {
            delta = delta with { MapRuns = [.. mergeWith?.MapRuns ?? [], .. _changed] };
            _changed.Clear();
        }

        return delta;
    }

    /// <summary>Cancels what is read or written for runs that are over.</summary>
    public void Committed()
    {
        foreach (var mapRun in _running.Keys.Except(resident.Execution.OpenMapRuns).ToList())
        {
            Cancel(mapRun);
        }
    }

    public void Abandon()
    {
        _abandoned = true;
        foreach (var mapRun in _running.Keys.ToList())
        {
            Cancel(mapRun);
        }
    }

    private void Start(ChildExecution child, Partition partition, bool isFirst)
    {
        if (_abandoned || partition.IsDraining || !resident.Execution.IsWaitingForChild(child.MapRun, child.Index))
        {
            return;
        }

        var key = new ExecutionKey(child.Identity.StateMachineArn, child.Identity.ExecutionName);
        MapRuns.Partitions.Of(key.Slot).PostInternal(new ChildStart(
            services, ProgramOf(key.OwnerArn), child, new ChildParent(resident.Id, partition), isFirst));
    }

    private ChildProgram ProgramOf(string childMachineArn)
    {
        if (!_programs.TryGetValue(childMachineArn, out var program))
        {
            var definition = MapRunNames.FindProcessor(
                resident.Execution.Definition,
                MapRunNames.MachineArn(childMachineArn),
                MapRunNames.LabelIn(childMachineArn) ?? "");
            program = new ChildProgram(
                resident.Revision,
                definition ?? throw new UnreachableException($"No Map state of '{childMachineArn}'."));
            _programs.Add(childMachineArn, program);
        }

        return program;
    }

    private void Run(long mapRun, Func<CancellationToken, Task<Message>> work, Partition partition)
    {
        if (_abandoned || partition.IsDraining || !resident.Execution.OpenMapRuns.Contains(mapRun))
        {
            return;
        }

        Cancel(mapRun); // At most one thing at a time: reading comes before writing.
        var cancellation = new CancellationTokenSource();
        _running[mapRun] = cancellation;
        _ = RunAsync(work, partition, cancellation.Token);
    }

    private async Task RunAsync(
        Func<CancellationToken, Task<Message>> work, Partition partition, CancellationToken cancelled)
    {
        try
        {
            await Task.Yield(); // The partition does not wait for readers and writers.
            partition.PostInternal(new Notice(resident.Id, await work(cancelled)));
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            // Nobody waits for it any more.
        }
    }

    private async Task<Message> ReadAsync(ReadItems wish, CancellationToken cancelled)
    {
        try
        {
            var reader = MapRuns.FindReader(wish.Source.Resource)
                ?? throw new ItemReaderException($"This server cannot read from '{wish.Source.Resource.Arn}'.");
            var page = await reader.ReadAsync(wish.Source, wish.Position, wish.CountMax, cancelled);
            return new ItemsHaveArrived(wish.MapRun, wish.Position, page.Items, page.Next, page.Origin);
        }
        catch (ItemReaderException e)
        {
            return new ItemsCannotBeRead(wish.MapRun, e.Message);
        }
        catch (Exception e) when (!cancelled.IsCancellationRequested)
        {
            Log.HandlerThrew(MapRuns.Logger, wish.Source.Resource.Arn, e);
            return new ItemsCannotBeRead(wish.MapRun, e.Message);
        }
    }

    private async Task<Message> WriteAsync(WriteResults wish, CancellationToken cancelled)
    {
        while (true)
        {
            try
            {
                return await TryToWriteAsync(wish, cancelled);
            }
            catch (StoreUnavailableException)
            {
                // What the children came to can be read again in a moment: that is no failure of the map run.
                await Task.Delay(ReadAgainDelay, MapRuns.Time, cancelled);
            }
        }
    }

    private async Task<Message> TryToWriteAsync(WriteResults wish, CancellationToken cancelled)
    {
        try
        {
            var writer = MapRuns.FindWriter(wish.Destination.Resource)
                ?? throw new ResultWriterException($"This server cannot write to '{wish.Destination.Resource.Arn}'.");
            var identity = new MapRunIdentity(
                wish.MapRunArn,
                MapRunNames.IdOf(wish.MapRunArn).ToString(),
                MapRunNames.ChildMachineArn(wish.MapRunArn));
            var results = MapRuns.Results.ReadAsync(wish.MapRunArn, cancelled);
            var output = await writer.WriteAsync(wish.Destination, identity, results, cancelled);
            return new ResultsAreWritten(wish.MapRun, output);
        }
        catch (ResultWriterException e)
        {
            return new ResultsCannotBeWritten(wish.MapRun, e.Message);
        }
        catch (Exception e) when (e is not StoreUnavailableException && !cancelled.IsCancellationRequested)
        {
            Log.HandlerThrew(MapRuns.Logger, wish.Destination.Resource.Arn, e);
            return new ResultsCannotBeWritten(wish.MapRun, e.Message);
        }
    }

    private void Cancel(long mapRun)
    {
        if (_running.Remove(mapRun, out var cancellation))
        {
            _ = MapRuns.Surroundings.CancelAsync(cancellation);
        }
    }

    private sealed class Held(Action release) : IHeld
    {
        public void Release(Partition partition) => release();

        public void Cancel(Exception reason) { }
    }
}
