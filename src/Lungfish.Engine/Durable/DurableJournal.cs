using System.Collections.Immutable;
using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Engine.Storage;
using Lungfish.Journal;

namespace Lungfish.Engine.Durable;

/// <summary>Facts of durable executions out of the segments that the store has, and into those that it gets.</summary>
internal static class DurableJournal
{
    public static IEnumerable<Fact> Facts(StoredSegment segment) => Decode(segment, new PayloadCache());

    /// <summary>Of segments of one journal.</summary>
    public static IEnumerable<Fact> Facts(IEnumerable<StoredSegment> journal)
    {
        var payloads = new PayloadCache();
        return journal.SelectMany(segment => Decode(segment, payloads));
    }

    /// <exception cref="CorruptJournalException">It is not what was written.</exception>
    public static ImmutableArray<Fact> Decode(StoredSegment segment, PayloadCache payloads) =>
        FactCodec.Decode(segment.Content.Segment.Span, segment.ContentOf, payloads);

    public static IEnumerable<HistoryEvent> Events(IEnumerable<StoredSegment> journal) =>
        Facts(journal).OfType<HistoryEvent>();

    /// <param name="lastEventId">That of the last event among the facts.</param>
    public static NewSegment SegmentOf(IReadOnlyList<Fact> facts, int sequence, long lastEventId)
    {
        var count = facts.Count(fact => fact is HistoryEvent);
        return new NewSegment(sequence, lastEventId - count + 1, count, FactCodec.Encode(facts));
    }

    public static DurableExecution Fold(StoredExecution stored)
    {
        var execution = DurableExecution.Blank;
        foreach (var fact in Facts(stored.Journal))
        {
            execution = execution.Apply(fact);
        }

        return execution.Identity is null
            ? throw new CorruptJournalException("The journal does not begin with the execution's start.")
            : execution;
    }

    /// <summary>What its first event tells: input and identity; nothing is folded.</summary>
    public static EventDetails StartOf(IEnumerable<StoredSegment> journal) =>
        Events(journal.Take(1)).FirstOrDefault() is { Type: HistoryEventType.ExecutionStarted } started
            ? started.Details
            : throw new CorruptJournalException("The journal does not begin with the execution's start.");
}
