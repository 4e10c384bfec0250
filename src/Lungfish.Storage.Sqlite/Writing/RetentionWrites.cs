using Lungfish.Engine.Faults;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Writing;

/// <summary>Removes what has been closed for long enough.</summary>
internal sealed class RetentionWrites(Connection connection)
{
    private readonly Statement _findClosed = connection.Prepare(
        """
        SELECT id FROM lf_execution INDEXED BY lf_execution_by_stop
        WHERE stopped_at < ?1 AND remove_at IS NULL ORDER BY stopped_at LIMIT ?2
        """);

    private readonly Statement _findDue = connection.Prepare(
        """
        SELECT id FROM lf_execution INDEXED BY lf_execution_by_removal
        WHERE remove_at <= ?1 ORDER BY remove_at LIMIT ?2
        """);

    private readonly Statement _removeJournal = connection.Prepare("DELETE FROM lf_journal WHERE execution = ?1");

    private readonly Statement _removeBlobs = connection.Prepare("DELETE FROM lf_blob WHERE execution = ?1");

    private readonly Statement _removeMapRuns = connection.Prepare("DELETE FROM lf_map_run WHERE execution = ?1");

    private readonly Statement _removeExecution = connection.Prepare("DELETE FROM lf_execution WHERE id = ?1");

    public int RemoveClosed(DateTimeOffset closedBefore, DateTimeOffset now, int countMax)
    {
        var ids = new List<Guid>();
        Find(_findDue, now, countMax, ids);
        Find(_findClosed, closedBefore, countMax - ids.Count, ids);

        foreach (var id in ids)
        {
            _removeJournal.Bind(1, id).Run();
            CrashPoints.Pass(CrashPoint.InRetention);
            _removeBlobs.Bind(1, id).Run();
            _removeMapRuns.Bind(1, id).Run();
            _removeExecution.Bind(1, id).Run();
        }

        return ids.Count;
    }

    private static void Find(Statement find, DateTimeOffset moment, int countMax, List<Guid> ids)
    {
        using var rows = find.Bind(1, moment).Bind(2, countMax).Read();
        while (rows.Next())
        {
            ids.Add(rows.Guid(0));
        }
    }
}
