using Lungfish.Json;

namespace Lungfish.Simulation.Programs;

/// <summary>Makes durable functions.</summary>
internal sealed class DurableGenerator(
    Random random, Swarm swarm, ulong seed, string name, IReadOnlyList<DurableWorkflow> callees)
{
    private const int DepthMax = 3;
    private const int OperationsMax = 40;

    private static readonly (string, NodeKind)[] s_kinds =
    [
        ("step", NodeKind.Step), ("step", NodeKind.Step), ("sleep", NodeKind.Wait), ("callback", NodeKind.Callback),
        ("child", NodeKind.Child), ("branches", NodeKind.Branches), ("race", NodeKind.Race),
        ("invoke", NodeKind.Invoke), ("condition", NodeKind.Condition), ("sequence", NodeKind.Sequence),
        ("throw", NodeKind.Fail),
    ];

    private int _operations;

    public DurableWorkflow Make(bool isStarted, TimeSpan? stopAfter = null) =>
        Finish(new Draft(Sequence(depth: 0, mayFail: true)) { IsStarted = isStarted, StopAfter = stopAfter });

    /// <summary>One whose step fails until somebody redrives it.</summary>
    public DurableWorkflow MakeRedriven()
    {
        var broken = new StepNode(random.Next(3) == 0, random.Next(1, 3), 0, 1, FailsUntilRedrive: true);
        var inside = random.Next(3) switch
        {
            0 => (Node)broken,
            1 => new ChildNode(new SequenceNode([Node(1, mayFail: false), broken]), random.Next(2) == 0),
            _ => new ChildNode(new ChildNode(broken, false), false),
        };
        return Finish(new Draft(new SequenceNode(
            [Node(1, mayFail: false), inside, Node(1, mayFail: false)]))
        { IsRedriven = true });
    }

    /// <summary>One that waits for something that never comes: its time-out or somebody ends it.</summary>
    public DurableWorkflow MakeHanging(bool isStopped, bool isStarted)
    {
        var hang = new CallbackNode(CallbackAnswer.Never, random.Next(2) == 0, null, null);
        return Finish(new Draft(new SequenceNode([Node(1, mayFail: false), hang]))
        {
            IsStarted = isStarted,
            StopAfter = isStopped ? TimeSpan.FromSeconds(random.Next(1, 40)) : null,
            TimeoutSeconds = isStopped ? null : random.Next(20, 60),
        });
    }

    /// <summary>One that says that it waits, and waits for nothing.</summary>
    public DurableWorkflow MakeIdle() =>
        Finish(new Draft(new SequenceNode([new StepNode(false, 3, 1, 1), new WaitNode(2), new IdleNode()])));

    private DurableWorkflow Finish(Draft draft)
    {
        var input = JsonObject.Of("x", random.Next(1_000)).ToText();
        var called = draft.Body.All().OfType<InvokeNode>().Select(invoke => invoke.Function).ToHashSet();
        return With(new DurableOracle(With([])).Ends(input));

        DurableWorkflow With(IReadOnlyList<ExpectedEnd> ends) => new()
        {
            Name = name,
            Seed = seed,
            Input = input,
            Body = draft.Body,
            Callees = [.. callees.Where(callee => called.Contains(callee.Name))],
            IsStarted = draft.IsStarted,
            StopAfter = draft.StopAfter,
            TimeoutSeconds = draft.TimeoutSeconds ?? 10_000_000,
            IsRedriven = draft.IsRedriven,
            Ends = ends,
        };
    }

    private SequenceNode Sequence(int depth, bool mayFail) =>
        new([.. Enumerable.Range(0, random.Next(1, depth == 0 ? 6 : 4)).Select(_ => Node(depth + 1, mayFail))]);

    /// <param name="mayFail">Now and then it fails, and nothing in it catches that.</param>
    private Node Node(int depth, bool mayFail)
    {
        _operations++;
        var kind = swarm.Pick(random, s_kinds);
        if ((depth > DepthMax || _operations > OperationsMax) && kind is
            NodeKind.Child or NodeKind.Branches or NodeKind.Race or NodeKind.Sequence)
        {
            kind = NodeKind.Step;
        }

        var node = Make(kind, depth);
        return CanFail(node) && !(mayFail && random.Next(4) == 0) ? new TryNode(node) : node;
    }

    private Node Make(NodeKind kind, int depth) => kind switch
    {
        NodeKind.Step => Step(),
        NodeKind.Wait => new WaitNode(random.Next(1, 15)),
        NodeKind.Callback => Callback(),
        NodeKind.Child => new ChildNode(Sequence(depth, mayFail: true), random.Next(3) == 0),
        NodeKind.Branches => Branches(depth),
        NodeKind.Race => new RaceNode(
            [.. Enumerable.Range(0, random.Next(2, 4)).Select(_ => Node(depth + 1, mayFail: false))]),
        NodeKind.Invoke => new InvokeNode(random.Next(8) switch
        {
            0 => DurableWorkflow.MissingFunction,
            1 => DurableWorkflow.PlainFunction,
            _ when callees.Count > 0 => callees[random.Next(callees.Count)].Name,
            _ => DurableWorkflow.PlainFunction,
        }),
        NodeKind.Condition => new ConditionNode(random.Next(1, 5), random.Next(1, 4)),
        NodeKind.Sequence => Sequence(depth, mayFail: true),
        NodeKind.Fail => new FailNode("Thrown", "by the code"),
        _ => throw new System.Diagnostics.UnreachableException($"No node for {kind}."),
    };

    /// <summary>A step that runs at most once may lose attempts to crashes: it has one, or as many as it
    /// takes.</summary>
    private Node Step()
    {
        if (swarm.Weight("at most once") > 0 && random.Next(3) == 0)
        {
            return random.Next(3) == 0
                ? new TryNode(new StepNode(AtMostOnce: true, AttemptsMax: 1, FailuresBefore: 0, RetrySeconds: 1))
                : new StepNode(AtMostOnce: true, AttemptsMax: 1_000, random.Next(3), random.Next(1, 4));
        }

        return new StepNode(
            AtMostOnce: false, random.Next(1, 4), random.Next(3) == 0 ? random.Next(4) : 0, random.Next(1, 6));
    }

    private CallbackNode Callback()
    {
        const int NeverSeconds = 900_000;
        var answer = random.Next(5) switch
        {
            0 => CallbackAnswer.Never,
            1 => CallbackAnswer.Fails,
            _ => CallbackAnswer.Succeeds,
        };
        var inContext = random.Next(2) == 0;
        return (answer, random.Next(2)) switch
        {
            (CallbackAnswer.Never, 0) => new CallbackNode(answer, inContext, random.Next(2, 20), null),
            (CallbackAnswer.Never, _) => new CallbackNode(answer, inContext, NeverSeconds, random.Next(2, 20)),
            (_, 0) => new CallbackNode(answer, inContext, NeverSeconds, NeverSeconds / 2),
            _ => new CallbackNode(answer, inContext, null, null),
        };
    }

    private BranchesNode Branches(int depth)
    {
        var isMap = random.Next(2) == 0;
        var count = random.Next(1, 5);
        var body = isMap ? Sequence(depth, mayFail: true) : null;
        return new BranchesNode(
            [.. Enumerable.Range(0, count).Select(_ => body ?? Node(depth + 1, mayFail: true))],
            isMap,
            random.Next(4));
    }

    /// <summary>Some of these do not fail; then they are wrapped for nothing.</summary>
    private static bool CanFail(Node node) => node is not (WaitNode or ConditionNode or BranchesNode or TryNode);

    private sealed record Draft(Node Body)
    {
        public bool IsStarted { get; init; } = true;

        public TimeSpan? StopAfter { get; init; }

        public int? TimeoutSeconds { get; init; }

        public bool IsRedriven { get; init; }
    }

    private enum NodeKind
    {
        Step,
        Wait,
        Callback,
        Child,
        Branches,
        Race,
        Invoke,
        Condition,
        Sequence,
        Fail,
    }
}
