using System.Collections.Immutable;
using System.Diagnostics;
using Lungfish.Json;
using Lungfish.States.Journal;

namespace Lungfish.States.Deciding;

/// <summary>What the facts of map runs change of an execution.</summary>
internal static class MapRunFold
{
    public static Execution Start(Execution execution, HistoryEvent e)
    {
        var plan = e.Details.MapRun ?? throw new UnreachableException("A map run without a plan.");
        var items = plan.Items is { } known ? ItemBuffer.Empty.Add(known, MapItem.StateData) : ItemBuffer.Empty;
        var run = new MapRun
        {
            Id = e.Id,
            StartedAt = e.Timestamp,
            Plan = plan,
            Limits = plan.Limits,
            Items = items,
            ItemsRead = items.Count,
            AllRead = plan.Items is not null,
        };
        return Put(execution, e.Scope, run) with { MapRuns = execution.MapRuns.Add(e.Id, e.Scope) };
    }

    public static Execution End(Execution execution, ScopeId scopeId) =>
        execution.FindScope(scopeId) is { Visit: { MapRun: { } run } } scope
            ? execution.With(scope with { Visit = scope.Visit with { MapRun = null } }) with
            {
                MapRuns = execution.MapRuns.Remove(run.Id),
            }
            : execution;

    public static Execution Apply(Execution execution, Fact fact) => fact switch
    {
        ItemsRead read => Change(execution, read.MapRun, run => Read(run, read)),
        ChildStarted started => Change(execution, started.MapRun, run => Start(run, started)),
        ChildClosed closed => Change(execution, closed.MapRun, run => Close(run, closed)),
        MapRunUpdated updated => Change(execution, updated.MapRun, run => run with { Limits = updated.Limits }),
        _ => throw new UnreachableException($"No fold for {fact.GetType().Name}."),
    };

    private static MapRun Read(MapRun run, ItemsRead read)
    {
        var items = run.Items.Add(read.Items, read.Origin);
        var count = run.ItemsRead + items.Count - run.Items.Count;
        return run with
        {
            Items = items,
            ItemsRead = count,
            Position = read.Next,
            AllRead = read.Next is null || (run.Plan.ItemsMax > 0 && count >= run.Plan.ItemsMax),
        };
    }

    private static MapRun Start(MapRun run, ChildStarted started)
    {
        var child = new PendingChild(started.Index, started.Input ?? run.Items[0].Whole, started.ItemCount);
        return run with
        {
            Items = run.Items.Drop(started.ItemCount),
            ChildrenStarted = started.Index + 1,
            Running = run.Running.Add(started.Index, child),
        };
    }

    private static MapRun Close(MapRun run, ChildClosed closed)
    {
        run = run with
        {
            Running = run.Running.Remove(closed.Index),
            Executions = run.Executions.Add(closed.Status, 1),
            ItemOutcomes = run.ItemOutcomes.Add(closed.Status, run.Running[closed.Index].ItemCount),
        };
        return closed.Result is { } result
            ? run with
            {
                Results = run.Results.Add(closed.Index, result),
                ResultBytes = run.ResultBytes + result.Utf8Length + 1,
            }
            : run with { Results = ImmutableSortedDictionary<long, JsonValue>.Empty, HasResults = false };
    }

    private static Execution Change(Execution execution, long id, Func<MapRun, MapRun> change)
    {
        var scope = execution.MapRuns[id];
        var run = execution.FindScope(scope)?.Visit?.MapRun;
        return Put(execution, scope, change(run ?? throw new UnreachableException($"There is no map run {id}.")));
    }

    private static Execution Put(Execution execution, ScopeId scopeId, MapRun run) =>
        execution.FindScope(scopeId) is { Visit: { } visit } scope
            ? execution.With(scope with { Visit = visit with { MapRun = run } })
            : throw new UnreachableException($"{scopeId} is in no Map state.");
}
