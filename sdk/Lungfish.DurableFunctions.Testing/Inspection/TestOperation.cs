using System.Text;

namespace Lungfish.DurableFunctions.Testing;

/// <summary>One operation of an execution - a step, wait, callback, invoke or context - as its history tells
/// it.</summary>
public sealed class TestOperation
{
    private readonly ICheckpointSerializer _serializer;
    private readonly string _executionArn;
    private readonly List<TestOperation> _children = [];
    private readonly List<HistoryEvent> _events = [];

    internal TestOperation(HistoryEvent first, string type, ICheckpointSerializer serializer, string executionArn)
    {
        Id = first.OperationId ?? "";
        Name = first.Name;
        ParentId = first.ParentId;
        SubType = first.SubType;
        Type = type;
        StartedAt = first.Timestamp;
        (_serializer, _executionArn) = (serializer, executionArn);
    }

    /// <summary>The id that the SDK gave it; the same in every run of the same workflow.</summary>
    public string Id { get; }

    /// <summary>The author's name for it, or null.</summary>
    public string? Name { get; }

    /// <summary>The id of the context that it belongs to; null at the top.</summary>
    public string? ParentId { get; }

    /// <summary>One of <see cref="OperationTypes"/>.</summary>
    public string Type { get; }

    /// <summary>One of <see cref="OperationSubTypes"/>, or null.</summary>
    public string? SubType { get; }

    /// <summary>One of <see cref="OperationStatuses"/>. A step between two attempts is
    /// <see cref="OperationStatuses.Pending"/>.</summary>
    public string Status { get; private set; } = OperationStatuses.Started;

    /// <summary>Of a step or a condition: how many attempts have ended.</summary>
    public int Attempts { get; private set; }

    /// <summary>When it started.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>When it ended; null: it has not.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>From start to end, waits and retry delays included; null: it has not ended.</summary>
    public TimeSpan? Duration => EndedAt - StartedAt;

    /// <summary>The delays between attempts, in order.</summary>
    public IReadOnlyList<TimeSpan> RetryDelays =>
        [.. _events.Select(happened => happened.NextAttemptDelay).OfType<TimeSpan>()];

    /// <summary>The result as it was checkpointed, or null.</summary>
    public string? ResultText { get; private set; }

    /// <summary>Why it failed, or its last attempt; null: nothing failed.</summary>
    public ErrorObject? Error { get; private set; }

    /// <summary>Of a callback: what it is completed by.</summary>
    public string? CallbackId { get; private set; }

    /// <summary>Of a wait: its length. Of a callback: its time-out.</summary>
    public TimeSpan? Timeout { get; private set; }

    /// <summary>Of a chained invoke: the function as it was named.</summary>
    public string? FunctionName { get; private set; }

    /// <summary>Of a chained invoke of a durable function: the execution that it started.</summary>
    public string? InvokedExecutionArn { get; private set; }

    /// <summary>The input of a chained invoke, as it was checkpointed.</summary>
    public string? InputText { get; private set; }

    /// <summary>Of a context: the operations in it, in the order of their start.</summary>
    public IReadOnlyList<TestOperation> Children => _children;

    /// <summary>The events that are about it.</summary>
    public IReadOnlyList<HistoryEvent> Events => _events;

    /// <summary>Whether it ended with a result.</summary>
    public bool IsSucceeded => Status == OperationStatuses.Succeeded;

    /// <summary>The result, read with the serializer of the runner.</summary>
    /// <typeparam name="T">What it was checkpointed as.</typeparam>
    /// <exception cref="InvalidOperationException">It has no result.</exception>
    public T GetResult<T>() => GetResult<T>(_serializer);

    /// <summary>The result, read with the serializer that the operation was given.</summary>
    /// <typeparam name="T">What it was checkpointed as.</typeparam>
    /// <param name="serializer">The one that wrote it.</param>
    /// <exception cref="InvalidOperationException">It has no result.</exception>
    public T GetResult<T>(ICheckpointSerializer serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        return ResultText is { } text
            ? serializer.Deserialize<T>(text, new SerializationContext(Id, _executionArn))
            : throw new InvalidOperationException($"There is no result to read: {this}.");
    }

    /// <summary>What a chained invoke sent, read with the serializer of the runner.</summary>
    /// <typeparam name="T">What it was sent as.</typeparam>
    /// <exception cref="InvalidOperationException">It sent nothing.</exception>
    public T GetInput<T>() => InputText is { } text
        ? _serializer.Deserialize<T>(text, new SerializationContext(Id, _executionArn))
        : throw new InvalidOperationException($"There is no input to read: {this}.");

    /// <summary>Type, name, status and what is worth knowing of it, in a line.</summary>
    public override string ToString()
    {
        var line = new StringBuilder().Append($"{SubType ?? Type} '{Name ?? Id}': {Status}");
        line.Append(Attempts > 1 ? $", {Attempts} attempts" : "");
        line.Append(Duration is { } duration && duration > TimeSpan.Zero ? $", {duration:g}" : "");
        line.Append(Error is { } error ? $", {error.ErrorType}: {error.ErrorMessage}" : "");
        return line.ToString();
    }

    internal void AddChild(TestOperation child) => _children.Add(child);

    /// <summary>Takes in the next event that is about it.</summary>
    internal void Take(HistoryEvent happened)
    {
        _events.Add(happened);
        Attempts = happened.CurrentAttempt ?? Attempts;
        CallbackId ??= happened.CallbackId;
        Timeout ??= happened.Timeout ?? happened.Duration;
        FunctionName ??= happened.FunctionName;
        InvokedExecutionArn ??= happened.DurableExecutionArn;
        Error = happened.Error ?? Error;
        Status = HistoryFold.StatusAfter(happened);
        if (HistoryFold.IsStart(happened))
        {
            InputText ??= happened.Payload;
            return;
        }

        ResultText = happened.Payload ?? ResultText;
        Error = Status == OperationStatuses.Succeeded ? null : Error;
        EndedAt = OperationStatuses.IsTerminal(Status) ? happened.Timestamp : null;
    }
}
