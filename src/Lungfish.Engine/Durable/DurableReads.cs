using System.Globalization;
using System.Runtime.CompilerServices;
using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.Durable;

/// <summary>What the store tells of durable executions.</summary>
internal sealed class DurableReads(IStore store, PageTokens pages, CommitFeed feed)
{
    private readonly HistoryPages<HistoryEvent> _histories = new(store, DurableJournal.Events, e => e.EventId);

    /// <exception cref="ApiException">ResourceNotFoundException</exception>
    public async Task<ExecutionHeader> GetHeaderAsync(DurableArn arn, CancellationToken cancellationToken) =>
        await store.FindByNameAsync(arn.Key, cancellationToken) is { } header && header.Id == arn.Id
            ? header
            : throw DurableErrors.ExecutionNotFound(arn.Text);

    /// <summary>What its first event tells; nothing is folded.</summary>
    public Task<EventDetails> ReadStartAsync(ExecutionHeader header, CancellationToken cancellationToken) =>
        ReadAsync(
            DurableArn.Of(header.Key, header.Id.Uuid),
            async () => DurableJournal.StartOf(await store.ReadJournalAsync(header.Id, 1, 1, cancellationToken)));

    public async Task<DurableDescription> DescribeAsync(DurableArn arn, CancellationToken cancellationToken) =>
        await DescribeAsync(await GetHeaderAsync(arn, cancellationToken), cancellationToken);

    public async Task<DurableDescription> DescribeAsync(ExecutionHeader header, CancellationToken cancellationToken)
    {
        var start = await ReadStartAsync(header, cancellationToken);
        return new DurableDescription
        {
            Summary = Summarize(header),
            Version = header.Revision,
            Input = start.Payload,
            Result = DurableEnds.ResultOf(header),
            Error = DurableEnds.ErrorOf(header),
            ParentArn = start.Identity?.ParentArn,
        };
    }

    public Task<DurableExecution> FoldAsync(DurableArn arn, CancellationToken cancellationToken) => ReadAsync(
        arn,
        async () => await store.FindExecutionAsync(arn.Id, cancellationToken) is { } stored
            && stored.Header.Key == arn.Key
                ? DurableJournal.Fold(stored)
                : throw DurableErrors.ExecutionNotFound(arn.Text));

    public async Task<Page<DurableSummary>> ListAsync(DurableQuery query, CancellationToken cancellationToken)
    {
        var text = QueryText(query);
        var headers = await store.ListExecutionsAsync(
            new ExecutionQuery
            {
                Durable = new DurableFilter
                {
                    FunctionArn = query.FunctionArn,
                    Version = query.Version,
                    Name = query.Name,
                    Statuses = [.. query.Statuses.Select(DurableEnds.ToStored)],
                    StartedAfter = query.StartedAfter,
                    StartedBefore = query.StartedBefore,
                    OldestFirst = !query.Reverse,
                },
                After = query.Marker is { } marker
                    ? ListCursors.Read(pages.TryOpen(text, marker) ?? throw DurableErrors.InvalidMarker())
                    : null,
                CountMax = query.CountMax + 1,
            },
            cancellationToken);
        var next = headers.Count > query.CountMax
            ? pages.Make(text, ListCursors.Write(headers[query.CountMax - 1]))
            : null;
        return new Page<DurableSummary>([.. headers.Take(query.CountMax).Select(Summarize)], next);
    }

    public async Task<Page<HistoryEvent>> ReadHistoryAsync(
        DurableArn arn, int countMax, bool reverse, string? marker, CancellationToken cancellationToken)
    {
        var header = await GetHeaderAsync(arn, cancellationToken);
        var query = $"GetDurableExecutionHistory {header.Id.Uuid} {reverse}";
        var from = marker is null
            ? (long?)null
            : long.Parse(
                pages.TryOpen(query, marker) ?? throw DurableErrors.InvalidMarker(), CultureInfo.InvariantCulture);
        var (events, next) = await ReadAsync(
            arn, () => _histories.ReadAsync(header.Id, from, countMax, reverse, cancellationToken));
        return new Page<HistoryEvent>(
            events, next is { } id ? pages.Make(query, id.ToString(CultureInfo.InvariantCulture)) : null);
    }

    public async IAsyncEnumerable<HistoryEvent> FollowHistoryAsync(
        DurableArn arn, long afterEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const int PageSize = 1_000;
        using var follower = feed.Progress.Follow(arn.Id);
        var last = afterEventId;
        while (true)
        {
            // Asked before the reading: all that a closed execution has is then read below.
            var header = await GetHeaderAsync(arn, cancellationToken);
            IReadOnlyList<HistoryEvent> events;
            do
            {
                events = await ReadAsync(
                    arn, () => _histories.ReadRangeAsync(arn.Id, last + 1, last + PageSize, cancellationToken));
                foreach (var historyEvent in events)
                {
                    last = historyEvent.EventId;
                    yield return historyEvent;
                }
            }
            while (events.Count > 0);

            if (header.Status != ExecutionStatus.Running)
            {
                yield break;
            }

            await follower.WaitAsync(cancellationToken);
        }
    }

    private static async Task<T> ReadAsync<T>(DurableArn arn, Func<Task<T>> read)
    {
        try
        {
            return await JournalReads.OfAsync(arn.Text, read);
        }
        catch (ApiException e)
        {
            throw DurableErrors.Translate(e);
        }
    }

    public static DurableSummary Summarize(ExecutionHeader header) => new()
    {
        ExecutionArn = DurableArn.Of(header.Key, header.Id.Uuid).Text,
        Name = header.Key.Name,
        FunctionArn = header.Key.OwnerArn,
        Status = DurableEnds.FromStored(header.Status),
        StartedAt = header.StartedAt,
        EndedAt = header.StoppedAt,
    };

    /// <summary>All that must be the same when a marker comes back.</summary>
    private static string QueryText(DurableQuery query) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        ListDurableExecutions {query.FunctionArn}:{query.Version} {query.Name} {query.Reverse}
        {query.StartedAfter?.UtcTicks} {query.StartedBefore?.UtcTicks} {string.Join(',', query.Statuses)}
        """);
}
