using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;
using Lungfish.States.Parsing;
using Lungfish.States.Quotas;

namespace Lungfish.Bench.MapRuns;

/// <summary>An inline Map, by the decider alone: 10,000 items are more than the 25,000 events that a server
/// allows.</summary>
internal static class InlineMap
{
    private const string Definition =
        """
        { "StartAt": "M", "States": { "M": { "Type": "Map", "End": true, "ItemProcessor": {
            "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } } } } }
        """;

    private static readonly StateMachineDefinition s_definition = Parse();

    public static void Run(int count)
    {
        var now = DateTimeOffset.UnixEpoch;
        var start = StartOver(count);
        var decision = ExecutionDecider.Decide(Execution.Blank(s_definition), start, now, default, Relaxed.Instance);
        while (decision.After.HasMoreToDo)
        {
            decision = ExecutionDecider.Decide(decision.After, new Continue(), now, default, Relaxed.Instance);
        }

        if (decision.After is not { Status: ExecutionStatus.Succeeded, Output: JsonArray output }
            || output.Count != count)
        {
            throw new InvalidOperationException($"The execution is {decision.After.Status}.");
        }
    }

    private static Start StartOver(int count)
    {
        var input = $"[{string.Join(',', Enumerable.Range(0, count))}]";
        var identity = new ExecutionIdentity
        {
            ExecutionArn = "arn:aws:states:us-east-1:000000000000:execution:bench:run",
            ExecutionName = "run",
            StateMachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:bench",
            StateMachineName = "bench",
            RoleArn = "arn:aws:iam::000000000000:role/bench",
        };
        return new Start(identity, JsonValue.Parse(input), input);
    }

    private static StateMachineDefinition Parse()
    {
        var parse = DefinitionParser.Parse(Definition, new DefinitionOptions { CanRun = _ => true });
        return parse.Definition ?? throw new InvalidOperationException(parse.ErrorText);
    }

    private sealed class Relaxed : ISurroundings
    {
        public static readonly Relaxed Instance = new();

        public QuotaPolicy Quotas { get; } = new() { Mode = QuotaMode.Relaxed };

        public bool ActivityExists(string activityArn) => false;

        public string TaskToken(ExecutionIdentity execution, long taskId) => "";
    }
}
