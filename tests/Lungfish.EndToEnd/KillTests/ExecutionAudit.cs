using System.Text.Json.Nodes;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.KillTests;

/// <summary>After the last restart: compares what the server knows with what it had acknowledged.</summary>
internal sealed class ExecutionAudit(AwsApi api, Work work, Ledger ledger)
{
    private static readonly TimeSpan s_endTimeout = TimeSpan.FromMinutes(2);

    public async Task CheckAsync()
    {
        await WaitUntilNothingRunsAsync();
        await CheckListsAsync();
        await Parallel.ForEachAsync(
            ledger.Starts,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (started, _) => await CheckAsync(started));
    }

    private async Task WaitUntilNothingRunsAsync()
    {
        foreach (var kind in Enum.GetValues<WorkKind>())
        {
            var body = new JsonObject { ["stateMachineArn"] = work.MachineOf(kind), ["statusFilter"] = "RUNNING" };
            var running = new JsonArray();
            try
            {
                await Poll.UntilAsync(
                    async () =>
                    {
                        running = (await api.GetAsync("ListExecutions", body))["executions"]?.AsArray() ?? [];
                        return running.Count == 0;
                    },
                    s_endTimeout,
                    $"the end of all {kind} executions");
            }
            catch (TimeoutException)
            {
                foreach (var execution in running)
                {
                    await NoteStuckAsync(execution?["executionArn"]?.GetValue<string>() ?? "");
                }
            }
        }
    }

    private async Task NoteStuckAsync(string arn)
    {
        var last = (await HistoryAsync(arn)).TakeLast(3).Select(item => item?["type"]?.GetValue<string>());
        ledger.Breach($"{arn}: it never ends; its last events are {string.Join(' ', last)}");
    }

    /// <summary>Every acknowledged start is listed, once, and nothing that nobody asked for.</summary>
    private async Task CheckListsAsync()
    {
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var kind in Enum.GetValues<WorkKind>())
        {
            var body = new JsonObject { ["stateMachineArn"] = work.MachineOf(kind), ["maxResults"] = 1000 };
            do
            {
                var page = await api.GetAsync("ListExecutions", body);
                foreach (var execution in page["executions"]?.AsArray() ?? [])
                {
                    var name = execution?["name"]?.GetValue<string>() ?? "";
                    Expect(listed.Add(name), $"{name}: it is listed twice");
                    Expect(ledger.WasAttempted(name), $"{name}: nobody started it");
                }

                body["nextToken"] = page["nextToken"]?.DeepClone();
            }
            while (body["nextToken"] is not null);
        }

        foreach (var started in ledger.Starts)
        {
            Expect(listed.Contains(started.Name), $"{started.Name}: its start was acknowledged and it is not listed");
        }
    }

    private async Task CheckAsync(StartedExecution started)
    {
        var answer = await api.CallAsync("DescribeExecution", new JsonObject { ["executionArn"] = started.Arn });
        if (!answer.IsSuccess)
        {
            ledger.Breach($"{started.Name}: its start was acknowledged and it is gone: {answer.Body.ToJsonString()}");
            return;
        }

        var execution = answer.Body;
        Expect(
            execution["status"]?.GetValue<string>() is "SUCCEEDED",
            $"{started.Name}: it ended {execution["status"]}, {execution["error"]}, {execution["cause"]}");
        Expect(
            started.StartDate is null || started.StartDate.Equals(execution["startDate"]?.GetValue<double>()),
            $"{started.Name}: its start date was {started.StartDate} and is {execution["startDate"]}");
        CheckOutput(started, Parse(execution["output"]));

        var history = await HistoryAsync(started.Arn);
        foreach (var breach in HistoryAudit.Check(history, Work.HistoryOf(started.Kind)))
        {
            ledger.Breach($"{started.Name}: {breach}");
        }
    }

    private void CheckOutput(StartedExecution started, JsonNode? output)
    {
        switch (started.Kind)
        {
            case WorkKind.Callback or WorkKind.Activity:
                var acknowledged = ledger.FindResult(started.Name);
                Expect(
                    acknowledged is null || JsonNode.DeepEquals(acknowledged, output),
                    $"{started.Name}: {acknowledged?.ToJsonString()} was acknowledged, "
                        + $"and the output is {output?.ToJsonString()}");
                Expect(
                    output?["name"]?.GetValue<string>() is { } name
                        && string.Equals(name, started.Name, StringComparison.Ordinal),
                    $"{started.Name}: it has the output {output?.ToJsonString()}");
                break;
            case WorkKind.Function:
                Expect(
                    output?["doubled"]?.GetValue<int>() == started.Number * 2,
                    $"{started.Name}: it has the output {output?.ToJsonString()}");
                break;
            case WorkKind.Branches:
                var items = output?[0]?.AsArray().Select(item => item?.GetValue<int>() ?? -1) ?? [];
                Expect(
                    items.SequenceEqual(Enumerable.Range(0, Work.BranchItems)),
                    $"{started.Name}: it has the output {output?.ToJsonString()}");
                break;
            case WorkKind.MapRun:
                Expect(
                    output?.AsArray().GetValues<int>().SequenceEqual(Enumerable.Range(0, Work.BranchItems)) is true,
                    $"{started.Name}: it has the output {output?.ToJsonString()}");
                break;
            default:
                Expect(
                    output?["n"]?.GetValue<int>() == started.Number,
                    $"{started.Name}: it has the output {output?.ToJsonString()}");
                break;
        }
    }

    private async Task<JsonArray> HistoryAsync(string arn)
    {
        var body = new JsonObject { ["executionArn"] = arn, ["maxResults"] = 1000 };
        return (await api.GetAsync("GetExecutionHistory", body))["events"]?.AsArray() ?? [];
    }

    private void Expect(bool holds, string breach)
    {
        if (!holds)
        {
            ledger.Breach(breach);
        }
    }

    private static JsonNode? Parse(JsonNode? text) => text is null ? null : JsonNode.Parse(text.GetValue<string>());
}
