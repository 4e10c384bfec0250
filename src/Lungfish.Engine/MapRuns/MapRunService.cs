using System.Globalization;
using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.StateMachines;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.MapRuns;

/// <summary>The map run operations of the API: asks the execution while a run is open, the store when it is
/// over.</summary>
internal sealed class MapRunService(IStore store, PartitionMap partitions, PageTokens pages) : IMapRuns
{
    public async Task<MapRunSnapshot> DescribeAsync(string mapRunArn, CancellationToken cancellationToken)
    {
        var known = await GetAsync(mapRunArn, cancellationToken);
        if (known.StoppedAt is not null)
        {
            return known;
        }

        var describe = new DescribeMapRun(StatesArn.ParseExecution(known.ExecutionArn), mapRunArn);
        partitions.Of(describe.Slot).Post(describe);

        // Over by now: then the store knows all of it.
        return await describe.Answer ?? await GetAsync(mapRunArn, cancellationToken);
    }

    public async Task<Page<MapRunSnapshot>> ListAsync(
        string executionArn, int countMax, string? nextToken, CancellationToken cancellationToken)
    {
        var header = await store.FindByNameAsync(StatesArn.ParseExecution(executionArn), cancellationToken)
            ?? throw StepFunctionsErrors.ExecutionDoesNotExist(executionArn);
        var query = $"ListMapRuns {header.Id.Uuid}";
        var after = nextToken is null ? (ExecutionCursor?)null : ListCursors.Read(pages.Open(query, nextToken));
        var runs = await store.ListMapRunsAsync(header.Id, after, countMax + 1, cancellationToken);
        var next = runs.Count > countMax
            ? pages.Make(query, ListCursors.Write(runs[countMax - 1].StartedAt, runs[countMax - 1].Id))
            : null;
        return new Page<MapRunSnapshot>([.. runs.Take(countMax).Select(MapRunRecord.Read)], next);
    }

    public async Task UpdateAsync(string mapRunArn, MapRunChange change, CancellationToken cancellationToken)
    {
        var known = await GetAsync(mapRunArn, cancellationToken);
        if (known.StoppedAt is not null)
        {
            throw StepFunctionsErrors.MapRunIsOver(mapRunArn);
        }

        var update = new ChangeMapRun(
            StatesArn.ParseExecution(known.ExecutionArn),
            new UpdateMapRun(mapRunArn, change.ConcurrencyMax, change.ToleratedCount, change.ToleratedPercentage));
        partitions.Of(update.Slot).Post(update);
        _ = await update.Answer;
    }

    public async Task<Page<ExecutionSummary>> ListExecutionsAsync(
        string mapRunArn,
        ExecutionStatus? status,
        int countMax,
        string? nextToken,
        CancellationToken cancellationToken)
    {
        var run = await GetAsync(mapRunArn, cancellationToken);
        if (run.IsExpress)
        {
            throw StepFunctionsErrors.StateMachineTypeNotSupported(
                "This operation is not supported by this type of state machine");
        }

        var query = $"ListExecutions {mapRunArn} {status}";
        var headers = await store.ListExecutionsAsync(
            new ExecutionQuery
            {
                MapRun = MapRunNames.IdOf(mapRunArn),
                Status = status,
                After = nextToken is null ? null : ListCursors.Read(pages.Open(query, nextToken)),
                CountMax = countMax + 1,
            },
            cancellationToken);
        var next = headers.Count > countMax
            ? pages.Make(query, ListCursors.Write(headers[countMax - 1]))
            : null;
        return new Page<ExecutionSummary>([.. headers.Take(countMax).Select(ExecutionService.Summarize)], next);
    }

    private async Task<MapRunSnapshot> GetAsync(string mapRunArn, CancellationToken cancellationToken)
    {
        var arn = StatesArn.Parse(mapRunArn, "mapRun");
        return Guid.TryParse(arn.Rest, CultureInfo.InvariantCulture, out var id)
            && await store.FindMapRunAsync(id, cancellationToken) is { } stored
            && MapRunRecord.Read(stored) is var run && run.Arn == mapRunArn
                ? run
                : throw StepFunctionsErrors.ResourceNotFound(mapRunArn);
    }
}

/// <summary>Describes a map run that is open; answers null if the store knows all of it.</summary>
internal sealed class DescribeMapRun(ExecutionKey key, string mapRunArn) : Request<MapRunSnapshot?>
{
    public Slot Slot => key.Slot;

    public override ExecutionId? Id => null;

    public override ExecutionKey? Key => key;

    public override bool IsRead => true;

    public override bool Loads => false; // An execution with an open map run stays in memory.

    public override void Handle(Resident resident, Partition partition) =>
        Reply(((StateMachineResident)resident).Execution.FindMapRun(mapRunArn), resident, partition);

    public override void HandleClosed(ExecutionHeader header, Partition partition) => ReplyNow(null);

    public override void HandleMissing(Partition partition) => ReplyNow(null);
}

/// <summary>Changes the limits of a map run that is open.</summary>
internal sealed class ChangeMapRun(ExecutionKey key, UpdateMapRun update) : Request<bool>
{
    public Slot Slot => key.Slot;

    public override ExecutionId? Id => null;

    public override ExecutionKey? Key => key;

    public override void Handle(Resident resident, Partition partition)
    {
        var machine = (StateMachineResident)resident;
        if (machine.IsClosed || machine.Execution.FindMapRun(update.MapRunArn) is null)
        {
            ReplyRefusal(StepFunctionsErrors.MapRunIsOver(update.MapRunArn), resident, partition);
            return;
        }

        machine.Take(update, partition);
        Reply(true, resident, partition);
    }

    public override void HandleClosed(ExecutionHeader header, Partition partition) =>
        Cancel(StepFunctionsErrors.MapRunIsOver(update.MapRunArn));

    public override void HandleMissing(Partition partition) =>
        Cancel(StepFunctionsErrors.ResourceNotFound(update.MapRunArn));
}
