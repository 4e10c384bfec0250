using Lungfish.Engine.Storage;
using Lungfish.States.Journal;

namespace Lungfish.Engine.StateMachines;

/// <summary>Facts out of the segments that the store has.</summary>
internal static class JournalReading
{
    public static IEnumerable<Fact> Facts(StoredSegment segment)
    {
        var blobs = segment.Content.Blobs;
        return FactCodec.Decode(segment.Content.Segment.Span, id =>
        {
            foreach (var blob in blobs)
            {
                if (blob.Id == id)
                {
                    return blob.Content;
                }
            }

            throw new CorruptJournalException($"The payload {id.Hex} that the journal names is missing.");
        });
    }

    public static IEnumerable<HistoryEvent> Events(StoredSegment segment) => Facts(segment).OfType<HistoryEvent>();

    /// <summary>The input as the caller wrote it: it stands in the first event.</summary>
    public static string InputOf(IEnumerable<Fact> facts)
    {
        var started = facts.OfType<HistoryEvent>().FirstOrDefault();
        return started?.Details.InputText
            ?? throw new CorruptJournalException("The journal does not begin with the execution's start.");
    }
}
