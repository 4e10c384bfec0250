using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.States.Tests.Deciding;

/// <summary>Small machines of every kind of state, and tasks that answer, fail, stay silent, from one seed.</summary>
internal sealed class RandomMachines(int seed)
{
    public const string Input = """{"a":[1,2,3],"b":{"c":1},"n":2,"e":[],"t":"2026-01-31T12:00:05Z"}""";

    private static readonly string[] s_paths =
        ["$", "$.a", "$.b", "$.b.c", "$.a[0]", "$.no", "$.a[*]", "$$", "$$.State"];

    /// <summary>A variable of the top level, one that only some flows have, and calls of which some fail.</summary>
    private static readonly string[] s_values =
    [
        "$v0", "$v0[0]", "$v1", "States.UUID()", "States.MathRandom(0, 9)", "States.ArrayGetItem($.a, 2)",
        "States.Format('{} {}', $.n, $.b)", "States.StringToJson($.t)", "States.ArrayLength($.no)",
    ];

    private static readonly string[] s_errors =
        ["E", "F", "States.ALL", "States.TaskFailed", "States.Timeout", "States.IntrinsicFailure"];

    private readonly Random _random = new(seed);
    private int _states;

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
        var states = names.Select((name, i) => $"\"{name}\": {{ {State(depth, names[(i + 1)..])} }}");
        return $"\"StartAt\": \"{names[0]}\", \"States\": {{ {string.Join(',', states)} }}";
    }

    private string State(int depth, string[] later)
    {
        var next = later.Length > 0 ? $"\"Next\": \"{later[0]}\"" : "\"End\": true";
        return _random.Next(10) switch
        {
            0 or 1 => $"\"Type\": \"Pass\", {Data(depth)} {next}",
            2 when later.Length > 0 => Choice(later),
            3 => $"\"Type\": \"Wait\", {Until()}, {next}",
            4 when later.Length == 0 => Pick(
                "\"Type\": \"Succeed\"", "\"Type\": \"Fail\", \"Error\": \"E\"", "\"Type\": \"Fail\""),
            5 when depth < 3 => Parallel(depth, later, next),
            6 when depth < 3 => Map(depth, later, next),
            _ => Task(depth, later, next),
        };
    }

    private string Choice(string[] later) =>
        $$"""
        "Type": "Choice", "Default": "{{later[0]}}", "Choices": [
            { "Variable": "{{Pick("$.n", "$.no", "$$.Execution.Name")}}", "{{Pick("IsPresent", "IsNumeric")}}": true,
              "Next": "{{Pick(later)}}" }]
        """;

    private string Until() =>
        Pick("\"Seconds\": 3", "\"Seconds\": 0", "\"SecondsPath\": \"$.n\"", "\"TimestampPath\": \"$.t\"");

    private string Task(int depth, string[] later, string next)
    {
        var resource = Pick(Machines.FunctionArn, Machines.ActivityArn, Machines.Send, Machines.SendWithToken);
        var limits = Chance(40) ? "\"TimeoutSeconds\": 6," : "";
        limits += limits.Length > 0 && Chance(50) ? "\"HeartbeatSeconds\": 2," : "";
        return $"\"Type\": \"Task\", \"Resource\": \"{resource}\", {limits} {Data(depth)} {Handling(later)} {next}";
    }

    private string Parallel(int depth, string[] later, string next)
    {
        var branches = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => $"{{ {Flow(depth + 1)} }}");
        return $"\"Type\": \"Parallel\", \"Branches\": [{string.Join(',', branches)}], {Handling(later)} {next}";
    }

    private string Map(int depth, string[] later, string next) =>
        $"\"Type\": \"Map\", \"ItemsPath\": \"{Pick("$.a", "$.a", "$.a", "$.e", "$$.Execution.Input.a")}\", "
        + $"\"MaxConcurrency\": {_random.Next(0, 3)}, "
        + "\"ItemSelector\": { \"a.$\": \"$$.Execution.Input.a\", \"n\": 1 }, "
        + $"\"ItemProcessor\": {{ {Flow(depth + 1)} }}, {Handling(later)} {next}";

    /// <remarks>Variables of nested flows have other names: none may hide one outside.</remarks>
    private string Data(int depth)
    {
        var fields = Chance(20) ? $"\"Assign\": {{ \"v{depth}.$\": \"{Pick(s_paths)}\" }}," : "";
        fields += Chance(10) ? $"\"InputPath\": \"{Pick(s_paths)}\"," : "";
        fields += Chance(10) ? "\"Parameters\": { \"a.$\": \"$.a\", \"n\": 2, \"t.$\": \"$$.State.Name\" }," : "";
        fields += Chance(15) && !fields.Contains("Parameters", StringComparison.Ordinal)
            ? $"\"Parameters\": {{ \"v.$\": \"{Pick(s_values)}\" }},"
            : "";
        fields += Chance(80) ? $"\"ResultPath\": {Pick("null", "\"$.r\"", "\"$.b.r\"")}," : "";
        fields += Chance(5) ? $"\"OutputPath\": \"{Pick(s_paths)}\"," : "";
        return fields;
    }

    private string Handling(string[] later)
    {
        var retry = Chance(40)
            ? $$"""
              "Retry": [{ "ErrorEquals": ["{{Pick(s_errors)}}"], "IntervalSeconds": 1, "MaxAttempts": 2,
                "JitterStrategy": "{{Pick("FULL", "NONE")}}" }],
              """
            : "";
        var resultPath = Pick("\"$.err\"", "null", "\"$\"");
        return later.Length > 0 && Chance(40)
            ? $$"""
              {{retry}} "Catch": [{ "ErrorEquals": ["{{Pick(s_errors)}}"], "ResultPath": {{resultPath}},
                "Next": "{{Pick(later)}}" }],
              """
            : retry;
    }

    private bool Chance(int percent) => _random.Next(100) < percent;

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
}
