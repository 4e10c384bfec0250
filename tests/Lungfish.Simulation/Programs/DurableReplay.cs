using System.Diagnostics;
using Lungfish.Durable;
using Lungfish.Json;

namespace Lungfish.Simulation.Programs;

/// <summary>Goes through the code once with what is known of its operations: finds out what it has come to, and what
/// there is to report and to run. Always the same for the same operations.</summary>
/// <param name="memory">What this invocation has done and not yet seen acknowledged.</param>
internal sealed class DurableReplay(
    DurableWorkflow workflow, IReadOnlyDictionary<string, Operation> known, InvocationMemory memory)
{
    /// <summary>To be sent in this order.</summary>
    public List<OperationUpdate> Updates { get; } = [];

    public List<StepBody> Bodies { get; } = [];

    /// <summary>Callbacks that wait; whoever is to answer must know of them.</summary>
    public List<(string CallbackId, CallbackPlan Plan)> Callbacks { get; } = [];

    /// <summary>The code says that it waits, and nothing is there to wait for.</summary>
    public bool IsIdle { get; private set; }

    /// <summary>Something that it waits for will come from outside.</summary>
    public bool Awaits { get; private set; }

    /// <summary>Set where the engine has shown what cannot be.</summary>
    public string? Problem { get; private set; }

    public Outcome Run() => Run(workflow.Body, DurablePaths.Top, parent: null);

    private Outcome Run(Node node, string path, string? parent)
    {
        switch (node)
        {
            case StepNode step:
                return Step(new StepBody(step, path, parent));
            case ConditionNode condition:
                return Step(new StepBody(condition, path, parent));
            case WaitNode wait:
                return Wait(wait, path, parent);
            case CallbackNode { InContext: false } callback:
                return Callback(callback, path, parent, offers: true);
            case CallbackNode callback:
                return Context(
                    path, parent, "WaitForCallback", replays: false, inner => WaitForCallback(callback, inner));
            case ChildNode child:
                return Context(path, parent, "RunInChildContext", child.ReplaysChildren, inner =>
                    Run(child.Body, DurablePaths.Inner(path, 0), inner));
            case BranchesNode branches:
                return Context(path, parent, branches.IsMap ? "Map" : "Parallel", replays: false, inner =>
                    Branches(branches, path, inner));
            case RaceNode race:
                return Context(path, parent, "Parallel", replays: false, inner => Race(race, path, inner));
            case InvokeNode invoke:
                return Invoke(invoke, path, parent);
            case SequenceNode sequence:
                return Sequence(sequence, path, parent);
            case TryNode attempt:
                var outcome = Run(attempt.Body, DurablePaths.Inner(path, 0), parent);
                return outcome.Error is { } error ? Outcome.Of(DurableOracle.Caught(error.ErrorType)) : outcome;
            case FailNode fail:
                return Outcome.Of(new ErrorObject { ErrorType = fail.Type, ErrorMessage = fail.Message });
            case IdleNode:
                IsIdle = true;
                return Outcome.Blocked;
            default:
                throw new UnreachableException($"No way to run {node}.");
        }
    }

    private Outcome Step(StepBody body)
    {
        var operation = known.GetValueOrDefault(body.Path);
        if (Ended(operation) is { } ended)
        {
            return ended;
        }

        var attempt = (operation?.Attempt ?? 0) + 1;
        body = body with { Attempt = attempt, Sequence = operation?.Sequence ?? 0, State = operation?.Payload };
        var isRunning = operation is { Status: OperationStatus.Started };
        if (operation is { Status: OperationStatus.Pending })
        {
            Awaits = true;
            return Outcome.Blocked; // Its next attempt is not due.
        }

        if (memory.Results.TryGetValue((body.Path, attempt), out var close))
        {
            // It ran, and its end has not been acknowledged: it is reported again, and not run again.
            if (!isRunning)
            {
                Updates.Add(body.Update(OperationAction.Start));
            }

            Updates.Add(close);
        }
        else if (!isRunning && body.IsAtMostOnce)
        {
            Updates.Add(body.Update(OperationAction.Start)); // It runs once that is known to be durable.
        }
        else if (isRunning && body.IsAtMostOnce && !memory.Started.Contains((body.Path, attempt)))
        {
            Updates.Add(body.Failed(DurableWorkflow.Interrupted)); // Nobody knows whether it ran.
        }
        else
        {
            Bodies.Add(body with { NeedsStart = !isRunning });
        }

        return Outcome.Blocked;
    }

    private Outcome Wait(WaitNode wait, string path, string? parent)
    {
        var operation = known.GetValueOrDefault(path);
        if (operation is null)
        {
            Updates.Add(Start(path, parent, OperationType.Wait, "Wait") with { WaitSeconds = wait.Seconds });
        }

        Awaits |= operation is { IsOpen: true };
        return Ended(operation) ?? Outcome.Blocked;
    }

    private Outcome Callback(CallbackNode callback, string path, string? parent, bool offers)
    {
        var operation = known.GetValueOrDefault(path);
        if (operation is null)
        {
            Updates.Add(Start(path, parent, OperationType.Callback, "Callback") with
            {
                TimeoutSeconds = callback.TimeoutSeconds,
                HeartbeatTimeoutSeconds = callback.HeartbeatSeconds,
            });
        }
        else if (offers && operation is { IsOpen: true, Callback: { } open })
        {
            Awaits = true;
            Callbacks.Add((open.CallbackId, workflow.PlanFor(callback, path)));
        }

        return Ended(operation) ?? Outcome.Blocked;
    }

    /// <summary>A callback, a step that tells somebody of it, and the wait for its end.</summary>
    private Outcome WaitForCallback(CallbackNode callback, string context)
    {
        var path = context + DurablePaths.Callback;
        var outcome = Callback(callback, path, context, offers: false);
        if (known.GetValueOrDefault(path) is not { Callback: { } made })
        {
            return Outcome.Blocked;
        }

        var submitter = Step(new StepBody(
            new StepNode(AtMostOnce: false, AttemptsMax: 1, FailuresBefore: 0, RetrySeconds: 1),
            context + DurablePaths.Submitter,
            context)
        {
            Submits = (made.CallbackId, workflow.PlanFor(callback, context)),
        });
        Awaits |= !submitter.IsBlocked && outcome.IsBlocked;
        return submitter.IsBlocked ? submitter : outcome;
    }

    private Outcome Context(
        string path, string? parent, string subType, bool replays, Func<string, Outcome> run)
    {
        var operation = known.GetValueOrDefault(path);
        if (operation is { Status: OperationStatus.Succeeded, ReplayChildren: true })
        {
            var count = Updates.Count + Bodies.Count;
            var rebuilt = run(path);
            if (rebuilt.IsBlocked || Updates.Count + Bodies.Count != count)
            {
                Problem ??= $"The context {path} has succeeded and replays its children, but not all are shown.";
            }

            return rebuilt;
        }

        if (Ended(operation) is { } ended)
        {
            return ended;
        }

        var start = Start(path, parent, OperationType.Context, subType);
        if (operation is null)
        {
            Updates.Add(start);
        }

        var outcome = run(path);
        if (outcome.Error is { } error)
        {
            Updates.Add(start with { Action = OperationAction.Fail, Error = error });
            return Outcome.Blocked;
        }

        if (outcome.Value is { } value)
        {
            Updates.Add(start with
            {
                Action = OperationAction.Succeed,
                Payload = replays ? "" : value.ToText(),
                ReplayChildren = replays ? true : null,
            });
        }

        return Outcome.Blocked; // It has ended once that is known to be durable.
    }

    private Outcome Branches(BranchesNode branches, string path, string parent)
    {
        var subType = branches.IsMap ? "MapIteration" : "ParallelBranch";
        var values = new List<JsonValue>();
        var running = 0;
        foreach (var (index, branch) in branches.Branches.Index())
        {
            if (branches.ConcurrencyMax > 0 && running == branches.ConcurrencyMax)
            {
                break;
            }

            var outcome = Branch(branch, path, index, parent, subType);
            running += outcome.IsBlocked ? 1 : 0;
            if (outcome.Error is { } error)
            {
                values.Add(DurableOracle.Caught(error.ErrorType));
            }
            else if (outcome.Value is { } value)
            {
                values.Add(value);
            }
        }

        return values.Count == branches.Branches.Length ? Outcome.Of(JsonArray.Of(values)) : Outcome.Blocked;
    }

    private Outcome Race(RaceNode race, string path, string parent)
    {
        foreach (var (index, branch) in race.Branches.Index())
        {
            if (Branch(branch, path, index, parent, "ParallelBranch").Value is { } value)
            {
                return Outcome.Of(JsonArray.Of([index, value]));
            }
        }

        return Outcome.Blocked;
    }

    private Outcome Branch(Node branch, string path, int index, string parent, string subType)
    {
        var inner = DurablePaths.Inner(path, index);
        return Context(inner + "b", parent, subType, replays: false, context => Run(branch, inner, context));
    }

    private Outcome Invoke(InvokeNode invoke, string path, string? parent)
    {
        var operation = known.GetValueOrDefault(path);
        if (operation is null)
        {
            Updates.Add(Start(path, parent, OperationType.ChainedInvoke, "ChainedInvoke") with
            {
                FunctionName = invoke.Function,
                Payload = workflow.InputFor(path),
            });
        }

        Awaits |= operation is { IsOpen: true };
        return Ended(operation) ?? Outcome.Blocked;
    }

    private Outcome Sequence(SequenceNode sequence, string path, string? parent)
    {
        var values = new List<JsonValue>();
        foreach (var (index, node) in sequence.Nodes.Index())
        {
            var outcome = Run(node, DurablePaths.Inner(path, index), parent);
            if (outcome.Value is not { } value)
            {
                return outcome;
            }

            values.Add(value);
        }

        return Outcome.Of(JsonArray.Of(values));
    }

    private static Outcome? Ended(Operation? operation) => operation switch
    {
        null or { IsOpen: true } => null,
        { Status: OperationStatus.Succeeded } =>
            Outcome.Of(operation.Payload is { } payload ? JsonValue.Parse(payload) : JsonValue.Null),
        _ => Outcome.Of(operation.Error ?? new ErrorObject { ErrorType = operation.Status.ToString() }),
    };

    private static OperationUpdate Start(string path, string? parent, OperationType type, string subType) => new()
    {
        Id = path,
        ParentId = parent,
        Name = $"at {path}",
        Type = type,
        SubType = subType,
        Action = OperationAction.Start,
    };
}

/// <summary>What a piece of code has come to: a value, an error, or nothing yet.</summary>
internal readonly record struct Outcome(JsonValue? Value, ErrorObject? Error)
{
    public static readonly Outcome Blocked = new(null, null);

    public bool IsBlocked => Value is null && Error is null;

    public static Outcome Of(JsonValue value) => new(value, null);

    public static Outcome Of(ErrorObject error) => new(null, error);
}

/// <summary>What an invocation knows beyond what it was shown.</summary>
internal sealed class InvocationMemory
{
    /// <summary>Attempts that this invocation has begun, and knows to be durable.</summary>
    public HashSet<(string Path, int Attempt)> Started { get; } = [];

    /// <summary>How attempts have ended that ran in this invocation.</summary>
    public Dictionary<(string Path, int Attempt), OperationUpdate> Results { get; } = [];
}
