using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.States.Quotas;

namespace Lungfish.Simulation.Programs;

/// <summary>Makes state machines of every kind of state. What goes from state to state has one shape,
/// <c>{ n, a: [numbers], r: { v: number } }</c>, so that any state may follow any other.</summary>
/// <remarks>In branches and iterations all failures that leave one are the same, so that it does not matter which of
/// them comes first.</remarks>
internal sealed class MachineGenerator(
    Random random, Swarm swarm, ulong seed, string name, IReadOnlyList<MachineWorkflow> callees)
{
    private const int DepthMax = 3;
    private const int CostMax = 30; // Of a state at the top level; about four facts each.

    private static readonly (string, StateKind)[] s_kinds =
    [
        ("pass", StateKind.Pass), ("choice", StateKind.Choice), ("wait", StateKind.Wait),
        ("function", StateKind.Function), ("function", StateKind.Function), ("token", StateKind.Token),
        ("activity", StateKind.Activity), ("parallel", StateKind.Parallel), ("map", StateKind.Map),
        ("distributed", StateKind.DistributedMap), ("sync", StateKind.Sync), ("evaluate", StateKind.Evaluation),
        ("loop", StateKind.Loop),
    ];

    private readonly StateWriter _writer = new(random, swarm, name);
    private int _states;
    private int _flows;
    private int _cost;

    public QuotaPolicy Quotas { get; init; } = QuotaPolicy.Strict;

    /// <summary>One that ends in one way, whatever happens on the way.</summary>
    public MachineWorkflow Make(bool isStarted, TimeSpan? stopAfter = null)
    {
        var flow = Flow(new Surroundings(Depth: 0, Times: 1, Leaks: null, Variables: []));
        return Finish(flow, timeoutSeconds: null, stopAfter, isStarted, Ordering.Any);
    }

    /// <summary>One that would wait for ever: its time-out or somebody ends it.</summary>
    public MachineWorkflow MakeHanging(bool isStopped)
    {
        var hang = _writer.Tasks.Hang($"S{_states++}");
        var flow = Flow(new Surroundings(Depth: 0, Times: 1, Leaks: null, Variables: []) { Last = hang });
        return Finish(
            flow,
            timeoutSeconds: isStopped ? null : random.Next(20, 90),
            stopAfter: isStopped ? TimeSpan.FromSeconds(random.Next(1, 60)) : null,
            isStarted: true,
            Ordering.Any);
    }

    /// <summary>One whose end depends on which of its branches fails first.</summary>
    public MachineWorkflow MakeRacing()
    {
        var state = $"S{_states++}";
        var branches = Enumerable.Range(0, random.Next(2, 4)).Select(_ => $"S{_states++}").ToArray();
        var flow = _writer.Race(state, branches);
        return Finish(flow, null, null, isStarted: true, new Ordering(branches));
    }

    /// <summary>One whose payload doubles until it is too large.</summary>
    public MachineWorkflow MakeGrowing() =>
        Finish(StateWriter.Grow($"S{_states++}"), null, null, isStarted: true, Ordering.Any);

    /// <summary>One that goes on until it has as many events as may be.</summary>
    public MachineWorkflow MakeEndless() =>
        Finish(StateWriter.Repeat($"S{_states++}"), null, null, isStarted: true, Ordering.Any);

    private MachineWorkflow Finish(
        JsonObject flow, int? timeoutSeconds, TimeSpan? stopAfter, bool isStarted, Ordering ordering)
    {
        var definition = timeoutSeconds is { } seconds
            ? JsonObject.Of(
                ("TimeoutSeconds", seconds), ("StartAt", StateWriter.Member(flow, "StartAt")),
                ("States", StateWriter.Member(flow, "States")))
            : flow;
        return PlainFold.Complete(new MachineDraft
        {
            Name = name,
            Seed = seed,
            Definition = Pretty.Print(definition),
            Input = _writer.Input().ToText(),
            Tasks = _writer.Tasks.Manners,
            Callees = [.. callees.Where(callee => _writer.Called.Contains(callee.Name))],
            IsStarted = isStarted,
            StopAfter = stopAfter,
            Ordering = ordering,
            Quotas = Quotas,
        });
    }

    private JsonObject Flow(Surroundings around)
    {
        var own = $"v{_flows++}"; // Names are unique across scopes.
        var count = random.Next(1, around.Depth == 0 ? 6 : 4);
        var names = Enumerable.Range(0, count).Select(_ => $"S{_states++}").ToArray();
        var last = around.Last ?? _writer.Done($"S{_states++}", around.Depth > 0);
        var states = new JsonObject.Builder();
        var failed = around.Leaks is { } cause ? _writer.Fail($"S{_states++}", cause) : null;
        for (var i = 0; i < count; i++)
        {
            var later = names[(i + 1)..].Append(last.Name).ToArray();
            var place = new Place(names[i], later, around, HandlerOf(around, later, failed))
            {
                Assigns = i == 0 && around.Times > 0 ? own : null,
                Before = names[..i],
            };
            var kind = Draw(around);
            states.Set(names[i], State(kind, place));
            if (place.HasAssigned)
            {
                around = around with { Variables = around.Variables.Add(own) };
            }
        }

        states.Set(last.Name, last.Body);
        if (failed is null)
        {
            return JsonObject.Of(("StartAt", names[0]), ("States", states.Build()));
        }

        var first = $"S{_states++}";
        states.Set(failed.Name, failed.Body);
        states.Set(first, _writer.Choice(failed.Name, names[0]));
        return JsonObject.Of(("StartAt", first), ("States", states.Build()));
    }

    /// <summary>Where a failure goes: in branches never out by itself, at the top level now and then.</summary>
    private string? HandlerOf(Surroundings around, string[] later, NamedState? failed) =>
        failed is { } leak && random.Next(100) < 60 ? leak.Name
        : around.Depth > 0 || around.Last is not null || random.Next(100) < 50 ? later[random.Next(later.Length)]
        : null;

    private StateKind Draw(Surroundings around)
    {
        _cost += around.Times;
        var kind = swarm.Pick(random, s_kinds);
        var isFan = kind is StateKind.Parallel or StateKind.Map or StateKind.DistributedMap;
        if (around.IsExpress && kind is (StateKind.Token or StateKind.Activity or StateKind.Sync))
        {
            kind = StateKind.Function; // Express executions have no others.
        }

        return isFan && (around.Depth >= DepthMax || _cost > CostMax) ? StateKind.Pass
            : kind == StateKind.Sync && (callees.Count == 0 || around.Times > 4) ? StateKind.Wait
            : kind;
    }

    private JsonObject State(StateKind kind, Place place) => kind switch
    {
        StateKind.Parallel => Parallel(place),
        StateKind.Map => Map(place, isDistributed: false),
        StateKind.DistributedMap => Map(place, isDistributed: !place.Around.IsExpress),
        StateKind.Sync => _writer.Sync(place, callees[random.Next(callees.Count)]),
        _ => _writer.Simple(kind, place),
    };

    private JsonObject Parallel(Place place)
    {
        var inner = Inside(place, times: 1);
        var branches = Enumerable.Range(0, random.Next(1, 4)).Select(_ => (JsonValue)Flow(inner));
        return _writer.Parallel(place, JsonArray.Of(branches));
    }

    private JsonObject Map(Place place, bool isDistributed)
    {
        var inner = Inside(place, times: StateWriter.ItemsMax);
        if (!isDistributed)
        {
            return _writer.Map(place, Flow(inner));
        }

        // Executions of their own: they see no variables of this one.
        var isExpress = random.Next(3) == 0;
        var flow = Flow(inner with { Variables = [], IsExpress = isExpress });
        var batches = swarm.Weight("batches") > 0 && random.Next(3) == 0;
        return _writer.DistributedMap(
            place, batches ? _writer.Unbatch($"S{_states++}", flow) : flow, batches, isExpress);
    }

    private Surroundings Inside(Place place, int times) => place.Around with
    {
        Depth = place.Around.Depth + 1,
        Times = place.Around.Times * times,
        Leaks = random.Next(100) < 40 ? $"in {place.Name}" : null,
        Last = null,
    };
}

/// <summary>What a flow is in.</summary>
/// <param name="Times">How often the flow is gone through, about.</param>
/// <param name="Leaks">The cause of the one failure that may leave the flow; null: none may.</param>
/// <param name="Variables">Those that have a value when the flow begins.</param>
internal sealed record Surroundings(int Depth, int Times, string? Leaks, ImmutableArray<string> Variables)
{
    /// <summary>What the flow ends with; null: with what is usual.</summary>
    public NamedState? Last { get; init; }

    /// <summary>In an express execution.</summary>
    public bool IsExpress { get; init; }
}

internal sealed record NamedState(string Name, JsonObject Body);

/// <summary>Where a state stands.</summary>
/// <param name="Later">The states that it may go to.</param>
/// <param name="Handler">Where its failures go; null: out.</param>
internal sealed record Place(string Name, IReadOnlyList<string> Later, Surroundings Around, string? Handler)
{
    /// <summary>The variable that it may assign.</summary>
    public string? Assigns { get; init; }

    /// <summary>The states before it in its flow.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    public bool HasAssigned { get; set; }

    public string Next => Later[0];
}

internal enum StateKind
{
    Pass,
    Choice,
    Wait,
    Function,
    Token,
    Activity,
    Parallel,
    Map,
    DistributedMap,
    Sync,

    /// <summary>An expression that fails.</summary>
    Evaluation,

    /// <summary>A Choice that goes back.</summary>
    Loop,
}
