using System.Text;

namespace Lungfish.DurableFunctions.Testing;

/// <summary>An execution as it is at one moment: its outcome, and everything that led to it.</summary>
/// <typeparam name="TOutput">What the function returns.</typeparam>
public sealed class TestResult<TOutput>
{
    private readonly ICheckpointSerializer _serializer;

    internal TestResult(
        string durableExecutionArn,
        IReadOnlyList<HistoryEvent> events,
        IReadOnlyList<TestLogLine> logs,
        ICheckpointSerializer serializer)
    {
        _serializer = serializer;
        DurableExecutionArn = durableExecutionArn;
        Events = events;
        Logs = logs;
        (Status, ResultText, Error) = HistoryFold.Outcome(events);
        Operations = HistoryFold.Operations(events, serializer, durableExecutionArn);
        Invocations = HistoryFold.Invocations(events);
    }

    /// <summary>Where the execution stands.</summary>
    public ExecutionStatus Status { get; }

    /// <summary>Whether it ended with a result.</summary>
    public bool IsSucceeded => Status == ExecutionStatus.Succeeded;

    /// <summary>Whether it ended with an error.</summary>
    public bool IsFailed => Status == ExecutionStatus.Failed;

    /// <summary>What the function returned; the default value if it has not, or returned nothing.</summary>
    public TOutput? Result => ResultText is { Length: > 0 } text
        ? _serializer.Deserialize<TOutput>(text, new SerializationContext(ExecutionId, DurableExecutionArn))
        : default;

    /// <summary>What the function returned, as text; null if it has not.</summary>
    public string? ResultText { get; }

    /// <summary>Why it failed, timed out or was stopped; null otherwise.</summary>
    public ErrorObject? Error { get; }

    /// <summary>The execution.</summary>
    public string DurableExecutionArn { get; }

    /// <summary>Every operation, in the order of their start, those inside contexts too.</summary>
    public IReadOnlyList<TestOperation> Operations { get; }

    /// <summary>The history.</summary>
    public IReadOnlyList<HistoryEvent> Events { get; }

    /// <summary>The invocations that have ended, in order.</summary>
    public IReadOnlyList<TestInvocation> Invocations { get; }

    /// <summary>The lines that the function logged; none for a function that runs on a server.</summary>
    public IReadOnlyList<TestLogLine> Logs { get; }

    /// <summary>How long the execution has lasted, from its first to its last event.</summary>
    public TimeSpan Duration => Events.Count == 0 ? TimeSpan.Zero : Events[^1].Timestamp - Events[0].Timestamp;

    private string ExecutionId => DurableExecutionArn[(DurableExecutionArn.LastIndexOf('/') + 1)..];

    /// <summary>The first step of that name; if no step has it, the first operation that does.</summary>
    /// <param name="name">As the function gave it.</param>
    /// <exception cref="InvalidOperationException">There is none; the message names those that there are.</exception>
    public TestOperation GetStep(string name) => FindStep(name) ?? throw Missing($"'{name}'");

    /// <summary>An operation of that name.</summary>
    /// <param name="name">As the function gave it.</param>
    /// <param name="index">From 0, among those of the same name.</param>
    /// <exception cref="InvalidOperationException">There is none; the message names those that there are.</exception>
    public TestOperation GetOperation(string name, int index = 0) =>
        GetOperations(name).ElementAtOrDefault(index)
            ?? throw Missing(index is 0 ? $"'{name}'" : $"'{name}' at {index}");

    /// <summary>The first step of that name; if no step has it, the first operation that does; or null.</summary>
    /// <param name="name">As the function gave it.</param>
    public TestOperation? FindStep(string name)
    {
        var named = GetOperations(name);
        return named.FirstOrDefault(IsStep) ?? named.FirstOrDefault();
    }

    /// <summary>All operations of that name, in the order of their start.</summary>
    /// <param name="name">As the function gave it.</param>
    public IReadOnlyList<TestOperation> GetOperations(string name) =>
        [.. Operations.Where(operation => operation.Name == name)];

    /// <summary>All operations of a type, in the order of their start.</summary>
    /// <param name="type">One of <see cref="OperationTypes"/>.</param>
    public IReadOnlyList<TestOperation> GetOperationsOfType(string type) =>
        [.. Operations.Where(operation => operation.Type == type)];

    /// <summary>The operation of that id.</summary>
    /// <param name="operationId">As the SDK gave it.</param>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public TestOperation GetOperationById(string operationId) =>
        Operations.FirstOrDefault(operation => operation.Id == operationId) ?? throw Missing(operationId);

    /// <summary>The operation at that place.</summary>
    /// <param name="index">From 0, in the order of start.</param>
    /// <exception cref="InvalidOperationException">There are fewer.</exception>
    public TestOperation GetOperationAt(int index) =>
        Operations.ElementAtOrDefault(index) ?? throw Missing($"at {index}");

    /// <summary>Makes sure that the execution succeeded.</summary>
    /// <returns>This result.</returns>
    /// <exception cref="TestExecutionFailedException">It did not; the message shows what happened.</exception>
    public TestResult<TOutput> EnsureSucceeded() => IsSucceeded
        ? this
        : throw new TestExecutionFailedException($"The execution has not succeeded. {this}", Status, Error);

    /// <summary>The outcome, and a line for each operation, indented as they are nested.</summary>
    public override string ToString()
    {
        var count = Invocations.Count is 1 ? "1 invocation" : $"{Invocations.Count} invocations";
        var text = new StringBuilder().Append($"{Status} after {Duration:g}, {count}");
        if (Error is { } error)
        {
            text.Append($", {error.ErrorType}: {error.ErrorMessage}");
        }
        else if (Invocations is [.., { Error: { } fault }])
        {
            text.Append($", the last of which failed with {fault.ErrorType}: {fault.ErrorMessage}");
        }

        text.AppendLine();
        var known = Operations.Select(operation => operation.Id).ToHashSet(StringComparer.Ordinal);
        Describe(text, Operations.Where(operation => operation.ParentId is not { } id || !known.Contains(id)), 1);
        return text.ToString();
    }

    // The submitter of a WaitForCallback has its name too, and is not what a test means by it.
    private bool IsStep(TestOperation operation) =>
        operation.Type == OperationTypes.Step
        && Operations.FirstOrDefault(other => other.Id == operation.ParentId) is not
        { SubType: OperationSubTypes.WaitForCallback };

    private static void Describe(StringBuilder text, IEnumerable<TestOperation> operations, int depth)
    {
        foreach (var operation in operations)
        {
            text.Append(' ', depth * 2).Append(operation).AppendLine();
            Describe(text, operation.Children, depth + 1);
        }
    }

    private InvalidOperationException Missing(string what) => new($"There is no operation {what}. {this}");
}
