using System.Text.Json.Nodes;
using Lungfish.Conformance.Matching;

namespace Lungfish.Conformance.Running;

/// <summary>Runs a case of the kind "execution": one machine, one execution, what came of it.</summary>
internal static class ExecutionCase
{
    public static async Task<CaseOutcome> RunAsync(CaseSession session)
    {
        var recorded = session.Recorded;
        await session.CreateFunctionsAsync();
        foreach (var step in recorded.Setup)
        {
            await session.DoAsync(step);
        }

        var executionArn = await StartAsync(session);
        var execution = await session.WaitForExecutionAsync(executionArn);
        var outcome = new CaseOutcome();
        await CompareAsync(session, executionArn, execution, outcome);
        return outcome;
    }

    private static async Task<string> StartAsync(CaseSession session)
    {
        var json = session.Recorded.Json;
        var definition = session.Templates.Evaluate(json["definition"]);
        var create = session.Templates.Evaluate(json["createParams"]) as JsonObject ?? [];
        create["name"] = session.MachineName;
        create["definition"] = TextOf(definition);
        create["roleArn"] = session.Templates.RoleArn;
        create["type"] = session.Recorded.MachineType;
        var machine = await session.CallAsync("CreateStateMachine", create);
        if (!machine.IsSuccess)
        {
            throw new Lungfish.Tests.Shared.AwsApiException(machine);
        }

        var start = new JsonObject { ["stateMachineArn"] = CaseSession.Text(machine.Body, "stateMachineArn") };
        if (json.ContainsKey("input"))
        {
            start["input"] = TextOf(session.Templates.Evaluate(json["input"]));
        }

        if (json["executionName"] is { } name)
        {
            start["name"] = session.Templates.Evaluate(name);
        }

        var started = await session.CallAsync("StartExecution", start);
        if (!started.IsSuccess)
        {
            throw new Lungfish.Tests.Shared.AwsApiException(started);
        }

        var arn = CaseSession.Text(started.Body, "executionArn");
        session.OnCleanup(() => session.Api.CallAsync("StopExecution", new JsonObject { ["executionArn"] = arn }));
        return arn;
    }

    private static async Task CompareAsync(
        CaseSession session, string executionArn, JsonObject execution, CaseOutcome outcome)
    {
        var expected = session.Recorded.Expected;
        var bindings = session.NewBindings();
        Compare("status", execution["status"]);
        Compare("error", execution["error"]);
        if (expected.ContainsKey("output"))
        {
            Compare("output", JsonText.ParseOrKeep(execution["output"]));
        }

        if (expected.TryGetPropertyValue("outputText", out var outputText))
        {
            outcome.Result.AddRange(ValueMatcher.Compare(outputText, execution["output"], bindings, "output"));
        }

        if (session.Recorded.Group is "choice_operators" && !expected.ContainsKey("history"))
        {
            return; // Only input and output were recorded.
        }

        var cause = expected["cause"] is JsonObject ? JsonText.ParseOrKeep(execution["cause"]) : execution["cause"];
        outcome.History.AddRange(ValueMatcher.Compare(expected["cause"], cause, session.NewBindings(), "cause"));
        if (expected["history"] is JsonArray history)
        {
            outcome.History.AddRange(HistoryMatcher.Compare(
                history,
                await session.GetHistoryAsync(executionArn),
                session.NewBindings,
                session.Recorded.HistoryMatch));
        }

        void Compare(string name, JsonNode? actual) =>
            outcome.Result.AddRange(ValueMatcher.Compare(expected[name], actual, bindings, name));
    }

    private static string TextOf(JsonNode? value) =>
        value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : value?.ToJsonString() ?? "null";
}
