using System.Collections.Immutable;
using Lungfish.Engine.Storage;
using Lungfish.Journal;

namespace Lungfish.Engine.Checking;

/// <summary>What every journal must be, whatever executes: segments without gap or duplicate, events numbered from 1,
/// each segment's row telling what is in it.</summary>
internal static class JournalCheck
{
    /// <summary>The facts of the segments that are whole, up to the first that is not.</summary>
    /// <param name="idOf">The id of a fact that is an event; null for others.</param>
    /// <returns>False if something is missing, so that a fold would tell nothing.</returns>
    public static bool TryRead<TFact>(
        IReadOnlyList<StoredSegment> journal,
        Func<StoredSegment, PayloadCache, ImmutableArray<TFact>> decode,
        Func<TFact, long?> idOf,
        FindingList findings,
        out List<TFact> facts)
    {
        facts = [];
        var payloads = new PayloadCache();
        var lastEvent = 0L;
        for (var i = 0; i < journal.Count; i++)
        {
            var segment = journal[i];
            if (segment.Sequence != i)
            {
                findings.Add(
                    FindingKinds.SegmentGap, $"Its journal has segment {segment.Sequence} in the place of {i}.");
                return false;
            }

            if (Decode(segment, payloads, decode, findings) is not { } decoded)
            {
                return false;
            }

            if (!CheckEvents(segment, decoded, idOf, findings, ref lastEvent))
            {
                return false;
            }

            facts.AddRange(decoded);
        }

        return true;
    }

    private static ImmutableArray<TFact>? Decode<TFact>(
        StoredSegment segment,
        PayloadCache payloads,
        Func<StoredSegment, PayloadCache, ImmutableArray<TFact>> decode,
        FindingList findings)
    {
        try
        {
            return decode(segment, payloads);
        }
        catch (CorruptJournalException e)
        {
            findings.Add(FindingKinds.SegmentDamaged, $"Segment {segment.Sequence} of its journal: {e.Message}");
            return null;
        }
    }

    private static bool CheckEvents<TFact>(
        StoredSegment segment,
        ImmutableArray<TFact> facts,
        Func<TFact, long?> idOf,
        FindingList findings,
        ref long lastEvent)
    {
        var count = 0;
        var first = lastEvent + 1;
        foreach (var fact in facts)
        {
            if (idOf(fact) is not { } id)
            {
                continue;
            }

            count++;
            if (id != lastEvent + 1)
            {
                findings.Add(
                    FindingKinds.EventIds,
                    $"Event {id} follows event {lastEvent} in segment {segment.Sequence} of its journal.");
                return false;
            }

            lastEvent = id;
        }

        if (segment.FirstEventId == first && segment.EventCount == count)
        {
            return true;
        }

        findings.Add(
            FindingKinds.EventIds,
            $"The number of events in segment {segment.Sequence} is {count}, from event {first} on; its row says "
            + $"{segment.EventCount}, from event {segment.FirstEventId} on.");
        return false;
    }
}
