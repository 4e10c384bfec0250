using System.Globalization;
using Lungfish.Engine.Checking;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Checking;

/// <summary>All checks of one file, one after the other; damage that ends one of them does not keep others from
/// looking.</summary>
internal sealed class DataFileCheck(
    Connection connection, DataFile file, DataFileCheckOptions options, Action<Finding> report)
{
    private readonly string _name = Path.GetFileName(file.Path);
    private readonly DataFileCounts _counts = new();

    public DataFileCounts Run(
        Func<CatalogEntry, IEnumerable<Finding>> checkCatalog, CancellationToken cancellationToken)
    {
        Attempt(CheckPages);
        Attempt(() => SchemaCheck.Run(connection, problem => Report(FindingKinds.FileSchema, problem)));
        Attempt(CheckPartitions);
        Attempt(() => CheckCatalog(checkCatalog, cancellationToken));
        Attempt(() => new ExecutionWalk(connection, file, _counts, report).Run(options.SampleCount, cancellationToken));
        return _counts;
    }

    private void Attempt(Action check)
    {
        try
        {
            check();
        }
        catch (SqliteException e)
        {
            Report(FindingKinds.FileDamaged, $"It could not be read to its end: {e.Message}.");
            if (connection.InTransaction)
            {
                connection.Execute("ROLLBACK");
            }
        }
    }

    private void Report(FindingKind kind, string problem) => report(new Finding(kind, _name, problem));

    /// <summary>SQLite's own check: the form of each page, and, unless it is to be quick, that indexes and tables hold
    /// the same.</summary>
    private void CheckPages()
    {
        using var rows = connection.Prepare(
            options.Quick ? "PRAGMA quick_check(100)" : "PRAGMA integrity_check(100)").Read();
        while (rows.Next())
        {
            if (rows.Text(0) is var line && line != "ok")
            {
                Report(FindingKinds.FileDamaged, $"SQLite says: {line}.");
            }
        }
    }

    private void CheckPartitions()
    {
        using var rows = connection.Prepare(
            "SELECT id, slot_first, slot_end, epoch, commit_seq FROM lf_partition ORDER BY slot_first").Read();
        var owned = 0L; // Slots below this have an owner.
        var count = 0;
        while (rows.Next())
        {
            count++;
            var (id, first, end) = (rows.Int64(0), rows.Int64(1), rows.Int64(2));
            if (first < 0 || end <= first || end > Slot.Count || rows.Int64(3) < 1 || rows.Int64(4) < 0)
            {
                Report(
                    FindingKinds.Partition,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Partition {id} has slots {first} to {end}, epoch {rows.Int64(3)}, commit {rows.Int64(4)}."));
            }

            if (first > owned)
            {
                Report(FindingKinds.Partition, $"No partition has the slots {owned} to {first}.");
            }

            owned = Math.Max(owned, end);
        }

        if (count > 0 && owned < Slot.Count)
        {
            Report(FindingKinds.Partition, $"No partition has the slots {owned} to {Slot.Count}.");
        }
    }

    private void CheckCatalog(
        Func<CatalogEntry, IEnumerable<Finding>> checkCatalog, CancellationToken cancellationToken)
    {
        const int PageSize = 100;
        var read = connection.Prepare(
            """
            SELECT kind, key, version, value FROM lf_catalog
            WHERE (kind, key) > (?1, ?2) ORDER BY kind, key LIMIT ?3
            """);
        var (kind, key) = ("", "");
        while (true)
        {
            var page = new List<CatalogEntry>();
            using (var rows = read.Bind(1, kind).Bind(2, key).Bind(3, PageSize).Read())
            {
                while (rows.Next())
                {
                    page.Add(new CatalogEntry(rows.Text(0), rows.Text(1), rows.Int64(2), rows.Bytes(3)));
                }
            }

            foreach (var entry in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _counts.CatalogEntries++;
                foreach (var finding in checkCatalog(entry))
                {
                    report(finding);
                }
            }

            if (page.Count < PageSize)
            {
                return;
            }

            (kind, key) = (page[^1].Kind, page[^1].Key);
        }
    }
}
