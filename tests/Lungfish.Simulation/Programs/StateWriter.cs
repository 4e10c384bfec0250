using System.Diagnostics;
using Lungfish.Json;

namespace Lungfish.Simulation.Programs;

/// <summary>Writes states, in both query languages, and remembers what their tasks are like.</summary>
internal sealed class StateWriter(Random random, Swarm swarm, string machine)
{
    public const int ItemsMax = 3;
    public const string Leak = "Leak";
    private const int LoopEnd = 4;
    private const string StartExecution = "arn:aws:states:::states:startExecution";

    private readonly HashSet<string> _counting = [];

    public TaskWriter Tasks { get; } = new(random, swarm, machine);

    /// <summary>The machines whose executions are started.</summary>
    public HashSet<string> Called { get; } = [];

    public JsonObject Input() => JsonObject.Of(
        ("n", random.Next(1, 3)),
        ("a", JsonArray.Of(Enumerable.Range(0, random.Next(2, ItemsMax + 1)).Select(_ => (JsonValue)random.Next(100)))),
        ("r", JsonObject.Of("v", random.Next(1_000))));

    public NamedState Done(string name, bool isInner) => new(name, isInner || random.Next(2) == 0
        ? JsonObject.Of(
            ("Type", "Pass"),
            ("Parameters", JsonObject.Of(("n.$", "$.n"), ("a.$", "$.a"), ("r.$", "$.r"))),
            ("End", true))
        : JsonObject.Of("Type", "Succeed"));

    public NamedState Fail(string name, string cause) =>
        new(name, JsonObject.Of(("Type", "Fail"), ("Error", Leak), ("Cause", cause)));

    /// <summary>Branches of one task each, some of which fail in different ways.</summary>
    public JsonObject Race(string name, IReadOnlyList<string> branches)
    {
        var flows = branches.Select(branch =>
        {
            var task = Tasks.Sure(branch, fails: random.Next(3) > 0);
            return (JsonValue)JsonObject.Of(("StartAt", branch), ("States", JsonObject.Of(branch, task)));
        });
        var race = JsonObject.Of(("Type", "Parallel"), ("Branches", JsonArray.Of(flows)), ("End", true));
        return JsonObject.Of(("StartAt", name), ("States", JsonObject.Of(name, race)));
    }

    /// <summary>A state that comes again and again, each time with twice the payload.</summary>
    public static JsonObject Grow(string name) => Repeat(name, ("Parameters", JsonObject.Of(
        ("n.$", "$.n"), ("a.$", "States.Array($.a, $.a)"), ("r.$", "$.r"))));

    /// <summary>A state that comes again and again.</summary>
    public static JsonObject Repeat(string name) => Repeat(name, ("Comment", "again"));

    /// <summary>Goes one way for some of the numbers in <c>r.v</c>, the other way for the others.</summary>
    public JsonObject Choice(string then, string otherwise)
    {
        var state = new StateDraft(random.Next(100) < 40);
        Choose(state, then, otherwise, "r.v", "Greater", random.Next(2) == 0 ? 50 : 500);
        return state.Build();
    }

    public JsonObject Simple(StateKind kind, Place place)
    {
        var state = new StateDraft(random.Next(100) < 40);
        switch (kind)
        {
            case StateKind.Pass:
                Pass(state, place);
                break;
            case StateKind.Choice:
                Choose(state, place.Later[random.Next(place.Later.Count)], place.Next, "r.v", "Greater", 500);
                return state.Build();
            case StateKind.Loop when place.Before.FirstOrDefault(_counting.Contains) is { } back
                && place.Around.Times <= ItemsMax:
                Choose(state, back, place.Next, "n", "Less", LoopEnd);
                return state.Build();
            case StateKind.Loop:
                Pass(state, place);
                break;
            case StateKind.Wait:
                Wait(state, place);
                break;
            case StateKind.Evaluation:
                state = new StateDraft(isJsonata: true);
                Tasks.Failing(state, place);
                break;
            case StateKind.Function or StateKind.Token or StateKind.Activity:
                Tasks.Write(state, kind, place);
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"{kind} is not simple.");
        }

        state.Set("Next", place.Next);
        return state.Build();
    }

    public JsonObject Sync(Place place, MachineWorkflow callee)
    {
        _ = Called.Add(callee.Name);
        var pattern = random.Next(3) switch { 0 => "", 1 => ".sync", _ => ".sync:2" };
        var state = new StateDraft(isJsonata: false);
        state.Set("Type", "Task");
        state.Set("Resource", StartExecution + pattern);
        state.Set("Parameters", JsonObject.Of(
            ("StateMachineArn", MachineWorkflow.ArnOf(callee.Name)),
            ("Input", JsonObject.Of(("n.$", "$.n"), ("a.$", "$.a"), ("r", JsonObject.Of("v.$", "$.r.v"))))));
        if (pattern.Length > 0) // The answer names moments and ARNs: they do not belong into an expected end.
        {
            state.Set("ResultSelector", pattern == ".sync"
                ? JsonObject.Of(("v", 7), ("text.$", "$.Output"))
                : JsonObject.Of("v.$", "$.Output.n"));
        }

        state.Set("ResultPath", pattern.Length > 0 ? "$.r" : JsonValue.Null);
        state.Set("Catch", TaskWriter.Catchers(isJsonata: false, place.Handler ?? place.Next, keepsError: false));
        state.Set("Next", place.Next);
        return state.Build();
    }

    public JsonObject Parallel(Place place, JsonArray branches)
    {
        var state = new StateDraft(random.Next(100) < 40);
        state.Set("Type", "Parallel");
        state.Set("Branches", branches);
        Collect(state);
        Tasks.Handle(state, place);
        state.Set("Next", place.Next);
        return state.Build();
    }

    public JsonObject Map(Place place, JsonObject flow)
    {
        var state = new StateDraft(random.Next(100) < 40);
        Iterate(state, reads: false);
        state.Set("ItemProcessor", flow);
        Collect(state);
        Tasks.Handle(state, place);
        state.Set("Next", place.Next);
        return state.Build();
    }

    public JsonObject DistributedMap(Place place, JsonObject flow, bool batches, bool isExpress)
    {
        var state = new StateDraft(random.Next(100) < 40);
        Iterate(state, reads: swarm.Weight("reader") > 0 && random.Next(2) == 0);
        if (batches)
        {
            state.Set("ItemBatcher", JsonObject.Of("MaxItemsPerBatch", random.Next(1, 3)));
        }

        if (random.Next(2) == 0)
        {
            state.Set("ToleratedFailurePercentage", random.Next(3) * 50);
        }

        var config = JsonObject.Of(
            ("Mode", "DISTRIBUTED"), ("ExecutionType", isExpress ? "EXPRESS" : "STANDARD"));
        state.Set("ItemProcessor", JsonObject.Of(
            ("ProcessorConfig", config), ("StartAt", Member(flow, "StartAt")), ("States", Member(flow, "States"))));
        if (swarm.Weight("writer") > 0 && random.Next(2) == 0)
        {
            Export(state);
        }
        else
        {
            Collect(state);
        }

        Tasks.Handle(state, place);
        state.Set("Next", place.Next);
        return state.Build();
    }

    /// <summary>The flow begins with its batch's first item.</summary>
    public JsonObject Unbatch(string name, JsonObject flow)
    {
        var first = JsonObject.Of(
            ("Type", "Pass"),
            ("Parameters", JsonObject.Of(
                ("n.$", "$.Items[0].n"), ("a.$", "$.Items[0].a"), ("r.$", "$.Items[0].r"))),
            ("Next", Member(flow, "StartAt")));
        return JsonObject.Of(("StartAt", name), ("States", ((JsonObject)Member(flow, "States")).With(name, first)));
    }

    public static JsonValue Member(JsonObject flow, string name) =>
        flow[name] ?? throw new UnreachableException($"A flow without {name}.");

    private void Pass(StateDraft state, Place place)
    {
        state.Set("Type", "Pass");
        if (state.IsJsonata)
        {
            state.Set("Output", "{% $merge([$states.input, { 'n': $states.input.n + 1 }]) %}");
        }
        else
        {
            state.Set("Parameters", JsonObject.Of(
                ("n.$", "States.MathAdd($.n, 1)"), ("a.$", "$.a"), ("r.$", "$.r")));
        }

        _ = _counting.Add(place.Name);
        Assign(state, place);
    }

    private void Assign(StateDraft state, Place place)
    {
        if (place.Assigns is { } variable && random.Next(2) == 0)
        {
            place.HasAssigned = true;
            state.Set("Assign", state.IsJsonata
                ? JsonObject.Of(variable, "{% $states.input.r.v %}")
                : JsonObject.Of($"{variable}.$", "$.r.v"));
        }
    }

    private static void Choose(StateDraft state, string then, string otherwise, string path, string comparison, int to)
    {
        state.Set("Type", "Choice");
        var sign = comparison == "Greater" ? ">" : "<";
        state.Set("Choices", JsonArray.Of([state.IsJsonata
            ? JsonObject.Of(("Condition", $"{{% $states.input.{path} {sign} {to} %}}"), ("Next", then))
            : JsonObject.Of(("Variable", $"$.{path}"), ($"Numeric{comparison}Than", to), ("Next", then))]));
        state.Set("Default", otherwise);
    }

    private void Wait(StateDraft state, Place place)
    {
        state.Set("Type", "Wait");
        var (field, value) = (state.IsJsonata, random.Next(4)) switch
        {
            (_, 0) => ("Seconds", (JsonValue)random.Next(16)),
            (_, 1) => ("Timestamp", "2020-01-01T00:00:00Z"), // Has been.
            (false, _) => ("SecondsPath", "$.n"),
            (true, 2) => ("Seconds", "{% $states.input.n %}"),
            (true, _) => (
                "Timestamp", "{% $fromMillis($toMillis($states.context.State.EnteredTime) + 4321) %}"),
        };
        state.Set(field, value);
        Assign(state, place);
    }

    private static JsonObject Repeat(string name, (string Name, JsonValue Value) more) => JsonObject.Of(
        ("StartAt", name),
        ("States", JsonObject.Of(
            (name, JsonObject.Of(("Type", "Pass"), more, ("Next", "Again"))),
            ("Again", JsonObject.Of(
                ("Type", "Choice"),
                ("Choices", JsonArray.Of(
                    JsonObject.Of(("Variable", "$.n"), ("IsPresent", true), ("Next", name)))),
                ("Default", "Never"))),
            ("Never", JsonObject.Of("Type", "Succeed")))));

    /// <summary>Each item is one of the numbers in <c>a</c>, or of those that are read from outside.</summary>
    private void Iterate(StateDraft state, bool reads)
    {
        state.Set("Type", "Map");
        state.Set("MaxConcurrency", random.Next(3));
        if (reads)
        {
            state.Set("ItemReader", JsonObject.Of(
                ("Resource", ScriptedItems.ReadFrom),
                ("ReaderConfig", JsonObject.Of("InputType", "JSON")),
                (state.IsJsonata ? "Arguments" : "Parameters", JsonObject.Of(
                    ("Bucket", "numbers"), ("Key", $"{random.Next(1_000)}.json")))));
        }

        if (state.IsJsonata)
        {
            if (!reads)
            {
                state.Set("Items", "{% $states.input.a %}");
            }

            state.Set("ItemSelector", JsonObject.Of(
                ("n", "{% $states.input.n %}"),
                ("a", "{% $states.input.a %}"),
                ("r", JsonObject.Of("v", "{% $states.context.Map.Item.Value %}"))));
        }
        else
        {
            if (!reads)
            {
                state.Set("ItemsPath", "$.a");
            }

            state.Set("ItemSelector", JsonObject.Of(
                ("n.$", "$.n"), ("a.$", "$.a"), ("r", JsonObject.Of("v.$", "$$.Map.Item.Value"))));
        }
    }

    /// <summary>What comes of children is written outside; what was written comes back.</summary>
    private static void Export(StateDraft state)
    {
        state.Set("ResultWriter", JsonObject.Of(
            ("Resource", ScriptedItems.WriteTo),
            (state.IsJsonata ? "Arguments" : "Parameters", JsonObject.Of(("Bucket", "out"), ("Prefix", "results")))));
        if (state.IsJsonata)
        {
            state.Set("Output", "{% $merge([$states.input, { 'r': $states.result }]) %}");
        }
        else
        {
            state.Set("ResultPath", "$.r");
        }
    }

    /// <summary>What comes of branches, iterations and children: all of it stays visible in the end.</summary>
    private static void Collect(StateDraft state)
    {
        if (state.IsJsonata)
        {
            state.Set(
                "Output",
                "{% $merge([$states.input, { 'r': { 'v': $count($states.result), 'all': [$states.result.r.v] } }]) %}");
        }
        else
        {
            state.Set(
                "ResultSelector", JsonObject.Of(("v.$", "States.ArrayLength($)"), ("all.$", "$[*].r.v")));
            state.Set("ResultPath", "$.r");
        }
    }
}

/// <summary>A state in the making.</summary>
internal sealed class StateDraft
{
    private readonly JsonObject.Builder _members = new();

    public StateDraft(bool isJsonata)
    {
        IsJsonata = isJsonata;
        if (isJsonata)
        {
            Set("QueryLanguage", "JSONata");
        }
    }

    public bool IsJsonata { get; }

    public void Set(string name, JsonValue value) => _members.Set(name, value);

    public JsonObject Build() => _members.Build();
}
