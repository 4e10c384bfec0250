using Lungfish.Json;
using Lungfish.Tests;

namespace Lungfish.States.Tests.Deciding;

/// <summary>The recorded executions, replayed in process: the tasks answer what they answered on AWS.</summary>
public sealed class RecordedExecutionTests
{
    private const string LostEvents =
        "The recorder lost which event inside the Parallel follows which: what the task answers cannot be told.";

    /// <summary>What does not pass, with the reason. This list only shrinks.</summary>
    private static readonly Dictionary<string, string> KnownDifferences = new(
        from list in ((string Reason, string Test, string[] Parameters)[])
        [
            (LostEvents, "states_variables/test_parallel_catch_error",
            [
                "[PARALLEL_CATCH_ERROR_OUTPUT]", "[PARALLEL_CATCH_ERROR_VARIABLE_SAMPLING]",
                "[PARALLEL_CATCH_ERROR_OUTPUT_WITH_RETRY]",
            ]),
        ]
        from parameters in list.Parameters
        select KeyValuePair.Create(list.Test + parameters, list.Reason),
        StringComparer.Ordinal);

    [Fact]
    public void Decide_RecordedExecutions_HappenAsOnAws()
    {
        Assert.SkipWhen(RepositoryPaths.Conformance is null, "The recorded cases are not on this machine.");
        var (passed, uncovered) = (0, 0);
        List<string> wrong = [];
        foreach (var recorded in RecordedCase.All())
        {
            if (recorded.Parse() is not { } definition)
            {
                uncovered++;
                continue;
            }

            var world = new World(definition, recorded.Answers()) { ChildTasks = World.Succeed(JsonObject.Empty) };
            var difference = Replay(recorded, world);
            var isKnown = KnownDifferences.ContainsKey(recorded.Id);
            passed += difference is null ? 1 : 0;
            if (difference is null == isKnown)
            {
                wrong.Add($"{recorded.Id}: {difference ?? "passes now: take it off the list"}");
            }
        }

        TestContext.Current.SendDiagnosticMessage("{0} passed, {1} need more of the language", passed, uncovered);
        Assert.True(wrong.Count == 0, $"{passed} passed, {uncovered} uncovered\n{string.Join('\n', wrong)}");
        Assert.True(passed > 300, $"Only {passed} cases ran.");
    }

    private static string? Replay(RecordedCase recorded, World world)
    {
        if (recorded.Id.Contains("on_deleted", StringComparison.Ordinal))
        {
            _ = world.MissingActivities.Add(Machines.ActivityArn);
        }

        _ = world.Start(recorded.Input).Run();
        var match = new RecordedMatch();
        var execution = world.Execution;
        var expected = recorded.Expected;
        var status = execution.Status.ToString().ToUpperInvariant();
        if (expected["status"] is { } expectedStatus && match.Differs(expectedStatus, status) is { } other)
        {
            return $"{other}: {execution.Error} {execution.Cause}";
        }

        return Differs("output", execution.Output)
            ?? Differs("error", AsJson(execution.Error))
            ?? Differs("cause", AsJson(execution.Cause))
            ?? DiffersInHistory(recorded, world);

        string? Differs(string member, JsonValue? actual) => expected[member] is { } value
            ? match.Differs(value, value is JsonObject ? RecordedMatch.Parsed(actual) : actual)
            : null;
    }

    private static JsonString? AsJson(string? text) => text is null ? null : new JsonString(text);

    private static string? DiffersInHistory(RecordedCase recorded, World world)
    {
        if (recorded.Expected["history"] is not JsonArray expected)
        {
            return null;
        }

        var actual = world.History.Select(e => RecordedMatch.Decoded(JsonValue.Parse(world.Written(e.Id)))).ToList();
        var difference = new RecordedMatch().Differs(expected, JsonArray.Of(actual));
        if (difference is null || recorded.Match == "exact")
        {
            return difference;
        }

        // Concurrent branches happen in another order each time.
        var events = recorded.Match == "parallel-normalized" ? RecordedMatch.NormalizeParallel(actual) : actual;
        return new RecordedMatch().DiffersInAnyOrder(expected.Select(WithoutIds), [.. events.Select(WithoutIds)]);
    }

    private static JsonValue WithoutIds(JsonValue e) =>
        JsonObject.Of(((JsonObject)e).Where(m => m.Key is not ("id" or "previousEventId")));
}
