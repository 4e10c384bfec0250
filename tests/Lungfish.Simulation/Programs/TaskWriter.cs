using Lungfish.Json;

namespace Lungfish.Simulation.Programs;

/// <summary>Writes Task states and what is made of failures, and remembers what each task is like.</summary>
internal sealed class TaskWriter(Random random, Swarm swarm, string machine)
{
    public const string Activity = "arn:aws:states:us-east-1:000000000000:activity:work";
    private const string Function = "arn:aws:lambda:us-east-1:000000000000:function:work";
    private const string CallWithToken = "arn:aws:states:::lambda:invoke.waitForTaskToken";
    private const int NeverSeconds = 900_000; // Far above any delay that the simulation causes.
    private const int LostWorkerSeconds = 40;

    private readonly SortedDictionary<string, TaskManner> _manners = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, TaskManner> Manners => _manners;

    /// <summary>A task that nobody answers, and that has no limit.</summary>
    public NamedState Hang(string name)
    {
        _manners.Add(name, new TaskManner { IsSilent = true });
        return new(name, JsonObject.Of(
            ("Type", "Task"),
            ("Resource", CallWithToken),
            ("Parameters", Call(isJsonata: false, Payload(isJsonata: false, name, null))),
            ("End", true)));
    }

    /// <summary>The last state of its flow: a task that is sure to fail, or not to.</summary>
    public JsonObject Sure(string name, bool fails)
    {
        _manners.Add(name, new TaskManner { FailPercent = fails ? 100 : 0 });
        return JsonObject.Of(
            ("Type", "Task"),
            ("Resource", Function),
            ("Parameters", Payload(isJsonata: false, name, null)),
            ("End", true));
    }

    /// <summary>The work never begins: what it would be given cannot be evaluated.</summary>
    public void Failing(StateDraft state, Place place)
    {
        state.Set("Type", "Task");
        state.Set("Resource", Function);
        state.Set("Arguments", "{% $error('no') %}");
        Handle(state, place);
    }

    public void Write(StateDraft state, StateKind kind, Place place)
    {
        var manner = new TaskManner
        {
            IsSilent = swarm.Weight("silence") > 0 && random.Next(8) == 0,
            FailPercent = random.Next(3) * 30,
            BeatsHeart = kind != StateKind.Function && random.Next(3) == 0,
            IsSameEachTime = kind == StateKind.Activity,
        };
        _manners.Add(place.Name, manner);
        state.Set("Type", "Task");
        state.Set("Resource", kind switch
        {
            StateKind.Function => Function,
            StateKind.Activity => Activity,
            _ => CallWithToken,
        });
        var variable = place.Around.Variables is [.., var last] && random.Next(2) == 0 ? last : null;
        var payload = Payload(state.IsJsonata, place.Name, variable);
        state.Set(
            state.IsJsonata ? "Arguments" : "Parameters",
            kind == StateKind.Token ? Call(state.IsJsonata, payload) : payload);
        if (state.IsJsonata)
        {
            state.Set("Output", "{% $merge([$states.input, { 'r': $states.result }]) %}");
        }
        else
        {
            state.Set("ResultPath", "$.r");
        }

        Limit(state, kind, manner);
        Handle(state, place, kind == StateKind.Activity && !manner.IsSilent);
    }

    /// <summary>Retry and Catch.</summary>
    /// <param name="outlivesWorkers">An attempt whose worker was lost is made again, however often.</param>
    public void Handle(StateDraft state, Place place, bool outlivesWorkers = false)
    {
        var retriers = new JsonArray.Builder();
        if (outlivesWorkers)
        {
            retriers.Add(JsonObject.Of(
                ("ErrorEquals", JsonArray.Of(["States.Timeout"])),
                ("IntervalSeconds", 1),
                ("BackoffRate", 1),
                ("MaxAttempts", 1_000)));
        }

        if (swarm.Weight("retry") > 0 && random.Next(2) == 0)
        {
            retriers.Add(Retrier());
        }

        var retry = retriers.Build();
        if (retry.Count > 0)
        {
            state.Set("Retry", retry);
        }

        if (place.Handler is { } handler)
        {
            state.Set("Catch", Catchers(state.IsJsonata, handler, random.Next(2) == 0));
        }
    }

    public static JsonArray Catchers(bool isJsonata, string handler, bool keepsError)
    {
        var catcher = new JsonObject.Builder();
        catcher.Set("ErrorEquals", JsonArray.Of(["States.ALL"]));
        if (isJsonata)
        {
            catcher.Set("Output", keepsError
                ? "{% $merge([$states.input, { 'err': $states.errorOutput }]) %}"
                : "{% $states.input %}");
        }
        else
        {
            catcher.Set("ResultPath", keepsError ? "$.err" : JsonValue.Null);
        }

        catcher.Set("Next", handler);
        return JsonArray.Of([catcher.Build()]);
    }

    private void Limit(StateDraft state, StateKind kind, TaskManner manner)
    {
        if (manner.IsSilent && kind != StateKind.Function && random.Next(2) == 0)
        {
            state.Set("HeartbeatSeconds", random.Next(3, 10));
        }
        else if (manner.IsSilent)
        {
            state.Set("TimeoutSeconds", random.Next(3, 10));
        }
        else if (kind == StateKind.Activity)
        {
            state.Set("TimeoutSeconds", LostWorkerSeconds);
        }
        else if (random.Next(2) == 0)
        {
            state.Set("TimeoutSeconds", NeverSeconds);
        }

        if (!manner.IsSilent && manner.BeatsHeart)
        {
            state.Set("HeartbeatSeconds", kind == StateKind.Activity ? LostWorkerSeconds - 10 : NeverSeconds / 2);
        }
    }

    private JsonObject Retrier()
    {
        var retrier = new JsonObject.Builder();
        var error = random.Next(5) switch
        {
            0 => "E",
            1 => "States.TaskFailed",
            2 => "States.Timeout",
            _ => "States.ALL",
        };
        retrier.Set("ErrorEquals", JsonArray.Of([error]));
        retrier.Set("IntervalSeconds", random.Next(1, 4));
        retrier.Set("MaxAttempts", random.Next(1, 4));
        retrier.Set("BackoffRate", random.Next(2) == 0 ? 1.5 : 2);
        if (random.Next(2) == 0)
        {
            retrier.Set("MaxDelaySeconds", random.Next(4, 8));
        }

        if (random.Next(2) == 0)
        {
            retrier.Set("JitterStrategy", "FULL");
        }

        return retrier.Build();
    }

    /// <summary>What a task is told: also who asks, because activities are shared.</summary>
    private JsonObject Payload(bool isJsonata, string state, string? variable)
    {
        var payload = new JsonObject.Builder();
        payload.Set("machine", machine);
        payload.Set("state", state);
        Read("in", "r.v");
        Read("n", "n");
        if (variable is not null)
        {
            payload.Set(isJsonata ? "x" : "x.$", isJsonata ? $"{{% ${variable} %}}" : $"${variable}");
        }

        return payload.Build();

        void Read(string name, string path) => payload.Set(
            isJsonata ? name : $"{name}.$", isJsonata ? $"{{% $states.input.{path} %}}" : $"$.{path}");
    }

    private static JsonObject Call(bool isJsonata, JsonObject payload) => JsonObject.Of(
        ("FunctionName", "work"),
        ("Payload", isJsonata
            ? payload.With("token", "{% $states.context.Task.Token %}")
            : payload.With("token.$", "$$.Task.Token")));
}
