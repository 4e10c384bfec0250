using Lungfish.Durable;
using Lungfish.Json;

namespace Lungfish.Simulation.Programs;

/// <summary>One attempt of a step.</summary>
internal sealed record StepBody
{
    private readonly StepNode? _step;
    private readonly ConditionNode? _condition;
    private readonly string? _parent;

    public StepBody(StepNode step, string path, string? parent) => (_step, Path, _parent) = (step, path, parent);

    public StepBody(ConditionNode condition, string path, string? parent) =>
        (_condition, Path, _parent) = (condition, path, parent);

    public string Path { get; }

    public int Attempt { get; init; }

    /// <summary>Of the operation; 0 while it is not known.</summary>
    public int Sequence { get; init; }

    /// <summary>Of a condition: what its polls have come to so far, as JSON text.</summary>
    public string? State { get; init; }

    /// <summary>That the attempt begins has not been reported.</summary>
    public bool NeedsStart { get; init; }

    /// <summary>The callback that it tells somebody of.</summary>
    public (string CallbackId, CallbackPlan Plan)? Submits { get; init; }

    public bool IsAtMostOnce => _step is { AtMostOnce: true };

    public OperationUpdate Update(OperationAction action) => new()
    {
        Id = Path,
        ParentId = _parent,
        Name = $"at {Path}",
        Type = OperationType.Step,
        SubType = _condition is null ? "Step" : "WaitForCondition",
        Action = action,
    };

    /// <summary>What running it comes to.</summary>
    public OperationUpdate Run(DurableWorkflow workflow, bool isRedriven)
    {
        if (_condition is { } condition)
        {
            return Poll(condition);
        }

        var result = _step is { } step && Submits is null
            ? workflow.ResultOf(step, Path, Attempt, isRedriven)
            : JsonValue.Null;
        return result is null
            ? Failed(DurableWorkflow.FailureOf(Path, Attempt))
            : Update(OperationAction.Succeed) with { Payload = result.ToText() };
    }

    /// <summary>The attempt has failed: there is another one, or the step fails.</summary>
    public OperationUpdate Failed(ErrorObject error) => _step is { } step && Attempt < step.AttemptsMax
        ? Update(OperationAction.Retry) with { Error = error, NextAttemptDelaySeconds = step.RetrySeconds }
        : Update(OperationAction.Fail) with { Error = error };

    private OperationUpdate Poll(ConditionNode condition)
    {
        var polls = (State is null ? 0 : (int)((JsonNumber)JsonValue.Parse(State)).Value) + 1;
        var payload = polls.ToString(CultureInfo.InvariantCulture);
        return polls < condition.Polls
            ? Update(OperationAction.Retry) with
            {
                Payload = payload,
                NextAttemptDelaySeconds = condition.DelaySeconds,
            }
            : Update(OperationAction.Succeed) with { Payload = payload };
    }
}
