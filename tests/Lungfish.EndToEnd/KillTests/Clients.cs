using System.Text.Json.Nodes;

namespace Lungfish.EndToEnd.KillTests;

/// <summary>Those who start executions and those who work for activities, while the server comes and goes.</summary>
internal sealed class Clients(CrashingServer server, Work work, Ledger ledger)
{
    private static readonly WorkKind[] s_kinds = Enum.GetValues<WorkKind>();

    private int _lastNumber;

    /// <summary>Starts executions of random kinds, one after the other, until cancelled.</summary>
    public async Task StartExecutionsAsync(int seed, CancellationToken cancellationToken)
    {
        const int pauseMillisecondsMax = 60;
        var random = new Random(seed);
        while (!cancellationToken.IsCancellationRequested)
        {
            await StartAsync(s_kinds[random.Next(s_kinds.Length)], cancellationToken);
            await Task.Delay(random.Next(pauseMillisecondsMax), cancellationToken);
        }
    }

    /// <summary>Takes work and does it until cancelled; each even number fails the first time.</summary>
    public async Task WorkAsync(CancellationToken cancellationToken)
    {
        var failedOnce = new HashSet<string>(StringComparer.Ordinal);
        var poll = new JsonObject { ["activityArn"] = work.ActivityArn, ["workerName"] = "worker" };
        while (!cancellationToken.IsCancellationRequested)
        {
            var task = (await server.CallAsync("GetActivityTask", poll, cancellationToken)).Answer;
            if (task.Body["taskToken"]?.GetValue<string>() is { } token)
            {
                var input = JsonNode.Parse(task.Body["input"]?.GetValue<string>() ?? "{}");
                var name = input?["name"]?.GetValue<string>() ?? "";
                var fails = input?["n"]?.GetValue<int>() % 2 == 0 && failedOnce.Add(name);
                await AnswerAsync(token, name, fails, cancellationToken);
            }
        }
    }

    private async Task StartAsync(WorkKind kind, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _lastNumber);
        var name = $"{kind}-{number}";
        ledger.NoteAttempt(name);
        var input = new JsonObject { ["n"] = number };
        if (kind is WorkKind.Branches or WorkKind.MapRun)
        {
            input["items"] = new JsonArray([.. Enumerable.Range(0, Work.BranchItems).Select(item => (JsonNode)item)]);
        }

        var reply = await server.CallAsync("StartExecution", StartBody(kind, name, input), cancellationToken);
        if (reply.Answer.IsSuccess)
        {
            var arn = reply.Answer.Body["executionArn"]?.GetValue<string>() ?? "";
            ledger.NoteStart(new StartedExecution(
                arn, name, kind, number, reply.Answer.Body["startDate"]?.GetValue<double>()));
        }
        else if (reply is { IsUncertain: true, Answer.ErrorCode: "ExecutionAlreadyExists" })
        {
            // An earlier try was carried out and has ended since: it counts as started.
            var arn =
                work.MachineOf(kind).Replace(":stateMachine:", ":execution:", StringComparison.Ordinal) + ":" + name;
            ledger.NoteStart(new StartedExecution(arn, name, kind, number, StartDate: null));
        }
        else
        {
            ledger.Breach($"{name}: the start was refused: {reply.Answer.Body.ToJsonString()}");
        }
    }

    private JsonObject StartBody(WorkKind kind, string name, JsonObject input) => new()
    {
        ["stateMachineArn"] = work.MachineOf(kind),
        ["name"] = name,
        ["input"] = input.ToJsonString(),
    };

    private async Task AnswerAsync(string token, string name, bool fails, CancellationToken cancellationToken)
    {
        var output = new JsonObject { ["name"] = name, ["token"] = token[^8..] };
        var body = fails
            ? new JsonObject { ["taskToken"] = token, ["error"] = "Busy", ["cause"] = "The first time." }
            : new JsonObject { ["taskToken"] = token, ["output"] = output.ToJsonString() };
        var reply = await server.CallAsync(fails ? "SendTaskFailure" : "SendTaskSuccess", body, cancellationToken);
        if (reply.Answer.IsSuccess && !fails)
        {
            ledger.NoteResult(name, output);
        }
        else if (!reply.Answer.IsSuccess && reply.Answer.ErrorCode is not "TaskTimedOut")
        {
            ledger.Breach($"{name}: the worker was refused: {reply.Answer.Body.ToJsonString()}");
        }
    }
}
