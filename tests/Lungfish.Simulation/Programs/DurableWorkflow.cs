using System.Text;
using Lungfish.Durable;
using Lungfish.Json;

namespace Lungfish.Simulation.Programs;

/// <summary>A durable function with one execution that the simulation starts, or with those that others
/// start.</summary>
internal sealed class DurableWorkflow : Workflow
{
    public const string PlainFunction = "plain";
    public const string MissingFunction = "missing";

    public required Node Body { get; init; }

    public required IReadOnlyList<DurableWorkflow> Callees { get; init; }

    public int TimeoutSeconds { get; init; } = 10_000_000; // Far above any delay that the simulation causes.

    /// <summary>It fails, and somebody redrives it.</summary>
    public bool IsRedriven { get; init; }

    public static string ArnOf(string function) => $"arn:aws:lambda:us-east-1:000000000000:function:{function}:$LATEST";

    public static string FunctionIn(string functionArn) => functionArn.Split(':')[6];

    /// <summary>What the body of a step comes to; null if this attempt fails.</summary>
    public JsonValue? ResultOf(StepNode step, string path, int attempt, bool isRedriven) =>
        attempt <= step.FailuresBefore || (step.FailsUntilRedrive && !isRedriven) ? null : ValueAt(path);

    public JsonValue ValueAt(string path) => (long)(Chance.Of(Seed, "value", path) % 1_000);

    public static ErrorObject FailureOf(string path, int attempt) => new()
    {
        ErrorType = "Broken",
        ErrorMessage = $"attempt {attempt} of {path}",
    };

    public static readonly ErrorObject Interrupted = new()
    {
        ErrorType = "StepInterrupted",
        ErrorMessage = "Nobody knows whether it ran.",
    };

    public CallbackPlan PlanFor(CallbackNode callback, string path)
    {
        var bits = Chance.Of(Seed, "callback", path);
        return new CallbackPlan
        {
            IsSilent = callback.Answer == CallbackAnswer.Never,
            Delay = TimeSpan.FromMilliseconds(bits % 3 == 0 ? 0 : (bits >> 8) % 9_000),
            Heartbeats = callback.HeartbeatSeconds is null ? 0 : (int)((bits >> 20) % 3),
            Payload = ValueAt(path).ToText(),
            Error = callback.Answer == CallbackAnswer.Fails
                ? new ErrorObject { ErrorType = "Denied", ErrorMessage = $"callback {path}" }
                : null,
        };
    }

    /// <summary>What a chained invoke is given: the number comes back in the result.</summary>
    public string InputFor(string path) => JsonObject.Of("x", ValueAt(path)).ToText();

    /// <summary>What the function returns: what it was given, and what its code came to.</summary>
    public static JsonObject ResultOf(string? input, JsonValue value) =>
        JsonObject.Of(("in", NumberIn(input)), ("out", value));

    public static JsonValue NumberIn(string? input) =>
        input is null ? JsonValue.Null : (JsonValue.Parse(input) as JsonObject)?["x"] ?? JsonValue.Null;

    public static JsonValue PlainResult(string? input) => JsonObject.Of(("plain", NumberIn(input)));

    public override string Print()
    {
        var text = new StringBuilder();
        _ = text.Append(CultureInfo.InvariantCulture, $"Durable function {Name}, seed {Seed}, ");
        _ = text.Append(
            CultureInfo.InvariantCulture, $"time-out {TimeoutSeconds} s{(IsRedriven ? ", redriven" : "")}:\n");
        NodePrinter.Print(text, Body, DurablePaths.Top, indent: 1);
        _ = text.Append(PrintEnds());
        foreach (var callee in Callees)
        {
            _ = text.Append(callee.Print());
        }

        return text.ToString();
    }
}

/// <summary>Writes the code of a durable function so that a person can read it, with the paths of its
/// operations.</summary>
internal static class NodePrinter
{
    public static void Print(StringBuilder text, Node node, string path, int indent)
    {
        _ = text.Append(' ', 2 * indent).Append(path).Append(": ").Append(Line(node)).Append('\n');
        foreach (var (index, inner) in node.Inner.Index())
        {
            Print(text, inner, DurablePaths.Inner(path, index), indent + 1);
        }
    }

    private static string Line(Node node) => node switch
    {
        StepNode step => $"step {(step.AtMostOnce ? "at most once" : "at least once")}, "
            + $"{(step.FailsUntilRedrive ? "fails until redriven" : $"fails {step.FailuresBefore} times")}, "
            + $"{step.AttemptsMax} attempts, retry after {step.RetrySeconds} s",
        WaitNode wait => $"wait {wait.Seconds} s",
        CallbackNode callback => $"{(callback.InContext ? "waitForCallback" : "callback")}, {callback.Answer}, "
            + $"time-out {callback.TimeoutSeconds}, heartbeat {callback.HeartbeatSeconds}",
        ChildNode child => $"child context{(child.ReplaysChildren ? ", replays children" : "")}",
        BranchesNode branches => $"{(branches.IsMap ? "map" : "parallel")}, {branches.ConcurrencyMax} at once",
        RaceNode => "race",
        InvokeNode invoke => $"invoke {invoke.Function}",
        ConditionNode condition => $"poll {condition.Polls} times, every {condition.DelaySeconds} s",
        SequenceNode => "one after the other",
        TryNode => "try",
        FailNode fail => $"throw {fail.Type}: {fail.Message}",
        IdleNode => "return PENDING with nothing to wait for",
        _ => throw new System.Diagnostics.UnreachableException($"No line for {node}."),
    };
}
