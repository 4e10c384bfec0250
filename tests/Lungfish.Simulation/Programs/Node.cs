using System.Collections.Immutable;

namespace Lungfish.Simulation.Programs;

/// <summary>The code of a durable function as a tree. Each node comes to a JSON value, or fails.</summary>
internal abstract record Node
{
    private protected Node() { }

    /// <summary>What stands right inside it, in the order of its paths.</summary>
    public IEnumerable<Node> Inner => this switch
    {
        ChildNode child => [child.Body],
        BranchesNode branches => branches.Branches,
        RaceNode race => race.Branches,
        SequenceNode sequence => sequence.Nodes,
        TryNode attempt => [attempt.Body],
        _ => [],
    };

    /// <summary>It and all inside it.</summary>
    public IEnumerable<Node> All() => Inner.SelectMany(node => node.All()).Prepend(this);
}

/// <summary>A step. Its attempts fail so many times, then it succeeds with a value that follows from its
/// path.</summary>
/// <param name="FailuresBefore">How many attempts fail.</param>
/// <param name="FailsUntilRedrive">All attempts fail until somebody has redriven the execution.</param>
internal sealed record StepNode(
    bool AtMostOnce, int AttemptsMax, int FailuresBefore, int RetrySeconds, bool FailsUntilRedrive = false) : Node;

internal sealed record WaitNode(int Seconds) : Node;

/// <param name="InContext">Made and sent out by a context of its own, as <c>waitForCallback</c> does.</param>
internal sealed record CallbackNode(
    CallbackAnswer Answer, bool InContext, int? TimeoutSeconds, int? HeartbeatSeconds) : Node;

internal enum CallbackAnswer
{
    Succeeds,
    Fails,
    Never,
}

/// <param name="ReplaysChildren">Its result is not stored but rebuilt from what is in it.</param>
internal sealed record ChildNode(Node Body, bool ReplaysChildren) : Node;

/// <summary>All branches are gone through to their ends, be they good or bad.</summary>
/// <param name="IsMap">The branches are one body for several items.</param>
/// <param name="ConcurrencyMax">0: all at once.</param>
internal sealed record BranchesNode(ImmutableArray<Node> Branches, bool IsMap, int ConcurrencyMax) : Node;

/// <summary>The first branch that has a value gives the result; the others are left where they are.</summary>
internal sealed record RaceNode(ImmutableArray<Node> Branches) : Node;

/// <param name="Function">Of another durable workflow, a plain function, or none that there is.</param>
internal sealed record InvokeNode(string Function) : Node;

/// <summary>A step that polls until its state has been counted up.</summary>
internal sealed record ConditionNode(int Polls, int DelaySeconds) : Node;

internal sealed record SequenceNode(ImmutableArray<Node> Nodes) : Node;

/// <summary>A failure becomes a value.</summary>
internal sealed record TryNode(Node Body) : Node;

internal sealed record FailNode(string Type, string Message) : Node;

/// <summary>The function says that it waits, and there is nothing to wait for.</summary>
internal sealed record IdleNode : Node;

/// <summary>How operations are called: by the way from the top of the tree, the same in each replay.</summary>
internal static class DurablePaths
{
    public const string Top = "p";
    public const string Submitter = "-s";
    public const string Callback = "-c";

    public static string Inner(string path, int index) => $"{path}-{index}";
}
