using System.Text.Json.Nodes;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.KillTests.Durable;

/// <summary>After the last restart: compares what the server knows with what was acknowledged, and with what the steps
/// did.</summary>
internal sealed class DurableAudit(AwsApi api, DurableLedger ledger)
{
    private static readonly TimeSpan s_endTimeout = TimeSpan.FromMinutes(3);

    public async Task CheckAsync()
    {
        foreach (var started in ledger.Starts.OrderBy(started => started.Name, StringComparer.Ordinal))
        {
            await CheckAsync(started);
        }
    }

    private async Task CheckAsync(StartedDurable started)
    {
        var path = $"/2025-12-01/durable-executions/{Uri.EscapeDataString(started.Arn)}";
        JsonObject execution = [];
        try
        {
            await Poll.UntilAsync(
                async () =>
                {
                    var answer = await api.RestAsync(HttpMethod.Get, path);
                    execution = answer.Body;
                    return !answer.IsSuccess || execution["Status"]?.GetValue<string>() is not "RUNNING";
                },
                s_endTimeout,
                $"the end of {started.Name}");
        }
        catch (TimeoutException)
        {
            var last = (await HistoryAsync(path)).TakeLast(5).Select(item => item?["EventType"]?.GetValue<string>());
            ledger.Breach($"{started.Name}: it never ends; its last events are {string.Join(' ', last)}");
            return;
        }

        if (execution["Status"]?.GetValue<string>() is not "SUCCEEDED")
        {
            ledger.Breach($"{started.Name}: it ended as {execution.ToJsonString()}");
            return;
        }

        CheckResult(started, JsonNode.Parse(execution["Result"]?.GetValue<string>() ?? "null"));
        foreach (var breach in CheckHistory(await HistoryAsync(path)))
        {
            ledger.Breach($"{started.Name}: {breach}");
        }
    }

    private void CheckResult(StartedDurable started, JsonNode? result)
    {
        Expect(result?["number"]?.GetValue<int>() == started.Number, $"{started.Name}: it has another's result");
        CheckStep(started, "charge", Text(result, "charged"));
        CheckStep(started, "flaky", Text(result, "flaky"));
        for (var part = 0; part < 3; part++)
        {
            CheckStep(started, $"part{part + 1}", result?["parts"]?[part]?.GetValue<string>());
        }

        CheckStep(started, "child", Text(result?["child"], "receipt"));
        Expect(
            result?["child"]?["doubled"]?.GetValue<int>() == started.Number * 2,
            $"{started.Name}: the child's result is {result?["child"]?.ToJsonString()}");

        var shipments = ledger.EffectsOf(started.Name, "ship");
        var shipped = Text(result, "shipped");
        Expect(shipments.Count <= 1, $"{started.Name}: shipped {shipments.Count} times by an at-most-once step");
        Expect(
            shipped == "unknown" || shipments.Contains(shipped),
            $"{started.Name}: the shipment {shipped} was never made");

        var approved = result?["approved"];
        var acknowledged = ledger.FindAnswer(Text(approved, "callbackId") ?? "");
        Expect(
            acknowledged is null || JsonNode.DeepEquals(acknowledged, approved),
            $"{started.Name}: {acknowledged?.ToJsonString()} was acknowledged, and {approved?.ToJsonString()} came");
        Expect(approved?["answer"] is not null, $"{started.Name}: the callback gave {approved?.ToJsonString()}");
    }

    /// <summary>At least once, and the value that the execution knows is one that the step really had.</summary>
    private void CheckStep(StartedDurable started, string step, string? receipt)
    {
        var receipts = ledger.EffectsOf(started.Name, step);
        Expect(
            receipt is not null && receipts.Contains(receipt),
            $"{started.Name}: {step} is known as {receipt}, and its effects are {string.Join(' ', receipts)}");
    }

    private async Task<JsonArray> HistoryAsync(string path)
    {
        var answer = await api.RestAsync(HttpMethod.Get, $"{path}/history?MaxItems=1000");
        return answer.Body["Events"]?.AsArray() ?? [];
    }

    private static IEnumerable<string> CheckHistory(JsonArray events)
    {
        foreach (var (index, item) in events.Index())
        {
            if (item?["EventId"]?.GetValue<int>() != index + 1)
            {
                yield return $"event {index + 1} has the id {item?["EventId"]}";
            }
        }

        foreach (var ends in events
            .Where(item => TypeOf(item) is "WaitSucceeded" or "CallbackSucceeded" or "ChainedInvokeSucceeded"
                or "ContextSucceeded" or "StepSucceeded")
            .GroupBy(item => item?["Id"]?.GetValue<string>())
            .Where(ends => ends.Count() > 1))
        {
            yield return $"operation {ends.Key} ended {ends.Count()} times";
        }

        if (TypeOf(events[^1]) != "ExecutionSucceeded")
        {
            yield return $"the last event is {TypeOf(events[^1])}";
        }

        foreach (var started in events.Where(item => TypeOf(item) == "WaitStarted"))
        {
            var due = started?["WaitStartedDetails"]?["ScheduledEndTimestamp"]?.GetValue<double>();
            var id = started?["Id"]?.GetValue<string>();
            var end = events.FirstOrDefault(item =>
                TypeOf(item) == "WaitSucceeded" && item?["Id"]?.GetValue<string>() == id);
            if (end?["EventTimestamp"]?.GetValue<double>() < due - 0.001)
            {
                yield return $"the wait {id} ended before it was due";
            }
        }
    }

    private static string TypeOf(JsonNode? item) => item?["EventType"]?.GetValue<string>() ?? "";

    private static string? Text(JsonNode? json, string name) => json?[name]?.GetValue<string>();

    private void Expect(bool holds, string breach)
    {
        if (!holds)
        {
            ledger.Breach(breach);
        }
    }
}
