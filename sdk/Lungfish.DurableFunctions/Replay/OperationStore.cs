namespace Lungfish.DurableFunctions;

/// <summary>What is known of an execution's operations; guarded by the invocation's lock.</summary>
internal sealed class OperationStore
{
    private readonly Dictionary<string, Operation> _operations = new(StringComparer.Ordinal);

    // Ids that an earlier invocation left behind, and whether they had ended by then: what decides if a line of the
    // log was written before.
    private readonly Dictionary<string, bool> _endedAtStart = new(StringComparer.Ordinal);
    private HashSet<string> _updated = [];

    public int Count => _operations.Count;

    public Operation? Execution { get; private set; }

    public IEnumerable<Operation> All => _operations.Values;

    public IReadOnlySet<string> Updated => _updated;

    /// <summary>Takes in a page of the state that the invocation began with.</summary>
    public void Load(IReadOnlyList<Operation> page)
    {
        foreach (var operation in page)
        {
            if (operation.Type == OperationTypes.Execution)
            {
                Execution = operation;
                continue;
            }

            _operations[operation.Id] = operation;
            _endedAtStart[operation.Id] = operation.IsTerminal;
        }
    }

    public void MarkUpdated(IReadOnlyList<string> ids) => _updated = new HashSet<string>(ids, StringComparer.Ordinal);

    public Operation? Find(string id) => _operations.GetValueOrDefault(id);

    /// <returns>What was known before, or null.</returns>
    public Operation? Put(Operation operation)
    {
        _operations.TryGetValue(operation.Id, out var previous);
        _operations[operation.Id] = operation;
        return previous;
    }

    /// <summary>Whether an earlier invocation got as far as this operation.</summary>
    public bool WasReached(string id) => _endedAtStart.ContainsKey(id);

    /// <summary>Whether this operation had ended when the invocation began.</summary>
    public bool HadEnded(string id) => _endedAtStart.GetValueOrDefault(id);

    /// <summary>Whether an earlier invocation may have seen how this operation ended.</summary>
    public bool WasSeenToEnd(string id) =>
        _endedAtStart.TryGetValue(id, out var ended) && ended && !_updated.Contains(id);
}
