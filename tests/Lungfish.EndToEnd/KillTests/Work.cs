using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lungfish.EndToEnd.Running;

namespace Lungfish.EndToEnd.KillTests;

internal enum WorkKind
{
    /// <summary>A function hands a task token out; somebody answers it.</summary>
    Callback,

    /// <summary>A function returns a value.</summary>
    Function,

    /// <summary>A worker polls for work and fails the first time.</summary>
    Activity,

    /// <summary>Two waits with a state between.</summary>
    Timers,

    /// <summary>A Parallel with a Map in it.</summary>
    Branches,

    /// <summary>A distributed Map: each item is a child execution.</summary>
    MapRun,
}

/// <summary>The state machines that the kill test runs, and what their histories must look like.</summary>
internal sealed partial class Work
{
    public const int BranchItems = 4;

    private const string Role = "arn:aws:iam::000000000000:role/any";

    // Posts what it gets to the desk, where somebody answers; its own value is ignored.
    private const string AskCode = """
        import json, urllib.request

        def handler(event, context):
            request = urllib.request.Request(event["desk"], data=json.dumps(event).encode())
            urllib.request.urlopen(request, timeout=20).read()
        """;

    private const string DoubleCode = """
        def handler(event, context):
            return {"n": event["n"], "doubled": event["n"] * 2}
        """;

    private readonly Dictionary<WorkKind, string> _machines = [];

    public required string ActivityArn { get; init; }

    public string MachineOf(WorkKind kind) => _machines[kind];

    public static async Task<Work> CreateAsync(CrashingServer server, Uri desk)
    {
        await CreateFunctionAsync(server, "ask", AskCode);
        var doubleArn = await CreateFunctionAsync(server, "double", DoubleCode);
        var activityArn = await GetAsync(server, "CreateActivity", new JsonObject { ["name"] = "work" }, "activityArn");
        var work = new Work { ActivityArn = activityArn };
        foreach (var (kind, definition) in Definitions(desk, doubleArn, activityArn))
        {
            var body = new JsonObject
            {
                ["name"] = kind.ToString(),
                ["definition"] = definition,
                ["roleArn"] = Role,
            };
            work._machines[kind] = await GetAsync(server, "CreateStateMachine", body, "stateMachineArn");
        }

        return work;
    }

    /// <summary>What the types of a history's events, written one after the other, must match.</summary>
    public static Regex HistoryOf(WorkKind kind) => kind switch
    {
        WorkKind.Callback => CallbackHistory(),
        WorkKind.Function => FunctionHistory(),
        WorkKind.Activity => ActivityHistory(),
        WorkKind.Timers => TimersHistory(),
        WorkKind.MapRun => MapRunHistory(),
        _ => AnyHistory(),
    };

    private static IEnumerable<(WorkKind Kind, string Definition)> Definitions(
        Uri desk, string doubleArn, string activityArn)
    {
        yield return (WorkKind.Callback, """
            {"StartAt":"Ask","States":{
              "Ask":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
                "Parameters":{"FunctionName":"ask","Payload":{
                  "token.$":"$$.Task.Token","name.$":"$$.Execution.Name","desk":"DESK"}},"Next":"Note"},
              "Note":{"Type":"Pass","End":true}}}
            """.Replace("DESK", desk.ToString(), StringComparison.Ordinal));
        yield return (WorkKind.Function, """
            {"StartAt":"Double","States":{"Double":{"Type":"Task","Resource":"FUNCTION","End":true}}}
            """.Replace("FUNCTION", doubleArn, StringComparison.Ordinal));
        yield return (WorkKind.Activity, """
            {"StartAt":"Do","States":{"Do":{"Type":"Task","Resource":"ACTIVITY","TimeoutSeconds":4,
              "Parameters":{"n.$":"$.n","name.$":"$$.Execution.Name"},
              "Retry":[{"ErrorEquals":["Busy","States.Timeout"],"IntervalSeconds":1,"BackoffRate":1.0,
                "MaxAttempts":99}],
              "End":true}}}
            """.Replace("ACTIVITY", activityArn, StringComparison.Ordinal));
        yield return (WorkKind.Timers, """
            {"StartAt":"First","States":{
              "First":{"Type":"Wait","Seconds":1,"Next":"Between"},
              "Between":{"Type":"Pass","Next":"Second"},
              "Second":{"Type":"Wait","Seconds":1,"End":true}}}
            """);
        yield return (WorkKind.Branches, """
            {"StartAt":"Both","States":{"Both":{"Type":"Parallel","End":true,"Branches":[
              {"StartAt":"Each","States":{"Each":{"Type":"Map","ItemsPath":"$.items","MaxConcurrency":2,"End":true,
                "ItemProcessor":{"StartAt":"Rest","States":{"Rest":{"Type":"Wait","Seconds":1,"End":true}}}}}},
              {"StartAt":"Alone","States":{"Alone":{"Type":"Pass","End":true}}}]}}}
            """);
        yield return (WorkKind.MapRun, """
            {"StartAt":"Each","States":{"Each":{"Type":"Map","ItemsPath":"$.items","MaxConcurrency":2,"End":true,
              "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
                "StartAt":"Rest","States":{"Rest":{"Type":"Wait","Seconds":1,"End":true}}}}}}
            """);
    }

    private static async Task<string> CreateFunctionAsync(CrashingServer server, string name, string code)
    {
        var api = await server.GetApiAsync();
        var answer = await api.LambdaAsync(HttpMethod.Post, "functions", new JsonObject
        {
            ["FunctionName"] = name,
            ["Runtime"] = "python3.12",
            ["Handler"] = "app.handler",
            ["Role"] = Role,
            ["Timeout"] = 60,
            ["Code"] = new JsonObject { ["ZipFile"] = await Zip.OfAsync("app.py", code) },
        });
        return answer.Body["FunctionArn"]?.GetValue<string>()
            ?? throw new InvalidOperationException($"The function {name} was refused: {answer.Body.ToJsonString()}");
    }

    private static async Task<string> GetAsync(CrashingServer server, string action, JsonObject body, string member)
    {
        var answer = await (await server.GetApiAsync()).GetAsync(action, body);
        return answer[member]?.GetValue<string>() ?? throw new InvalidDataException($"{action} gave no {member}.");
    }

    // The answer may come before the function that asked has ended: then there is no TaskSubmitted.
    [GeneratedRegex(
        "^ExecutionStarted TaskStateEntered TaskScheduled TaskStarted (TaskSubmitted )?TaskSucceeded TaskStateExited "
            + "PassStateEntered PassStateExited ExecutionSucceeded$",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex CallbackHistory();

    [GeneratedRegex(
        "^ExecutionStarted TaskStateEntered LambdaFunctionScheduled LambdaFunctionStarted LambdaFunctionSucceeded "
            + "TaskStateExited ExecutionSucceeded$",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex FunctionHistory();

    [GeneratedRegex(
        "^ExecutionStarted TaskStateEntered (ActivityScheduled (ActivityStarted )?(ActivityFailed|ActivityTimedOut) )*"
            + "ActivityScheduled ActivityStarted ActivitySucceeded TaskStateExited ExecutionSucceeded$",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex ActivityHistory();

    [GeneratedRegex(
        "^ExecutionStarted WaitStateEntered WaitStateExited PassStateEntered PassStateExited WaitStateEntered "
            + "WaitStateExited ExecutionSucceeded$",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex TimersHistory();

    [GeneratedRegex(
        "^ExecutionStarted MapStateEntered MapStateStarted MapRunStarted MapRunSucceeded MapStateSucceeded "
            + "MapStateExited ExecutionSucceeded$",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex MapRunHistory();

    [GeneratedRegex("^ExecutionStarted .* ExecutionSucceeded$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AnyHistory();
}
