using System.Collections.Immutable;
using System.Security.Cryptography;
using Lungfish.Engine.Checking;
using Lungfish.Engine.Storage;
using Lungfish.Journal;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Checking;

/// <summary>What belongs to executions, read beside the walk over them: segments, payloads, callbacks, map
/// runs.</summary>
internal sealed class ExecutionRead
{
    private readonly Action<Finding> _report;
    private readonly DataFileCounts _counts;
    private readonly RowsByExecution _journal;
    private readonly RowsByExecution _blobs;
    private readonly RowsByExecution _callbacks;
    private readonly RowsByExecution _mapRuns;
    private readonly Statement _findMapRun;
    private readonly Statement _countChildren;

    public ExecutionRead(Connection connection, DataFileCounts counts, Action<Finding> report)
    {
        _report = report;
        _counts = counts;
        _journal = Table(
            """
            SELECT execution, sequence, first_event, event_count, blobs, segment FROM lf_journal
            WHERE execution >= ?1 AND execution <= ?2 ORDER BY execution, sequence
            """,
            FindingKinds.JournalOrphan,
            "Its journal");
        _blobs = Table(
            """
            SELECT execution, sha256, content FROM lf_blob
            WHERE execution >= ?1 AND execution <= ?2 ORDER BY execution, sha256
            """,
            FindingKinds.JournalOrphan,
            "Payloads of its journal");
        _callbacks = Table(
            """
            SELECT execution, task, kind, state_name FROM lf_callback
            WHERE execution >= ?1 AND execution <= ?2 ORDER BY execution, task
            """,
            FindingKinds.CallbackExtra,
            "A callback of it");
        _mapRuns = Table(
            """
            SELECT execution, id, started_at, stopped_at, snapshot
            FROM lf_map_run INDEXED BY lf_map_run_by_execution
            WHERE execution >= ?1 AND execution <= ?2 ORDER BY execution, started_at, id
            """,
            FindingKinds.MapRunRow,
            "A map run of it");
        _findMapRun = connection.Prepare("SELECT 1 FROM lf_map_run WHERE id = ?1");
        _countChildren = connection.Prepare(
            "SELECT count(*) FROM lf_execution INDEXED BY lf_execution_by_map_run WHERE map_run = ?1");

        RowsByExecution Table(string sql, FindingKind kind, string what) =>
            new(connection.Prepare(sql), orphan => report(new Finding(
                kind, $"execution {RowsByExecution.ToGuid(orphan)}", $"{what} is there, and the execution is not.")));
    }

    public void Start(UInt128 first, UInt128 last)
    {
        foreach (var table in (ReadOnlySpan<RowsByExecution>)[_journal, _blobs, _callbacks, _mapRuns])
        {
            table.Start(first, last);
        }
    }

    public void Finish()
    {
        foreach (var table in (ReadOnlySpan<RowsByExecution>)[_journal, _blobs, _callbacks, _mapRuns])
        {
            table.Finish();
        }
    }

    public bool HasMapRun(Guid id)
    {
        using var rows = _findMapRun.Bind(1, id).Read();
        return rows.Next();
    }

    /// <returns>False if a payload is missing or damaged, which was told.</returns>
    public bool TryRead(
        StoredRow row,
        out List<StoredSegment> journal,
        out List<CallbackRow> callbacks,
        out List<MapRunRow> mapRuns)
    {
        var blobs = ReadBlobs(row, out var isWhole);
        journal = [];
        while (_journal.IsAt(row.Id))
        {
            if (ReadSegment(row, blobs) is { } segment)
            {
                journal.Add(segment);
            }
            else
            {
                isWhole = false;
            }

            _counts.Segments++;
            _journal.Step();
        }

        foreach (var (id, blob) in blobs)
        {
            if (!blob.IsNamed)
            {
                Report(row, FindingKinds.BlobUnreferenced, $"No segment of its journal names its payload {id.Hex}.");
            }
        }

        callbacks = [];
        while (_callbacks.IsAt(row.Id))
        {
            callbacks.Add(new(_callbacks.Row.Int64(1), _callbacks.Row.Text(2), _callbacks.Row.Text(3)));
            _callbacks.Step();
        }

        mapRuns = ReadMapRuns(row);
        return isWhole;
    }

    private Dictionary<BlobId, StoredBlob> ReadBlobs(StoredRow row, out bool isWhole)
    {
        var blobs = new Dictionary<BlobId, StoredBlob>();
        isWhole = true;
        while (_blobs.IsAt(row.Id))
        {
            var id = new BlobId(Convert.ToHexStringLower(_blobs.Row.Bytes(1)));
            var content = _blobs.Row.Bytes(2);
            if (Convert.ToHexStringLower(SHA256.HashData(content)) != id.Hex)
            {
                Report(row, FindingKinds.BlobDamaged, $"Its payload {id.Hex} has another content.");
                isWhole = false;
            }

            blobs[id] = new StoredBlob(content);
            _blobs.Step();
        }

        return blobs;
    }

    private StoredSegment? ReadSegment(StoredRow row, Dictionary<BlobId, StoredBlob> blobs)
    {
        var (sequence, first, count) = (_journal.Row.Int64(1), _journal.Row.Int64(2), _journal.Row.Int64(3));
        if (sequence is < 0 or > int.MaxValue || count is < 0 or > int.MaxValue)
        {
            Report(row, FindingKinds.SegmentGap, $"Its journal has a segment {sequence} with {count} events.");
            return null;
        }

        var named = ImmutableArray.CreateBuilder<Blob>();
        foreach (var hash in (_journal.Row.BytesOrNull(4) ?? default).ToArray().Chunk(BlobNames.HashBytes))
        {
            var id = new BlobId(Convert.ToHexStringLower(hash));
            if (!blobs.TryGetValue(id, out var blob))
            {
                Report(
                    row,
                    FindingKinds.BlobMissing,
                    $"Segment {sequence} of its journal names payload {id.Hex}, which is not there.");
                return null;
            }

            blob.IsNamed = true;
            named.Add(new Blob(id, blob.Content));
        }

        return new StoredSegment(
            (int)sequence, first, (int)count, new JournalSegment(_journal.Row.Bytes(5), named.ToImmutable()));
    }

    private List<MapRunRow> ReadMapRuns(StoredRow row)
    {
        var runs = new List<MapRunRow>();
        while (_mapRuns.IsAt(row.Id))
        {
            var table = _mapRuns.Row;
            var run = new StoredMapRun(
                table.Guid(1),
                RowsByExecution.ToGuid(row.Id),
                table.Instant(2),
                table.InstantOrNull(3),
                table.Bytes(4));
            using (var children = _countChildren.Bind(1, run.Id).Read())
            {
                _ = children.Next();
                runs.Add(new MapRunRow(run, children.Int64(0)));
            }

            _mapRuns.Step();
        }

        return runs;
    }

    private void Report(StoredRow row, FindingKind kind, string problem) =>
        _report(new Finding(
            kind, row.FindProblem() is null ? ExecutionCheck.ArnOf(row.Header()) : row.Subject, problem));

    private sealed class StoredBlob(byte[] content)
    {
        public byte[] Content { get; } = content;

        public bool IsNamed { get; set; }
    }
}
