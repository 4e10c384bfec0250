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
        return rows.Next() && Header(rows) is var header && header.Id == id
            ? new StoredExecution(header, ReadWholeJournal(id))
            : null;
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
        using var rows = _readJournal.Bind(1, id.Uuid).Read();
        while (rows.Next())
        {
            var segment = Segment(id, rows);
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
        WHERE execution = ?1 AND event_count > 0 AND first_event <= ?3 AND first_event + event_count > ?2
        ORDER BY sequence
        """);

    public IReadOnlyList<StoredSegment> ReadEvents(ExecutionId id, long firstEventId, long lastEventId)
    {
        var segments = new List<StoredSegment>();
        using var rows = _readEvents.Bind(1, id.Uuid).Bind(2, firstEventId).Bind(3, lastEventId).Read();
        while (rows.Next())
        {
            var segment = Segment(id, rows);
            if (segments.Count > 0 && segments[^1].FirstEventId + segments[^1].EventCount != segment.FirstEventId)
            {
                throw new CorruptJournalException(
                    $"The journal of execution {id.Uuid} lacks events before event {segment.FirstEventId}.");
            }

            segments.Add(segment);
        }

        return segments;
    }

    private StoredSegment Segment(ExecutionId id, Rows rows) => new(
        rows.Int32(0), rows.Int64(1), rows.Int32(2),
        new JournalSegment(rows.Bytes(4), rows.IsNull(3) ? [] : ReadBlobs(id, rows.Bytes(3))));

    private ImmutableArray<Blob> ReadBlobs(ExecutionId id, byte[] names)
    {
        var blobs = ImmutableArray.CreateBuilder<Blob>(names.Length / BlobNames.HashBytes);
        for (var start = 0; start < names.Length; start += BlobNames.HashBytes)
        {
            blobs.Add(ReadBlob(id, names.AsSpan(start, BlobNames.HashBytes)));
        }

        return blobs.DrainToImmutable();
    }

    private readonly Statement _readBlob = connection.Prepare(
        "SELECT content FROM lf_blob WHERE execution = ?1 AND sha256 = ?2");

    private Blob ReadBlob(ExecutionId id, ReadOnlySpan<byte> hash)
    {
        var blobId = new BlobId(Convert.ToHexStringLower(hash));
        using var rows = _readBlob.Bind(1, id.Uuid).Bind(2, hash).Read();
        if (rows.Next() && rows.Bytes(0) is var content && SHA256.HashData(content).AsSpan().SequenceEqual(hash))
        {
            return new Blob(blobId, content);
        }

        throw new CorruptJournalException($"Payload {blobId.Hex} of execution {id.Uuid} is missing or damaged.");
    }
}
