using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.States.Tests.Deciding;

/// <summary>Small machines of every kind of state in both query languages, and tasks that answer, fail, stay silent,
/// from one seed.</summary>
internal sealed class RandomMachines(int seed)
{
    public const string Input = """{"a":[1,2,3],"b":{"c":1},"n":2,"e":[],"t":"2026-01-31T12:00:05Z"}""";

    private static readonly string[] s_paths =
        ["$", "$.a", "$.b", "$.b.c", "$.a[0]", "$.no", "$.a[*]", "$$", "$$.State"];

    private static readonly string[] s_errors =
    [
        "E", "F", "States.ALL", "States.TaskFailed", "States.Timeout", "States.IntrinsicFailure",
        "States.QueryEvaluationError",
    ];

    private static readonly string[] s_calls =
    [
        "States.UUID()", "States.MathRandom(0, 9)", "States.ArrayGetItem($.a, 2)", "States.ArrayLength($.no)",
        "States.Format('{} {}', $.n, $.b)", "States.StringToJson($.t)",
    ];

    private static readonly string[] s_expressions =
    [
        "$states.input", "$states.input.a", "$sum([1, 2])", "$states.context.State.Name", "$no", "$random()",
        "$states.input.b.c + 1", "{ 'a': [1, 2], 't': $now() }", "[1..3]", "$string($states.input.n) & 'x'",
    ];

    private readonly Random _random = new(seed);
    private int _states;
    private int _flows;

    /// <summary>The variable of the flow around, which each flow inside it may read, and so on.</summary>
    private string _outer = "none";

    public string Definition()
    {
        var limit = Chance(10) ? $"\"TimeoutSeconds\": {_random.Next(1, 60)}," : "";
        return $"{{ {limit} {Flow(depth: 0)} }}";
    }

    /// <summary>A task that has no limit of its own is always answered: whatever waits must be woken.</summary>
    public IEnumerable<Answer> Answers(PendingTask task)
    {
        var delay = TimeSpan.FromSeconds(_random.Next(0, 8));
        var isLimited = task.Timeout is not null;
        if (task.Resource is ActivityResource)
        {
            if (isLimited && Chance(20))
            {
                yield break; // No worker comes.
            }

            yield return new Answer(new TaskTaken(task.Id, Chance(50) ? "w" : null), delay);
        }
        else if (task.AnsweredByToken && Chance(70))
        {
            yield return new Answer(new TaskSubmitted(task.Id, JsonObject.Of("sent", true)), delay);
        }

        if (task.Heartbeat is not null && Chance(50))
        {
            yield return new Answer(new TaskHeartbeat(task.Id), delay + TimeSpan.FromSeconds(1));
        }

        if (isLimited && Chance(30))
        {
            yield break;
        }

        delay += TimeSpan.FromSeconds(_random.Next(0, 5));
        for (var times = Chance(10) ? 2 : 1; times > 0; times--)
        {
            var (error, cause) = (Chance(80) ? Pick("E", "F") : null, Chance(50) ? "C" : null);
            yield return Chance(60)
                ? new Answer(new TaskSucceeded(task.Id, JsonObject.Of("r", task.Id)), delay)
                : new Answer(new TaskFailed(task.Id, error, cause), delay);
        }
    }

    /// <summary>Now and then somebody stops the execution, or something stale arrives.</summary>
    public Message? Interruption() => _random.Next(60) switch
    {
        0 => new Stop(Chance(50) ? "Halt" : null, null),
        1 => new Continue(),
        2 => new TaskSucceeded(_random.Next(1, 40), 1),
        3 => new TimerDue(new TimerId((TimerKind)_random.Next(1, 6), _random.Next(1, 40))),
        _ => null,
    };

    private string Flow(int depth)
    {
        var names = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => $"S{_states++}").ToArray();
        var outer = _outer;
        var own = $"v{_flows++}"; // Names are unique across scopes.
        string[] states =
        [
            .. names.Select((name, i) =>
            {
                _outer = Chance(50) ? own : outer;
                return $"\"{name}\": {{ {State(depth, names[(i + 1)..], own)} }}";
            }),
        ];
        _outer = outer;
        return $"\"StartAt\": \"{names[0]}\", \"States\": {{ {string.Join(',', states)} }}";
    }

    private string State(int depth, string[] later, string own)
    {
        var next = later.Length > 0 ? $"\"Next\": \"{later[0]}\"" : "\"End\": true";
        var isJsonata = Chance(40);
        var language = isJsonata ? "\"QueryLanguage\": \"JSONata\"," : "";
        return language + _random.Next(10) switch
        {
            0 or 1 => $"\"Type\": \"Pass\", {Data(isJsonata, own)} {next}",
            2 when later.Length > 0 => Choice(isJsonata, later, own),
            3 => $"\"Type\": \"Wait\", {Until(isJsonata)}, {Assign(isJsonata, own)} {next}",
            4 when later.Length == 0 => End(isJsonata),
            5 when depth < 3 => Parallel(depth, isJsonata, later, own, next),
            6 when depth < 3 => Map(depth, isJsonata, later, own, next),
            _ => Task(isJsonata, later, own, next),
        };
    }

    private string Choice(bool isJsonata, string[] later, string own)
    {
        var condition = isJsonata
            ? $"\"Condition\": {Pick("true", "\"{% $states.input.n > 1 %}\"", "\"{% $exists($no) %}\"", Expression())}"
            : $"\"Variable\": \"{Pick("$.n", "$.no", "$$.Execution.Name", $"${_outer}")}\", "
                + $"\"{Pick("IsPresent", "IsNumeric")}\": true";
        return $$"""
            "Type": "Choice", {{Assign(isJsonata, own)}} "Default": "{{later[0]}}", "Choices": [
                { {{condition}}, {{Assign(isJsonata, own)}} "Next": "{{Pick(later)}}" }]
            """;
    }

    private string End(bool isJsonata) => isJsonata
        ? Pick(
            $"\"Type\": \"Succeed\", \"Output\": {Expression()}",
            $"\"Type\": \"Fail\", \"Error\": \"E\", \"Cause\": {Expression()}")
        : Pick("\"Type\": \"Succeed\"", "\"Type\": \"Fail\", \"Error\": \"E\"", "\"Type\": \"Fail\"");

    private string Until(bool isJsonata) => isJsonata
        ? Pick("\"Seconds\": 3", "\"Seconds\": \"{% $states.input.n %}\"", "\"Timestamp\": \"{% $states.input.t %}\"")
        : Pick("\"Seconds\": 3", "\"Seconds\": 0", "\"SecondsPath\": \"$.n\"", "\"TimestampPath\": \"$.t\"");

    private string Task(bool isJsonata, string[] later, string own, string next)
    {
        var resource = Pick(Machines.FunctionArn, Machines.ActivityArn, Machines.Send, Machines.SendWithToken);
        var limits = !Chance(40) ? ""
            : isJsonata && Chance(50) ? "\"TimeoutSeconds\": \"{% 5 + 1 %}\"," : "\"TimeoutSeconds\": 6,";
        limits += limits.Length > 0 && Chance(50) ? "\"HeartbeatSeconds\": 2," : "";
        return $"\"Type\": \"Task\", \"Resource\": \"{resource}\", {limits} {Arguments(isJsonata)} "
            + $"{Data(isJsonata, own)} {Handling(isJsonata, later, own)} {next}";
    }

    private string Parallel(int depth, bool isJsonata, string[] later, string own, string next)
    {
        string[] branches = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => $"{{ {Flow(depth + 1)} }}")];
        return $"\"Type\": \"Parallel\", \"Branches\": [{string.Join(',', branches)}], {Arguments(isJsonata)} "
            + $"{Assign(isJsonata, own)} {Handling(isJsonata, later, own)} {next}";
    }

    private string Map(int depth, bool isJsonata, string[] later, string own, string next)
    {
        var items = isJsonata
            ? $"\"Items\": {Pick("[1, \"{% 2 %}\"]", "\"{% $states.input.a %}\"", "\"{% [1..3] %}\"", Expression())}, "
                + "\"ItemSelector\": { \"a\": \"{% $states.context.Map.Item.Value %}\", \"n\": 1 }, "
            : $"\"ItemsPath\": \"{Pick("$.a", "$.a", "$.a", "$.e", "$$.Execution.Input.a")}\", "
                + "\"ItemSelector\": { \"a.$\": \"$$.Execution.Input.a\", \"n\": 1 }, ";
        return $"\"Type\": \"Map\", {items} \"MaxConcurrency\": {_random.Next(0, 3)}, "
            + $"\"ItemProcessor\": {{ {Flow(depth + 1)} }}, "
            + $"{Assign(isJsonata, own)} {Handling(isJsonata, later, own)} {next}";
    }

    private string Data(bool isJsonata, string own)
    {
        var fields = Assign(isJsonata, own);
        if (isJsonata)
        {
            return fields + (Chance(40) ? $"\"Output\": {{ \"a\": [1], \"n\": 2, \"r\": [{Expression()}] }}," : "");
        }

        fields += Chance(10) ? $"\"InputPath\": \"{Pick(s_paths)}\"," : "";
        fields += Chance(10) ? "\"Parameters\": { \"a.$\": \"$.a\", \"n\": 2, \"t.$\": \"$$.State.Name\" }," : "";
        fields += Chance(15) && !fields.Contains("Parameters", StringComparison.Ordinal)
            ? $"\"Parameters\": {{ \"v.$\": \"{Pick([.. s_calls, $"${_outer}"])}\" }},"
            : "";
        fields += Chance(80) ? $"\"ResultPath\": {Pick("null", "\"$.r\"", "\"$.b.r\"")}," : "";
        fields += Chance(5) ? $"\"OutputPath\": \"{Pick(s_paths)}\"," : "";
        return fields;
    }

    private string Arguments(bool isJsonata) => isJsonata && Chance(40)
        ? $"\"Arguments\": {Pick(Expression(), $"{{ \"a\": [1, 2], \"x\": {Expression()} }}")},"
        : "";

    private string Assign(bool isJsonata, string own) => !Chance(30) ? ""
        : isJsonata ? $"\"Assign\": {{ \"{own}\": {Expression()} }},"
        : $"\"Assign\": {{ {Pick($"\"{own}\": 1", $"\"{own}.$\": \"$\"", $"\"{own}.$\": \"${_outer}\"")} }},";

    private string Expression() => $"\"{{% {Pick([.. s_expressions, $"${_outer}"])} %}}\"";

    private string Handling(bool isJsonata, string[] later, string own)
    {
        var retry = Chance(40)
            ? $$"""
              "Retry": [{ "ErrorEquals": ["{{Pick(s_errors)}}"], "IntervalSeconds": 1, "MaxAttempts": 2,
                "JitterStrategy": "{{Pick("FULL", "NONE")}}" }],
              """
            : "";
        if (later.Length == 0 || !Chance(40))
        {
            return retry;
        }

        var output = !isJsonata ? $"\"ResultPath\": {Pick("\"$.err\"", "null", "\"$\"")},"
            : Chance(50) ? $"\"Output\": {Pick(Expression(), "\"{% $states.errorOutput %}\"")},"
            : "";
        return $$"""
            {{retry}} "Catch": [{ "ErrorEquals": ["{{Pick(s_errors)}}"], {{output}} {{Assign(isJsonata, own)}}
                "Next": "{{Pick(later)}}" }],
            """;
    }

    private bool Chance(int percent) => _random.Next(100) < percent;

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
}
