using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Partitions;

/// <summary>The facts of an execution that are not known to be durable: first those that a work holds, then the new
/// ones.</summary>
/// <param name="lastSequence">Of the last segment that the store has; -1 for none.</param>
internal sealed class UncommittedFacts<TFact>(int lastSequence)
{
    private readonly List<TFact> _facts = [];
    private int _sealed;
    private int _sequence = lastSequence;

    public void Add(IEnumerable<TFact> facts) => _facts.AddRange(facts);

    /// <summary>Encodes what the next commit is to write; null for nothing.</summary>
    /// <param name="mergeWith">The delta, not yet taken by the lane, that these facts join; null for none.</param>
    /// <param name="encode">Makes a segment of facts and its sequence.</param>
    public NewSegment? Seal(ExecutionDelta? mergeWith, Func<IReadOnlyList<TFact>, int, NewSegment> encode)
    {
        if (mergeWith is null)
        {
            Committed(); // Not yet, but the lane has them.
        }

        _sealed = _facts.Count;
        if (_facts.Count == 0)
        {
            return null;
        }

        _sequence = mergeWith?.Journal?.Sequence ?? (_sequence + 1);
        return encode(_facts, _sequence);
    }

    /// <summary>What was sealed last is durable.</summary>
    public void Committed()
    {
        _facts.RemoveRange(0, _sealed);
        _sealed = 0;
    }
}
