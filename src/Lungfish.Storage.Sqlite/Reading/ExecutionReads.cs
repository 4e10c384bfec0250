using System.Collections.Immutable;
using System.Security.Cryptography;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Journal;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Reading;

/// <summary>Single executions and their journals. What is read is checked against what must have been
/// written.</summary>
internal sealed class ExecutionReads(Connection connection, MachineReads machines)
{
    private readonly Statement _find = connection.Prepare(
        """
        SELECT e.id, e.slot, m.arn, e.name, e.revision, e.state, e.started_at, e.stopped_at, e.error, e.cause, e.output,
            e.map_run, e.item_count
        FROM lf_execution e JOIN lf_machine m ON m.id = e.machine
        WHERE e.id = ?1
        """);

    public StoredExecution? Find(ExecutionId id)
    {
        using var rows = _find.Bind(1, id.Uuid).Read();
        if (!rows.Next() || Header(rows) is not { } header || header.Id != id)
        {
            return null;
        }

        try
        {
            return new StoredExecution(header, ReadWholeJournal(id));
        }
        catch (CorruptJournalException e)
        {
            throw new UnreadableExecutionException(header.Key, e);
        }
    }

    private readonly Statement _findByName = connection.Prepare(
        """
        SELECT e.id, e.slot, m.arn, e.name, e.revision, e.state, e.started_at, e.stopped_at, e.error, e.cause, e.output,
            e.map_run, e.item_count
        FROM lf_execution e JOIN lf_machine m ON m.id = e.machine
        WHERE e.machine = ?1 AND e.name = ?2
        """);

    public ExecutionHeader? FindByName(ExecutionKey key)
    {
        if (machines.Find(key.OwnerArn) is not { } machine)
        {
            return null;
        }

        using var rows = _findByName.Bind(1, machine).Bind(2, key.Name).Read();
        return rows.Next() ? Header(rows) : null;
    }

    private static ExecutionHeader Header(Rows rows) => new()
    {
        Id = new ExecutionId(new Slot(checked((short)rows.Int64(1))), rows.Guid(0)),
        Key = new ExecutionKey(rows.Text(2), rows.Text(3)),
        Revision = rows.Text(4),
        Status = ExecutionState.ToStatus(rows.Int32(5)),
        StartedAt = rows.Instant(6),
        StoppedAt = rows.InstantOrNull(7),
        Error = rows.TextOrNull(8),
        Cause = rows.TextOrNull(9),
        Output = rows.BytesOrNull(10),
        Child = rows.IsNull(11) ? null : new MapRunChild(rows.Guid(11), rows.Int32(12)),
    };

    private readonly Statement _readJournal = connection.Prepare(
        """
        SELECT sequence, first_event, event_count, blobs, segment FROM lf_journal
        WHERE execution = ?1 ORDER BY sequence
        """);

    private ImmutableArray<StoredSegment> ReadWholeJournal(ExecutionId id)
    {
        var segments = ImmutableArray.CreateBuilder<StoredSegment>();
        var blobs = new Dictionary<BlobId, Blob>();
        using var rows = _readJournal.Bind(1, id.Uuid).Read();
        while (rows.Next())
        {
            var segment = Segment(id, rows, blobs);
            if (segment.Sequence != segments.Count)
            {
                throw new CorruptJournalException(
                    $"The journal of execution {id.Uuid} has segment {segment.Sequence} in place of {segments.Count}.");
            }

            segments.Add(segment);
        }

        return segments.DrainToImmutable();
    }

    private readonly Statement _readEvents = connection.Prepare(
        """
        SELECT sequence, first_event, event_count, blobs, segment FROM lf_journal
        WHERE execution = ?1 AND sequence >= ?2 AND event_count > 0 ORDER BY sequence
        """);

    public IReadOnlyList<StoredSegment> ReadEvents(ExecutionId id, long firstEventId, long lastEventId)
    {
        var segments = new List<StoredSegment>();
        var blobs = new Dictionary<BlobId, Blob>();
        using var rows = _readEvents.Bind(1, id.Uuid).Bind(2, FindSegment(id, firstEventId)).Read();
        while (rows.Next() && rows.Int64(1) <= lastEventId)
        {
            if (rows.Int64(1) + rows.Int64(2) <= firstEventId)
            {
                continue;
            }

            var segment = Segment(id, rows, blobs);
            if (segments.Count > 0 && segments[^1].FirstEventId + segments[^1].EventCount != segment.FirstEventId)
            {
                throw new CorruptJournalException(
                    $"The journal of execution {id.Uuid} lacks events before event {segment.FirstEventId}.");
            }

            segments.Add(segment);
        }

        return segments;
    }

    private readonly Statement _readPlace = connection.Prepare(
        "SELECT first_event FROM lf_journal WHERE execution = ?1 AND sequence = ?2");

    private readonly Statement _readLastSequence = connection.Prepare(
        "SELECT max(sequence) FROM lf_journal WHERE execution = ?1");

    /// <summary>The last segment that begins before or with the event: a page of a long history costs a page.</summary>
    private long FindSegment(ExecutionId id, long eventId)
    {
        var low = 0L;
        var high = LastSequence(id);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            using var rows = _readPlace.Bind(1, id.Uuid).Bind(2, middle).Read();
            if (!rows.Next())
            {
                return 0; // A segment is missing: who reads them one after the other will say so.
            }

            if (rows.Int64(0) <= eventId)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    private long LastSequence(ExecutionId id)
    {
        using var rows = _readLastSequence.Bind(1, id.Uuid).Read();
        return rows.Next() && !rows.IsNull(0) ? rows.Int64(0) : 0;
    }

    private readonly Statement _readLastEvent = connection.Prepare(
        """
        SELECT first_event + event_count - 1 FROM lf_journal
        WHERE execution = ?1 AND event_count > 0 ORDER BY sequence DESC LIMIT 1
        """);

    public long FindLastEventId(ExecutionId id)
    {
        using var rows = _readLastEvent.Bind(1, id.Uuid).Read();
        return rows.Next() ? rows.Int64(0) : 0;
    }

    /// <param name="known">The payloads that the segments before it name: many name the same, which is read and kept
    /// once.</param>
    private StoredSegment Segment(ExecutionId id, Rows rows, Dictionary<BlobId, Blob> known) => new(
        rows.Int32(0), rows.Int64(1), rows.Int32(2),
        new JournalSegment(rows.Bytes(4), rows.IsNull(3) ? [] : ReadBlobs(id, rows.Bytes(3), known)));

    private ImmutableArray<Blob> ReadBlobs(ExecutionId id, byte[] names, Dictionary<BlobId, Blob> known)
    {
        var blobs = ImmutableArray.CreateBuilder<Blob>(names.Length / BlobNames.HashBytes);
        for (var start = 0; start < names.Length; start += BlobNames.HashBytes)
        {
            var hash = names.AsSpan(start, BlobNames.HashBytes);
            var blobId = new BlobId(Convert.ToHexStringLower(hash));
            if (!known.TryGetValue(blobId, out var blob))
            {
                known.Add(blobId, blob = new Blob(blobId, ReadBlob(id, hash)));
            }

            blobs.Add(blob);
        }

        return blobs.DrainToImmutable();
    }

    private readonly Statement _readBlob = connection.Prepare(
        "SELECT content FROM lf_blob WHERE execution = ?1 AND sha256 = ?2");

    private byte[] ReadBlob(ExecutionId id, ReadOnlySpan<byte> hash)
    {
        using var rows = _readBlob.Bind(1, id.Uuid).Bind(2, hash).Read();
        return rows.Next() && rows.Bytes(0) is var content && SHA256.HashData(content).AsSpan().SequenceEqual(hash)
            ? content
            : throw new CorruptJournalException(
                $"Payload {Convert.ToHexStringLower(hash)} of execution {id.Uuid} is missing or damaged.");
    }
}
