using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Writing;

/// <summary>Map runs, as they were when they started or ended.</summary>
internal sealed class MapRunWrites(Connection connection)
{
    private readonly Statement _put = connection.Prepare(
        """
        INSERT INTO lf_map_run (id, execution, started_at, stopped_at, snapshot) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO UPDATE SET stopped_at = excluded.stopped_at, snapshot = excluded.snapshot
        """);

    public void Put(StoredMapRun run) =>
        _put.Bind(1, run.Id).Bind(2, run.Execution).Bind(3, run.StartedAt).Bind(4, run.StoppedAt)
            .Bind(5, run.Snapshot).Run();
}
