using Lungfish.Json;

namespace Lungfish.Simulation.Programs;

/// <summary>What the code of a durable function comes to, read off its tree: no operations, no replays.</summary>
internal sealed class DurableOracle(DurableWorkflow workflow)
{
    /// <summary>The end of an execution with this input.</summary>
    public IReadOnlyList<ExpectedEnd> Ends(string? input)
    {
        var ends = new List<ExpectedEnd>();
        switch (Evaluate(workflow.Body, DurablePaths.Top))
        {
            case Value { Pattern: var pattern }:
                ends.Add(new ExpectedEnd("SUCCEEDED", ResultOf(input, pattern)));
                break;
            case Failure { Type: var type, Message: var message }:
                ends.Add(new ExpectedEnd("FAILED", null, type, message));
                break;
            case Nothing when workflow.StopAfter is null:
                ends.Add(new ExpectedEnd("TIMED_OUT", null, "Execution.Timeout"));
                break;
        }

        if (workflow.StopAfter is not null)
        {
            ends.Add(new ExpectedEnd("STOPPED", null, Outside.StopError));
        }

        return ends;
    }

    private static Pattern ResultOf(string? input, Pattern value) => value is Exact { Value: var exact }
        ? new Exact(DurableWorkflow.ResultOf(input, exact))
        : new Member("out", DurableWorkflow.NumberIn(input), "in", value);

    private Outcome Evaluate(Node node, string path) => node switch
    {
        StepNode step => OfStep(step, path),
        WaitNode => new Value(new Exact(JsonValue.Null)),
        CallbackNode callback => OfCallback(callback, path),
        ChildNode child => Evaluate(child.Body, DurablePaths.Inner(path, 0)),
        BranchesNode branches => OfBranches(branches, path),
        RaceNode race => OfRace(race, path),
        InvokeNode invoke => OfInvoke(invoke, path),
        ConditionNode condition => new Value(new Exact(condition.Polls)),
        SequenceNode sequence => OfSequence(sequence, path),
        TryNode attempt => Evaluate(attempt.Body, DurablePaths.Inner(path, 0)) switch
        {
            Failure failure => new Value(new Exact(Caught(failure.Type))),
            Value { Interruptible: true, Pattern: var value } =>
                new Value(new OneOf([value, new Exact(Caught(DurableWorkflow.Interrupted.ErrorType ?? ""))])),
            var other => other,
        },
        FailNode fail => new Failure(fail.Type, fail.Message),
        IdleNode => new Failure("InvalidParameterValueException", null),
        _ => throw new System.Diagnostics.UnreachableException($"No value of {node}."),
    };

    public static JsonObject Caught(string? type) => JsonObject.Of("caught", type ?? "");

    private Outcome OfStep(StepNode step, string path) => step.FailuresBefore < step.AttemptsMax
        ? new Value(new Exact(workflow.ValueAt(path))) { Interruptible = step is { AtMostOnce: true, AttemptsMax: 1 } }
        : new Failure("Broken", $"attempt {step.AttemptsMax} of {path}");

    private Outcome OfCallback(CallbackNode callback, string path) => callback.Answer switch
    {
        CallbackAnswer.Succeeds => new Value(new Exact(workflow.ValueAt(path))),
        CallbackAnswer.Fails => new Failure("Denied", $"callback {path}"),
        _ when callback.HeartbeatSeconds is not null => new Failure("Callback.Heartbeat", null),
        _ when callback.TimeoutSeconds is not null => new Failure("Callback.Timeout", null),
        _ => new Nothing(),
    };

    private Outcome OfSequence(SequenceNode sequence, string path)
    {
        var values = new List<Pattern>();
        foreach (var (index, node) in sequence.Nodes.Index())
        {
            var outcome = Evaluate(node, DurablePaths.Inner(path, index));
            if (outcome is not Value { Pattern: var value })
            {
                return outcome;
            }

            values.Add(value);
        }

        return new Value(ArrayOf(values));
    }

    /// <summary>Failures stand in their places.</summary>
    private Outcome OfBranches(BranchesNode branches, string path)
    {
        var values = new List<Pattern>();
        foreach (var (index, branch) in branches.Branches.Index())
        {
            switch (Evaluate(branch, DurablePaths.Inner(path, index)))
            {
                case Value { Pattern: var value }:
                    values.Add(value);
                    break;
                case Failure failure:
                    values.Add(new Exact(Caught(failure.Type)));
                    break;
                default:
                    return new Nothing();
            }
        }

        return new Value(ArrayOf(values));
    }

    private Outcome OfRace(RaceNode race, string path)
    {
        var values = new List<Pattern>();
        foreach (var (index, branch) in race.Branches.Index())
        {
            if (Evaluate(branch, DurablePaths.Inner(path, index)) is Value { Pattern: var value })
            {
                values.Add(ArrayOf([new Exact(index), value]));
            }
        }

        return values.Count == 0 ? new Nothing() : new Value(new OneOf(values));
    }

    private Outcome OfInvoke(InvokeNode invoke, string path)
    {
        var input = workflow.InputFor(path);
        if (invoke.Function == DurableWorkflow.MissingFunction)
        {
            return new Failure("ResourceNotFoundException", null);
        }

        if (invoke.Function == DurableWorkflow.PlainFunction)
        {
            return new Value(new Exact(DurableWorkflow.PlainResult(input)));
        }

        var callee = workflow.Callees.First(callee => callee.Name == invoke.Function);
        return new DurableOracle(callee).Ends(input)[0] is { Output: { } output }
            ? new Value(output)
            : Failed(new DurableOracle(callee).Ends(input)[0]);
    }

    private static Failure Failed(ExpectedEnd end) => new(end.Error, end.Cause);

    private static Pattern ArrayOf(IReadOnlyList<Pattern> patterns) =>
        patterns.All(pattern => pattern is Exact)
            ? new Exact(JsonArray.Of(patterns.Select(pattern => ((Exact)pattern).Value)))
            : new Items(patterns);

    private abstract record Outcome;

    private sealed record Value(Pattern Pattern) : Outcome
    {
        /// <summary>A crash may have taken its only attempt.</summary>
        public bool Interruptible { get; init; }
    }

    /// <param name="Message">Null: whatever it is.</param>
    private sealed record Failure(string? Type, string? Message) : Outcome;

    /// <summary>It never comes to anything.</summary>
    private sealed record Nothing : Outcome;
}
