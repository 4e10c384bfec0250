using System.Diagnostics;
using Lungfish.Json;
using Lungfish.States.Journal;
using Lungfish.States.Model;
using Lungfish.States.Quotas;
using static Lungfish.States.Journal.HistoryEventType;

namespace Lungfish.States.Deciding;

/// <summary>What a Map state in the mode DISTRIBUTED does: starts a child execution for each item or batch.</summary>
/// <remarks>A child is to its map run what a task is to a Task state: wished for as long as it has no answer, under a
/// name that stays the same. So it is started once, however often it is asked for.</remarks>
internal static class MapRunDecider
{
    /// <summary>The most items that a page may hold.</summary>
    private const int PageItemsMax = 1_000;

    /// <param name="input">The effective input.</param>
    public static void Begin(
        Turn turn, Scope scope, MapState state, DistributedMap map, StateData data, Evaluated input)
    {
        var items = map.Reader is null ? MapDecider.Items(data, state, input) : JsonArray.Empty;
        var concurrency = MapDecider.Concurrency.Read(data, state.MaxConcurrency, input);
        var failure = concurrency.Failure ?? items.Failure;
        if (failure is not null || input.Value is not { } effective || items.Value is not { } known)
        {
            StateDecider.FailWith(turn, scope, failure ?? input.Failure);
            return;
        }

        // Recorded in scenarios_s3/*: 0 where the items are read from outside. ItemsPath means nothing there.
        turn.Emit(scope.Id, MapStateStarted, new() { Length = CountOf(known) });
        scope = turn.GetScope(scope.Id);
        var planner = new MapRunPlanner(data, state, map, effective);
        var plan = planner.Make(
            MapRunNames.NewArn(turn, state), map.Reader is null ? known : null, concurrency.Value ?? 0);
        if (planner.Failure is { } notPlanned && notPlanned.Error != ErrorNames.ItemReaderFailed)
        {
            StateDecider.FailWith(turn, scope, notPlanned);
            return;
        }

        turn.Emit(scope.Id, MapRunStarted, new() { MapRun = plan });
        if (turn.HasEnded || turn.GetScope(scope.Id) is not { Visit.MapRun: { } run } running)
        {
            return;
        }

        turn.Want(new KeepMapRun(Snapshot(turn, run, MapRunStatus.Running)));
        if (planner.Failure is not null)
        {
            Fail(turn, running, run, planner.Failure);
            return;
        }

        AskForItems(turn, running, run);
        GoOn(turn, running, run);
    }

    /// <summary>Starts one more child.</summary>
    public static void StartNext(Turn turn, Scope scope, MapRun run)
    {
        var visit = StateDecider.GetVisit(scope);
        var state = (MapState)visit.State;
        var batch = new MapRunBatch(turn, scope, state, run);
        var (input, count) = batch.Next();
        if (input.Value is { } value && turn.Quotas.Refuses(Quota.PayloadBytes, value))
        {
            input = StateFailure.DataLimitExceeded(state.Name, FailureKind.Terminal);
        }

        if (input.Value is not { } childInput)
        {
            Fail(turn, scope, run, input.Failure ?? throw NoValue());
            return;
        }

        var index = run.ChildrenStarted;
        turn.Record(new ChildStarted(run.Id, index, count, batch.IsItemAsItIs ? null : childInput));
        var after = GetRun(turn, scope.Id);
        turn.Want(new StartChild(Child(turn.Execution, after, after.Running[index])));
        if (after.WantsItems && !run.WantsItems)
        {
            AskForItems(turn, scope, after);
        }

        if (after.CanStartMore)
        {
            turn.MakeReady(scope.Id);
        }
    }

    public static void WhenChildClosed(Turn turn, ChildHasClosed closed)
    {
        if (Find(turn, closed.MapRun) is not ({ } scope, { } run) || !run.Running.ContainsKey(closed.Index))
        {
            return; // It was asked for twice, and answered before.
        }

        turn.Record(new ChildClosed(run.Id, closed.Index, closed.Status, ResultOf(turn, scope, run, closed)));
        GoOn(turn, scope, GetRun(turn, scope.Id));
    }

    public static void WhenItemsArrived(Turn turn, ItemsHaveArrived arrived)
    {
        if (Find(turn, arrived.MapRun) is not ({ } scope, { } run)
            || !run.WantsItems || run.Position != arrived.Position)
        {
            return;
        }

        var items = run.Plan.ItemsMax > 0
            ? Limited(arrived.Items, run.Plan.ItemsMax - run.ItemsRead)
            : arrived.Items;
        turn.Record(new ItemsRead(run.Id, items, arrived.Next, arrived.Origin));
        run = GetRun(turn, scope.Id);
        AskForItems(turn, scope, run);
        GoOn(turn, scope, run);
    }

    public static void WhenFailed(Turn turn, long mapRun, string error, string cause)
    {
        if (Find(turn, mapRun) is ({ } scope, { } run))
        {
            Fail(turn, scope, run, new StateFailure(error, cause, FailureKind.State));
        }
    }

    public static void WhenResultsWritten(Turn turn, ResultsAreWritten written)
    {
        if (Find(turn, written.MapRun) is ({ } scope, { HasEnded: true } run))
        {
            Succeed(turn, scope, run, written.Output);
        }
    }

    public static void WhenUpdated(Turn turn, UpdateMapRun update)
    {
        if (turn.Execution.MapRuns.Keys.Select(id => Find(turn, id)).FirstOrDefault(
            found => found is ({ }, { } open) && open.Plan.Arn == update.MapRunArn) is not ({ } scope, { } run))
        {
            return;
        }

        var limits = new MapRunLimits(
            update.ConcurrencyMax ?? run.Limits.ConcurrencyMax,
            update.ToleratedCount ?? run.Limits.ToleratedCount,
            update.ToleratedPercentage ?? run.Limits.ToleratedPercentage);
        if (limits != run.Limits)
        {
            turn.Record(new MapRunUpdated(run.Id, limits));
            GoOn(turn, scope, GetRun(turn, scope.Id));
        }
    }

    /// <summary>The run ends with its execution, or is cut off by a sibling's failure.</summary>
    public static void Abandon(Turn turn, Scope scope, MapRunStatus status)
    {
        if (scope.Visit?.MapRun is { } run)
        {
            turn.Want(new KeepMapRun(Snapshot(turn, run, status)));
            StopChildren(turn, run);
        }
    }

    public static MapRunStatus StatusAtTheEnd(HistoryEventType type) =>
        type == ExecutionFailed ? MapRunStatus.Failed : MapRunStatus.Aborted;

    /// <summary>What recovery must ask for again.</summary>
    public static IEnumerable<Effect> Wanted(Execution execution)
    {
        foreach (var (_, scopeId) in execution.MapRuns)
        {
            if (execution.FindScope(scopeId)?.Visit is not { MapRun: { } run, State: MapState state })
            {
                continue;
            }

            foreach (var (_, child) in run.Running)
            {
                yield return new StartChild(Child(execution, run, child));
            }

            if (run.WantsItems && Reading(state, run) is { } reading)
            {
                yield return reading;
            }

            if (run.HasEnded && Writing(state, run) is { } writing)
            {
                yield return writing;
            }
        }
    }

    /// <summary>Goes on after something has changed: the run may be over, or have room for more children.</summary>
    private static void GoOn(Turn turn, Scope scope, MapRun run)
    {
        scope = turn.GetScope(scope.Id);
        var state = (MapState)StateDecider.GetVisit(scope).State;
        if (run.HasFailedTooOften)
        {
            Fail(turn, scope, run, StateFailure.TooManyFailed());
        }
        else if (run.CanStartMore)
        {
            turn.MakeReady(scope.Id);
        }
        else if (run.HasEnded && Writing(state, run) is { } writing)
        {
            turn.Want(writing);
        }
        else if (run.HasEnded)
        {
            Succeed(turn, scope, run, MapRunResults.Collect(turn, state, run));
        }
    }

    private static void Succeed(Turn turn, Scope scope, MapRun run, Evaluated result)
    {
        turn.Want(new KeepMapRun(Snapshot(turn, run, MapRunStatus.Succeeded)));
        var succeeded = turn.Emit(scope.Id, MapRunSucceeded, scope.LastEventId);

        // Recorded since November 2024: the exit follows MapRunStarted.
        succeeded = turn.Emit(scope.Id, MapStateSucceeded, succeeded);
        if (turn.HasEnded)
        {
            return;
        }

        scope = turn.GetScope(scope.Id);
        var visit = StateDecider.GetVisit(scope);
        var state = (MapState)visit.State;
        StateDecider.LeaveWith(
            turn, scope, new StateData(turn, scope, visit).ExitWith(result), state.Next, succeeded);
    }

    private static void Fail(Turn turn, Scope scope, MapRun run, StateFailure failure)
    {
        scope = turn.GetScope(scope.Id);
        if (failure.Kind == FailureKind.Terminal)
        {
            FailureDecider.Fail(turn, scope, failure, scope.LastEventId);
            return;
        }

        Abandon(turn, scope, MapRunStatus.Failed);
        var failed = turn.Emit(
            scope.Id, MapRunFailed, scope.LastEventId, new() { Error = failure.Error, Cause = failure.Cause });
        if (!turn.HasEnded)
        {
            FailureDecider.Fail(turn, turn.GetScope(scope.Id), failure, failed);
        }
    }

    private static void StopChildren(Turn turn, MapRun run)
    {
        if (!run.Running.IsEmpty)
        {
            turn.Want(new StopChildren(run.Plan.Arn));
        }
    }

    private static void AskForItems(Turn turn, Scope scope, MapRun run)
    {
        var state = (MapState)StateDecider.GetVisit(scope).State;
        if (run.WantsItems && Reading(state, run) is { } reading)
        {
            turn.Want(reading);
        }
    }

    private static ReadItems? Reading(MapState state, MapRun run)
    {
        if (state.Distributed?.Reader is not { } reader || run.Plan.ReaderParameters is not { } parameters)
        {
            return null;
        }

        var countMax = run.Plan.ItemsMax > 0
            ? (int)Math.Min(PageItemsMax, run.Plan.ItemsMax - run.ItemsRead)
            : PageItemsMax;
        var source = new ItemSource(reader.Resource, parameters, reader.Config);
        return new ReadItems(run.Id, source, run.Position, countMax);
    }

    private static WriteResults? Writing(MapState state, MapRun run) =>
        state.Distributed?.Writer is { Resource: { } resource } writer
            && run.Plan.WriterParameters is { } parameters
                ? new WriteResults(
                    run.Id, run.Plan.Arn, new ResultDestination(resource, parameters, writer.Config))
                : null;

    private static ChildExecution Child(Execution execution, MapRun run, PendingChild child) => new(
        run.Id,
        child.Index,
        run.Plan.Arn,
        MapRunNames.ChildOf(execution.Identity ?? throw NoValue(), run, child.Index),
        child.Input,
        child.ItemCount);

    /// <summary>What takes the child's place in the result; null where results are written elsewhere, or together are
    /// too large for an output anyway.</summary>
    private static JsonValue? ResultOf(Turn turn, Scope scope, MapRun run, ChildHasClosed closed)
    {
        var isCollected = run.HasResults
            && scope.Visit?.State is MapState { Distributed: { Writer: null or { Resource: null } } };
        return isCollected && MapRunResults.PlaceOf(closed) is var place
            && !turn.Quotas.Refuses(Quota.PayloadBytes, run.ResultBytes + place.Utf8Length + 2)
                ? place
                : null;
    }

    private static (Scope Scope, MapRun Run)? Find(Turn turn, long mapRun) =>
        turn.Execution.MapRuns.TryGetValue(mapRun, out var id)
            && turn.GetScope(id) is { Visit.MapRun: { } run } scope
                ? (scope, run)
                : null;

    private static MapRun GetRun(Turn turn, ScopeId scope) =>
        turn.GetScope(scope).Visit?.MapRun ?? throw new UnreachableException($"{scope} has no map run.");

    private static MapRunSnapshot Snapshot(Turn turn, MapRun run, MapRunStatus status) => run.Snapshot(
        turn.Execution.Identity ?? throw NoValue(),
        status,
        status == MapRunStatus.Running ? null : turn.Now);

    private static int CountOf(JsonValue items) => items switch
    {
        JsonArray array => array.Count,
        JsonObject members => members.Count,
        _ => throw NoValue(),
    };

    /// <summary>A reader may answer with more than it was asked for.</summary>
    public static JsonValue Limited(JsonValue items, long countMax) => CountOf(items) <= countMax
        ? items
        : items is JsonArray array
            ? new JsonArray([.. array.Take((int)countMax)])
            : JsonObject.Of(((JsonObject)items).Take((int)countMax));

    private static UnreachableException NoValue() => new("Neither a value nor a failure.");
}
