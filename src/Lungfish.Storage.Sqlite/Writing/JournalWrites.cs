using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Journal;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Writing;

/// <summary>Segments of journals, and the payloads beside them.</summary>
internal sealed class JournalWrites(Connection connection)
{
    private readonly Statement _append = connection.Prepare(
        """
        INSERT INTO lf_journal (execution, sequence, first_event, event_count, blobs, segment)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        """);

    /// <param name="id">Whose journal it is.</param>
    /// <param name="segment">What is added to it.</param>
    /// <param name="isBorn">Its execution was written just before.</param>
    public void Append(ExecutionId id, NewSegment segment, bool isBorn)
    {
        if (!isBorn || segment.Sequence != 0)
        {
            CheckPlace(id, segment.Sequence);
        }

        var blobs = segment.Content.Blobs;
        _append.Bind(1, id.Uuid).Bind(2, segment.Sequence).Bind(3, segment.FirstEventId).Bind(4, segment.EventCount)
            .Bind(6, segment.Content.Segment.Span);
        if (blobs.IsDefaultOrEmpty)
        {
            _append.BindNull(5).Run();
            return;
        }

        _append.Bind(5, BlobNames.Join(blobs)).Run();
        foreach (var blob in blobs)
        {
            Add(id, blob);
        }
    }

    // A statement of its own: within the INSERT it would read the table that is written, for which SQLite makes a
    // temporary table each time.
    private readonly Statement _findSegment = connection.Prepare(
        "SELECT 1 FROM lf_journal WHERE execution = ?1 AND sequence = ?2");

    private readonly Statement _findExecution = connection.Prepare("SELECT 1 FROM lf_execution WHERE id = ?1");

    /// <summary>The first segment needs its execution, each other one its predecessor: a journal has no gaps.</summary>
    private void CheckPlace(ExecutionId id, int sequence)
    {
        using var rows = sequence == 0
            ? _findExecution.Bind(1, id.Uuid).Read()
            : _findSegment.Bind(1, id.Uuid).Bind(2, sequence - 1).Read();
        if (!rows.Next())
        {
            throw new InvalidOperationException(
                $"Segment {sequence} of the journal of execution {id.Uuid} has nothing that it follows.");
        }
    }

    private readonly Statement _addBlob = connection.Prepare(
        "INSERT INTO lf_blob (execution, sha256, content) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");

    private void Add(ExecutionId id, Blob blob) =>
        _addBlob.Bind(1, id.Uuid).Bind(2, Convert.FromHexString(blob.Id.Hex)).Bind(3, blob.Content.Span).Run();
}
