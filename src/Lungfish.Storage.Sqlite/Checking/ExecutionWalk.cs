using Lungfish.Engine.Checking;
using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Checking;

/// <summary>Goes over all executions in the order of their ids, and beside them over all that belongs to
/// executions.</summary>
/// <remarks>Some at a time, each time as of one commit: rows that were committed together are seen together, and the
/// server's log is held up for no longer than that takes.</remarks>
internal sealed class ExecutionWalk
{
    private const int CountAtOnce = 64;

    private readonly Connection _connection;
    private readonly Action<Finding> _report;
    private readonly DataFileCounts _counts;
    private readonly ExecutionRead _read;
    private readonly ExecutionCheck _check;
    private readonly Statement _begin;
    private readonly Statement _end;
    private readonly Statement _executions;
    private readonly Statement _named;

    public ExecutionWalk(Connection connection, DataFile file, DataFileCounts counts, Action<Finding> report)
    {
        _connection = connection;
        _report = report;
        _counts = counts;
        _read = new ExecutionRead(connection, counts, report);
        _check = new ExecutionCheck(file.FindCatalog);
        _begin = connection.Prepare("BEGIN");
        _end = connection.Prepare("COMMIT");
        _executions = connection.Prepare(StoredRow.Select);
        _named = connection.Prepare("SELECT id FROM lf_execution WHERE machine = ?1 AND name = ?2");
    }

    /// <param name="sampleCount">Null: all.</param>
    public void Run(int? sampleCount, CancellationToken cancellationToken)
    {
        if (sampleCount is { } count)
        {
            foreach (var id in Sample.Choose(_connection, count))
            {
                cancellationToken.ThrowIfCancellationRequested();
                _ = CheckSome(id, id);
            }

            return;
        }

        UInt128? next = UInt128.Zero;
        while (next is { } first)
        {
            cancellationToken.ThrowIfCancellationRequested();
            next = CheckSome(first, UInt128.MaxValue);
        }
    }

    /// <returns>Where to go on, or null at the end.</returns>
    private UInt128? CheckSome(UInt128 first, UInt128 last)
    {
        _begin.Run();
        try
        {
            var rows = ReadRows(first, last);
            var isLast = rows.Count < CountAtOnce;
            var end = isLast ? last : rows[^1].Id;
            _read.Start(first, end);
            foreach (var row in rows)
            {
                Check(row);
            }

            _read.Finish();
            return isLast || end == UInt128.MaxValue ? null : end + 1;
        }
        finally
        {
            if (_connection.InTransaction)
            {
                _end.Run();
            }
        }
    }

    private List<StoredRow> ReadRows(UInt128 first, UInt128 last)
    {
        RowsByExecution.Bind(_executions, 1, first);
        RowsByExecution.Bind(_executions, 2, last);
        using var rows = _executions.Bind(3, CountAtOnce).Read();
        var found = new List<StoredRow>();
        while (rows.Next())
        {
            found.Add(StoredRow.Read(rows));
        }

        return found;
    }

    private void Check(StoredRow row)
    {
        _counts.Executions++;
        var isReadable = _read.TryRead(row, out var journal, out var callbacks, out var mapRuns);
        if (row.FindProblem() is { } problem)
        {
            _report(new Finding(FindingKinds.RowForm, row.Subject, problem));
            return;
        }

        var header = row.Header();
        var arn = ExecutionCheck.ArnOf(header);
        CheckIndexed(row, header, arn);
        CheckParent(row, arn);
        if (!isReadable)
        {
            return; // What is missing or damaged was told.
        }

        foreach (var finding in _check.Check(new ExecutionRows
        {
            Header = header,
            Rest = row.Rest(),
            Journal = journal,
            Callbacks = callbacks,
            MapRuns = mapRuns,
        }))
        {
            _report(finding);
        }
    }

    private void CheckIndexed(StoredRow row, ExecutionHeader header, string arn)
    {
        if (row.Kind != (int)header.Key.Kind)
        {
            _report(new Finding(
                FindingKinds.RowKind, arn, $"It is stored as kind {row.Kind}, and is of kind {header.Key.Kind}."));
        }

        using var rows = _named.Bind(1, row.Machine).Bind(2, row.Name).Read();
        if (!rows.Next() || RowsByExecution.ReadKey(rows.Bytes(0)) != row.Id || rows.Next())
        {
            _report(new Finding(FindingKinds.RowName, arn, "Its name leads to another execution, or to none."));
        }

        if (row.State < ExecutionState.FirstClosed
            && (row.StoppedAt, row.Output, row.Error, row.Cause, row.RemoveAt) is not (null, null, null, null, null))
        {
            _report(new Finding(FindingKinds.RowResult, arn, "It is open, and its row says how it has ended."));
        }
    }

    /// <summary>A child that has closed may outlive its parent for a while.</summary>
    private void CheckParent(StoredRow row, string arn)
    {
        if (row.MapRun is { } mapRun && row.State < ExecutionState.FirstClosed && !_read.HasMapRun(mapRun))
        {
            _report(new Finding(
                FindingKinds.MapRunRow, arn, $"It is a child of map run {mapRun}, and there is no such map run."));
        }
    }
}
