using System.Collections.Immutable;
using Lungfish.Engine.Storage;
using Lungfish.Journal;
using Lungfish.States.Journal;

namespace Lungfish.Engine.StateMachines;

/// <summary>Facts out of the segments that the store has, and into those that it gets.</summary>
internal static class JournalReading
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

    /// <param name="lastEventId">That of the last event among the facts.</param>
    public static NewSegment SegmentOf(IReadOnlyList<Fact> facts, int sequence, long lastEventId)
    {
        var count = facts.Count(fact => fact is HistoryEvent);
        return new NewSegment(sequence, lastEventId - count + 1, count, FactCodec.Encode(facts));
    }

    public static IEnumerable<HistoryEvent> Events(IEnumerable<StoredSegment> journal) =>
        Facts(journal).OfType<HistoryEvent>();

    /// <summary>The input as the caller wrote it: it stands in the first event.</summary>
    public static string InputOf(IEnumerable<StoredSegment> journal) => InputOf(Facts(journal.Take(1)));

    public static string InputOf(IEnumerable<Fact> facts)
    {
        var started = facts.OfType<HistoryEvent>().FirstOrDefault();
        return started?.Details.InputText
            ?? throw new CorruptJournalException("The journal does not begin with the execution's start.");
    }
}
