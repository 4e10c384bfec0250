using System.Text.Json.Nodes;
using Lungfish.Conformance.Matching;
using Lungfish.Tests.Shared;

namespace Lungfish.Conformance.Running;

/// <summary>Runs a case of the kind "calls": a row of API calls, each with its recorded answer.</summary>
internal sealed class CallsCase
{
    // TestState is not run here; the others belong to DescribeExecution.
    private static readonly string[] s_resultMembers = ["status", "error", "output"];

    private readonly CaseSession _session;
    private readonly Bindings _bindings;
    private readonly CaseOutcome _outcome = new();

    private CallsCase(CaseSession session)
    {
        _session = session;
        _bindings = session.NewBindings();
    }

    public static async Task<CaseOutcome> RunAsync(CaseSession session)
    {
        var run = new CallsCase(session);
        await session.CreateFunctionsAsync();
        var refusedByClient = StepsThatClientsRefuse(session);
        foreach (var step in session.Recorded.Calls)
        {
            if (step["id"] is { } id && refusedByClient.Contains(id.GetValue<string>()))
            {
                continue;
            }

            if (!await run.DoAsync(step, refusedByClient))
            {
                break;
            }
        }

        return run._outcome;
    }

    /// <summary>boto3 refuses some of the recorded calls by itself: the server was never asked.</summary>
    private static HashSet<string> StepsThatClientsRefuse(CaseSession session) => session.Recorded.Calls
        .Where(step =>
            step["expected"]?.ToJsonString().Contains("Parameter validation failed", StringComparison.Ordinal) ?? false)
        .SelectMany(ReferencesOf)
        .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> ReferencesOf(JsonObject check)
    {
        var value = check["value"] as JsonObject;
        return new[] { value?["$ref"], value?["exception_value"]?["$ref"] }
            .OfType<JsonNode>()
            .Select(reference => reference.GetValue<string>().Split('.')[0]);
    }

    /// <summary>False: a call failed that must not, and nothing after it makes sense.</summary>
    private async Task<bool> DoAsync(JsonObject step, HashSet<string> refusedByClient)
    {
        if (step.ContainsKey("check"))
        {
            if (!ReferencesOf(step).Any(refusedByClient.Contains))
            {
                Check(step);
            }

            return true;
        }

        if (!step.ContainsKey("call"))
        {
            await _session.DoAsync(step);
            return true;
        }

        var action = CaseSession.ActionOf(step);
        var answer = await CallAsync(step, action);
        return step["raises"]?.GetValue<bool>() ?? false
            ? CompareFailure(step, action, answer)
            : CompareSuccess(step, action, answer);
    }

    private async Task<ApiAnswer> CallAsync(JsonObject step, string action)
    {
        var parameters = _session.ParametersOf(step);
        var answer = await _session.CallAsync(action, parameters);
        if (!(step["paginate"]?.GetValue<bool>() ?? false))
        {
            return answer;
        }

        var merged = answer.Body.DeepClone().AsObject();
        while (answer.IsSuccess && answer.Body["nextToken"] is { } nextToken)
        {
            parameters["nextToken"] = nextToken.DeepClone();
            answer = await _session.CallAsync(action, parameters);
            foreach (var (name, list) in answer.Body.Where(member => member.Value is JsonArray))
            {
                foreach (var item in list?.AsArray() ?? [])
                {
                    merged[name]?.AsArray().Add(item?.DeepClone());
                }
            }
        }

        return answer with { Body = merged };
    }

    private bool CompareSuccess(JsonObject step, string action, ApiAnswer answer)
    {
        if (!answer.IsSuccess)
        {
            Fail($"{action}: unexpected {answer.ErrorCode}: {answer.ErrorMessage}");
            return false;
        }

        var response = answer.Body.DeepClone().AsObject();
        response["ResponseMetadata"] = new JsonObject { ["HTTPStatusCode"] = answer.Status };
        _session.Templates.AddAnswer(CaseSession.Text(step, "id"), response);
        if (step.TryGetPropertyValue("expect", out var expected))
        {
            Compare(expected, response, action);
        }

        return true;
    }

    private bool CompareFailure(JsonObject step, string action, ApiAnswer answer)
    {
        if (answer.IsSuccess)
        {
            _session.Templates.AddAnswer(CaseSession.Text(step, "id"), answer.Body.DeepClone());
            Fail($"{action}: expected an error, got success");
            return true;
        }

        var response = ErrorResponse(answer);
        _session.Templates.AddAnswer(CaseSession.Text(step, "id"), new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["response"] = response.DeepClone(),
                ["typename"] = answer.ErrorCode,
                ["str"] = $"An error occurred ({answer.ErrorCode}) when calling the {action} operation: "
                    + answer.ErrorMessage,
            },
        });
        if (step["expectError"] is { } expected)
        {
            var code = expected["Error"]?["Code"]?.GetValue<string>();
            if (!string.Equals(code, answer.ErrorCode, StringComparison.Ordinal))
            {
                _outcome.Result.Add($"{action}: expected error {code}, got {answer.ErrorCode}: {answer.ErrorMessage}");
            }

            Compare(expected, response, action);
        }

        return true;
    }

    /// <summary>A failure in the form that boto3 gives it, which is the form of the recordings.</summary>
    private static JsonObject ErrorResponse(ApiAnswer answer)
    {
        var response = new JsonObject
        {
            ["Error"] = new JsonObject { ["Code"] = answer.ErrorCode, ["Message"] = answer.ErrorMessage },
            ["ResponseMetadata"] = new JsonObject { ["HTTPStatusCode"] = answer.Status },
        };
        foreach (var (name, value) in answer.Body.Where(member => member.Key is not "__type"))
        {
            response[name] = value?.DeepClone();
        }

        return response;
    }

    private void Check(JsonObject step)
    {
        var label = $"check {step["check"]?.GetValue<string>()}";
        JsonNode? value;
        try
        {
            value = _session.Templates.Evaluate(step["value"]);
        }
        catch (TemplateException exception)
        {
            Fail($"{label}: nothing to compare: {exception.Message}");
            return;
        }

        var before = _outcome.History.Count;
        Compare(step["expected"], value, label);
        _outcome.Result.AddRange(_outcome.History.Skip(before).Where(difference =>
            difference.StartsWith($"{label}.exception_typename", StringComparison.Ordinal)
            || difference.StartsWith($"{label}.Error.Code", StringComparison.Ordinal)));
    }

    private void Compare(JsonNode? expected, JsonNode? answer, string label)
    {
        var actual = JsonText.AsRecorded(expected is JsonObject ? JsonText.ParseOrKeep(answer) : answer);
        if (expected?["events"] is JsonArray events && actual?["events"] is JsonArray actualEvents)
        {
            var differences =
                HistoryMatcher.Compare(events, actualEvents, () => _bindings, _session.Recorded.HistoryMatch);
            _outcome.History.AddRange(differences.Select(difference => $"{label}: {difference}"));
            return;
        }

        var found = ValueMatcher.Compare(expected, actual, _bindings, label, _session.Recorded.ListsInAnyOrder);
        _outcome.History.AddRange(found);
        _outcome.Result.AddRange(found.Where(difference => s_resultMembers.Any(member =>
            difference.StartsWith($"{label}.{member}:", StringComparison.Ordinal)
            || difference.StartsWith($"{label}.{member}.", StringComparison.Ordinal))));
    }

    private void Fail(string difference)
    {
        _outcome.Result.Add(difference);
        _outcome.History.Add(difference);
    }
}
