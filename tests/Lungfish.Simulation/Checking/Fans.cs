using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;
using Lungfish.States.Model;
using static Lungfish.States.Journal.HistoryEventType;

namespace Lungfish.Simulation.Checking;

/// <summary>The branches, iterations and children of one execution, counted event by event beside the fold: each begins
/// and ends once, no more run at once than the definition says, and results stand in the order of the items.</summary>
/// <param name="violate">Told what is wrong with invariant 14.</param>
internal sealed class Fans(Action<string> violate)
{
    private readonly Dictionary<long, Fan> _fans = []; // By the id of the event that started it.
    private readonly Dictionary<ScopeId, Fan> _open = []; // By the scope of its state.

    /// <param name="before">The execution before the event.</param>
    public void Check(Execution before, HistoryEvent e)
    {
        switch (e.Type)
        {
            case ParallelStateStarted when StateIn(before, e.Scope) is ParallelState parallel:
                Begin(e, new Fan(parallel.Name, parallel.Branches.Length));
                break;
            case MapStateStarted when StateIn(before, e.Scope) is MapState { Distributed: null } map:
                BeginMap(e, map, before.FindScope(e.Scope)?.Visit?.Input);
                break;
            case MapRunStarted when StateIn(before, e.Scope) is MapState map:
                Begin(e, new Fan(map.Name, e.Details.MapRun?.Items is JsonArray items ? items.Count : 0)
                {
                    AtOnceMax = AtOnceMax(map),
                    IsWrittenElsewhere = map.Distributed?.Writer?.Resource is not null,
                });
                break;
            case MapIterationStarted when _open.GetValueOrDefault(e.Scope) is { } fan:
                BeginIteration(fan, checked((int)(e.Details.Index ?? -1)), e);
                break;
            case MapIterationSucceeded or MapIterationFailed or MapIterationAborted
                when _open.GetValueOrDefault(e.Scope) is { } fan && e.Details.Index is { } index:
                End(fan, index, e.Type == MapIterationSucceeded);
                break;
            case ParallelStateSucceeded or MapStateSucceeded or MapRunSucceeded
                when _open.GetValueOrDefault(e.Scope) is { } fan:
                Succeed(fan);
                break;
            case ParallelStateExited or MapStateExited when _open.Remove(e.Scope, out var fan) && fan.HasSucceeded:
                CheckResult(fan, e.Details.Output);
                break;
        }

        if (e.Details is { Next: null, Output: { } output } && e.Scope != ScopeId.Root && IsExit(e.Type)
            && _fans.GetValueOrDefault(e.Scope.StartedBy) is { } around
            && !around.Results.TryAdd(e.Scope.Index, output))
        {
            violate($"Branch or iteration {e.Scope.Index} of {around.Name} ends twice.");
        }
    }

    public void Check(Fact fact)
    {
        switch (fact)
        {
            case ItemsRead read when _fans.GetValueOrDefault(read.MapRun) is { } fan:
                fan.Count += read.Items is JsonArray items ? items.Count : 0;
                break;
            case ChildStarted started when _fans.GetValueOrDefault(started.MapRun) is { } fan:
                fan.ItemsTaken += started.ItemCount;
                BeginOne(fan, started.Index);
                break;
            case ChildClosed closed when _fans.GetValueOrDefault(closed.MapRun) is { } fan:
                if (!fan.Results.TryAdd(closed.Index, closed.Result ?? JsonValue.Null))
                {
                    violate($"Child {closed.Index} of {fan.Name} ends twice.");
                }

                End(fan, closed.Index, hasSucceeded: true);
                break;
        }
    }

    private void Begin(HistoryEvent e, Fan fan) => _fans[e.Id] = _open[e.Scope] = fan;

    private void BeginMap(HistoryEvent e, MapState map, JsonValue? input)
    {
        var items = (input as JsonObject)?["a"] as JsonArray; // That is what all generated Maps iterate.
        if (items is not null && items.Count != e.Details.Length)
        {
            violate($"{map.Name} has {items.Count} items, and begins with {e.Details.Length}.");
        }

        Begin(e, new Fan(map.Name, checked((int)(e.Details.Length ?? 0)))
        {
            AtOnceMax = AtOnceMax(map),
            Items = items,
        });
    }

    private void BeginIteration(Fan fan, int index, HistoryEvent e)
    {
        BeginOne(fan, index);
        if (fan.Items is { } items && index < items.Count && ValueIn(e.Details.Input) is { } value
            && !value.Equals(items[index]))
        {
            violate($"Iteration {index} of {fan.Name} gets {value}, and its item is {items[index]}.");
        }
    }

    private void BeginOne(Fan fan, long index)
    {
        if (index != fan.Started++)
        {
            violate($"After {fan.Started - 1} others, {index} of {fan.Name} begins.");
        }

        _ = fan.Running.Add(index);
        if (fan.AtOnceMax > 0 && fan.Running.Count > fan.AtOnceMax)
        {
            violate($"{fan.Running.Count} of {fan.Name} run at once, and {fan.AtOnceMax} may.");
        }
    }

    private void End(Fan fan, long index, bool hasSucceeded)
    {
        if (!fan.Running.Remove(index))
        {
            violate($"{index} of {fan.Name} ends and does not run.");
        }

        if (hasSucceeded && !fan.Results.ContainsKey(index))
        {
            violate($"{index} of {fan.Name} succeeds and has no result.");
        }
    }

    private void Succeed(Fan fan)
    {
        fan.HasSucceeded = true;
        var count = fan.ItemsTaken > 0 ? fan.ItemsTaken : fan.Results.Count; // Batches have several items each.
        if (count != fan.Count || fan.Running.Count > 0)
        {
            violate($"{fan.Name} succeeds after {count} of {fan.Count}; {fan.Running.Count} still run.");
        }
    }

    /// <summary>What generated states make of their results: all of it, or in <c>r</c> the number of results and the
    /// number in each.</summary>
    private void CheckResult(Fan fan, JsonValue? output)
    {
        var results = fan.Results.OrderBy(result => result.Key).Select(result => result.Value).ToList();
        var shown = (output as JsonObject)?["r"] as JsonObject;
        var expected = JsonArray.Of(shown is null ? results : results.Select(ValueIn).OfType<JsonValue>());
        var found = shown is null ? output : shown["all"];
        if ((shown is not null && shown["v"] is var count && count?.Equals((JsonValue)results.Count) != true)
            || (!fan.IsWrittenElsewhere && found?.Equals(expected) != true))
        {
            violate($"{fan.Name} came to {expected.ToText()}, and answers {output?.ToText()}.");
        }
    }

    private static JsonValue? ValueIn(JsonValue? value) => ((value as JsonObject)?["r"] as JsonObject)?["v"];

    private static long AtOnceMax(MapState map) => map.MaxConcurrency is Literal<long> literal ? literal.Value : 0;

    private static State? StateIn(Execution execution, ScopeId scope) => execution.FindScope(scope)?.Visit?.State;

    private static bool IsExit(HistoryEventType type) => type is PassStateExited or ChoiceStateExited or WaitStateExited
        or SucceedStateExited or TaskStateExited or ParallelStateExited or MapStateExited;

    private sealed class Fan(string name, int count)
    {
        public string Name => name;

        /// <summary>Of branches or items; of a map run grows as they are read.</summary>
        public int Count { get; set; } = count;

        /// <summary>0: as many as there are.</summary>
        public long AtOnceMax { get; init; }

        public bool IsWrittenElsewhere { get; init; }

        /// <summary>Null: not known.</summary>
        public JsonArray? Items { get; init; }

        public long Started { get; set; }

        /// <summary>By the children of a map run.</summary>
        public int ItemsTaken { get; set; }

        public HashSet<long> Running { get; } = [];

        public Dictionary<long, JsonValue> Results { get; } = [];

        public bool HasSucceeded { get; set; }
    }
}
