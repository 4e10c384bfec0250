using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.States.Journal;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Writing;

/// <summary>Segments of journals, and the payloads beside them.</summary>
internal sealed class JournalWrites(Connection connection)
{
    // The first segment needs its execution, each other one its predecessor: a journal has no gaps.
    private readonly Statement _append = connection.Prepare(
        """
        INSERT INTO lf_journal (execution, sequence, first_event, event_count, blobs, segment)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6
        WHERE EXISTS (SELECT 1 FROM lf_journal WHERE execution = ?1 AND sequence = ?2 - 1)
           OR ?2 = 0 AND EXISTS (SELECT 1 FROM lf_execution WHERE id = ?1)
        """);

    public void Append(ExecutionId id, NewSegment segment)
    {
        var blobs = segment.Content.Blobs;
        _append.Bind(1, id.Uuid).Bind(2, segment.Sequence).Bind(3, segment.FirstEventId).Bind(4, segment.EventCount)
            .Bind(6, segment.Content.Segment.Span);
        if (blobs.IsDefaultOrEmpty)
        {
            _append.BindNull(5);
        }
        else
        {
            _append.Bind(5, BlobNames.Join(blobs));
        }

        if (_append.Run() != 1)
        {
            throw new InvalidOperationException(
                $"Execution {id.Uuid} has no segment before number {segment.Sequence} of its journal.");
        }

        if (!blobs.IsDefaultOrEmpty)
        {
            foreach (var blob in blobs)
            {
                Add(id, blob);
            }
        }
    }

    private readonly Statement _addBlob = connection.Prepare(
        "INSERT INTO lf_blob (execution, sha256, content) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");

    private void Add(ExecutionId id, Blob blob) =>
        _addBlob.Bind(1, id.Uuid).Bind(2, Convert.FromHexString(blob.Id.Hex)).Bind(3, blob.Content.Span).Run();
}
