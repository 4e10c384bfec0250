using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lungfish.DurableConformance.Matching;
using Lungfish.DurableConformance.Requirements;
using Lungfish.Tests.Shared;

namespace Lungfish.DurableConformance.Running;

/// <summary>Invokes the handler of one requirement and compares what comes of it.</summary>
internal sealed class RequirementRun
{
    private static readonly TimeSpan s_pollPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_noProgressMax = TimeSpan.FromSeconds(30); // As the official runner has it.
    private static readonly TimeSpan s_logMax = TimeSpan.FromSeconds(10);

    private static readonly string[] s_ends =
        ["ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionStopped"];

    private readonly Requirement _requirement;
    private readonly LambdaApi _api;
    private readonly string _function;
    private readonly Placeholders _placeholders;
    private readonly List<string> _differences = [];
    private JsonArray _events = [];

    private RequirementRun(Requirement requirement, LambdaApi api, string function)
    {
        _requirement = requirement;
        _api = api;
        _function = function;
        _placeholders = Placeholders.Draw(requirement.Variables);
    }

    /// <summary>The requirement of an execution is told by its name: all handlers of a language are one
    /// function.</summary>
    /// <returns>Empty if all is as required; otherwise a text for a person.</returns>
    public static async Task<string> FindFailureAsync(Requirement requirement, LambdaApi api, string function)
    {
        var run = new RequirementRun(requirement, api, function);
        try
        {
            await run.RunAsync();
        }
        catch (Exception e) when (e is LambdaApiException or HttpRequestException or TaskCanceledException
            or TimeoutException or JsonException)
        {
            run._differences.Add(e.Message);
        }

        return run._differences.Count == 0
            ? ""
            : string.Join('\n', [
                .. run._differences, "", SideBySide.Show(requirement.Events, run._events, run._placeholders)]);
    }

    private async Task RunAsync()
    {
        var name = $"r{_requirement.Id}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var payload = PythonJson.Write(_placeholders.Fill(_requirement.Input));
        var answer = await _api.InvokeAsync(_function, name, _requirement.IsAsync, payload);
        if (answer.ExecutionArn is not { } arn)
        {
            throw new LambdaApiException($"Invoke answered {answer.Status} without an execution's ARN: {answer.Body}");
        }

        if (_requirement.IsAsync)
        {
            Demand(answer.Status == 202, $"Invoke answered {answer.Status} instead of 202");
            await FollowAsync(arn);
        }
        else
        {
            Demand(answer.Status == 200, $"Invoke answered {answer.Status} instead of 200");
            _events = await _api.GetHistoryAsync(arn); // Complete by now, or it is a failure.
        }

        _differences.AddRange(EventMatcher.Compare(_requirement.Events, _events, _placeholders));
        _differences.AddRange(HistoryRules.FindBreaches(_events, ended: _requirement.Result is not null));
        if (_requirement.Result is { } expected)
        {
            var execution = await _api.GetExecutionAsync(arn);
            CheckResult(expected, execution);
            CheckAnswer(answer, execution);
        }
        else
        {
            await _api.StopAsync(arn); // What is expected was only the beginning.
        }

        if (_requirement.Logs.Count > 0)
        {
            await CheckLogAsync(arn);
        }
    }

    /// <summary>Polls until the execution has ended, or shows what is expected of an endless one, and answers its
    /// callbacks meanwhile.</summary>
    private async Task FollowAsync(string arn)
    {
        var callbacks = new CallbackSender(_requirement.Callbacks, _placeholders, _api);
        var sinceProgress = Stopwatch.StartNew();
        while (true)
        {
            var events = await _api.GetHistoryAsync(arn);
            if (events.Count > _events.Count)
            {
                sinceProgress.Restart();
            }

            _events = events;
            if (IsDone() || sinceProgress.Elapsed > s_noProgressMax)
            {
                break;
            }

            _differences.AddRange(await callbacks.AnswerAsync(_events));
            await Task.Delay(s_pollPause);
        }

        Demand(callbacks.LeftCount == 0, $"{callbacks.LeftCount} callback actions found no callback");
    }

    private bool IsDone() => _requirement.Result is null
        ? EventMatcher.Compare(_requirement.Events, _events, _placeholders.Fork()).Count == 0
        : s_ends.Contains(JsonValues.FindText(_events.LastOrDefault()?["EventType"]));

    private void CheckResult(JsonObject expected, JsonObject execution)
    {
        var status = JsonValues.FindText(execution["Status"]);
        var statusExpected = JsonValues.FindText(expected["ExecutionStatus"]);
        Demand(status == statusExpected, $"status: expected {statusExpected}, got {status}");
        if (status == "SUCCEEDED" && expected.TryGetPropertyValue("Result", out var result))
        {
            // The result is JSON text; a text that is none stands for itself.
            var actual = JsonValues.FindText(execution["Result"]) is { } text ? JsonOrText(text) : null;
            var filled = _placeholders.Fill(result);
            Demand(
                JsonValues.AreEqual(filled, actual),
                $"result: expected {JsonValues.Show(filled)}, got {JsonValues.Show(actual)}");
        }
    }

    /// <summary>Who waited for the end is told the same as who asks for it later.</summary>
    private void CheckAnswer(InvokeAnswer answer, JsonObject execution)
    {
        if (_requirement.IsAsync)
        {
            return;
        }

        if (JsonValues.FindText(execution["Status"]) == "SUCCEEDED")
        {
            var result = JsonValues.FindText(execution["Result"]) ?? "null";
            Demand(answer.FunctionError is null, $"Invoke answered the function error {answer.FunctionError}");
            Demand(answer.Body == result, $"Invoke answered {answer.Body}, the execution's result is {result}");
        }
        else
        {
            Demand(answer.FunctionError is not null, "Invoke told no function error of an execution that failed");
        }
    }

    private async Task CheckLogAsync(string arn)
    {
        var invocations = _events
            .Select(item => JsonValues.FindText(item?["InvocationCompletedDetails"]?["RequestId"]))
            .OfType<string>()
            .ToArray();
        IReadOnlyList<string> log = [];
        await Poll.UntilAsync(
            async () =>
            {
                log = await _api.GetLogAsync(_function);
                return invocations.All(id => log.Contains($"END RequestId: {id}"));
            },
            s_logMax,
            "the logs of all invocations");
        var records = LogMatcher.RecordsOf(arn, log);
        var found = LogMatcher.Compare(_requirement.Logs, records, _placeholders);
        if (found.Count > 0)
        {
            _differences.AddRange(found);
            _differences.AddRange(records.Select(record => $"  logged: {JsonValues.Show(record)}"));
        }
    }

    private void Demand(bool holds, string difference)
    {
        if (!holds)
        {
            _differences.Add(difference);
        }
    }

    private static JsonNode? JsonOrText(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
