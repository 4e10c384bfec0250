using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Partitions;

/// <summary>Histories as the store has them, page by page in either direction.</summary>
internal sealed class HistoryPages<TEvent>(
    IStore store, Func<IEnumerable<StoredSegment>, IEnumerable<TEvent>> eventsIn, Func<TEvent, long> idOf)
{
    /// <param name="from">The id of the first event of the page; null: from the oldest, or the newest.</param>
    /// <returns>The events, and the id to go on from; null on the last page.</returns>
    public async Task<(IReadOnlyList<TEvent> Events, long? Next)> ReadAsync(
        ExecutionId id, long? from, int countMax, bool reverse, CancellationToken cancellationToken)
    {
        if (reverse)
        {
            from ??= await store.FindLastEventIdAsync(id, cancellationToken);
        }

        var segments = reverse
            ? await store.ReadJournalAsync(
                id, Math.Max(1, (from ?? 1) - countMax), from ?? long.MaxValue, cancellationToken)
            : await store.ReadJournalAsync(id, from ?? 1, Saturate(from ?? 1, countMax), cancellationToken);
        var last = segments.Count == 0 ? 0 : segments[^1].FirstEventId + segments[^1].EventCount - 1;
        var newest = Math.Min(from ?? long.MaxValue, last);
        var (low, high) = reverse
            ? (Math.Max(1, newest - countMax + 1), newest)
            : (from ?? 1, Math.Min(last, Saturate(from ?? 1, countMax - 1)));
        var events = EventsOf(segments, low, high).ToList();
        if (reverse)
        {
            events.Reverse();
        }

        var next = reverse ? low - 1 : high + 1;
        var hasMore = reverse ? next >= 1 : next <= last;
        return (events, hasMore ? next : null);
    }

    public async Task<IReadOnlyList<TEvent>> ReadRangeAsync(
        ExecutionId id, long first, long last, CancellationToken cancellationToken) =>
        [.. EventsOf(await store.ReadJournalAsync(id, first, last, cancellationToken), first, last)];

    private IEnumerable<TEvent> EventsOf(IEnumerable<StoredSegment> segments, long low, long high) => eventsIn(segments
        .Where(segment => segment.FirstEventId <= high && segment.FirstEventId + segment.EventCount > low))
        .Where(e => idOf(e) >= low && idOf(e) <= high);

    private static long Saturate(long first, long count) =>
        first > long.MaxValue - count ? long.MaxValue : first + count;
}
