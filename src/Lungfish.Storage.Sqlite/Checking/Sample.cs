using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Checking;

/// <summary>Which executions are looked at when not all are: half of them the newest, where a crash leaves its traces,
/// the others spread evenly over the time in which executions were started.</summary>
internal static class Sample
{
    public static SortedSet<UInt128> Choose(Connection connection, int count)
    {
        var chosen = new SortedSet<UInt128>();
        using (var rows = connection.Prepare("SELECT id FROM lf_execution ORDER BY id DESC LIMIT ?1")
            .Bind(1, Math.Max(1, count / 2)).Read())
        {
            while (rows.Next())
            {
                _ = chosen.Add(RowsByExecution.ReadKey(rows.Bytes(0)));
            }
        }

        if (chosen.Count == 0)
        {
            return chosen;
        }

        var next = connection.Prepare("SELECT id FROM lf_execution WHERE id >= ?1 ORDER BY id LIMIT 1");
        var first = Next(next, UInt128.Zero) ?? chosen.Min;
        var step = (chosen.Max - first) / (UInt128)Math.Max(1, count);
        for (var at = first; chosen.Count < count && at <= chosen.Max && step > 0; at += step)
        {
            if (Next(next, at) is { } found)
            {
                _ = chosen.Add(found);
            }
        }

        return chosen;
    }

    private static UInt128? Next(Statement next, UInt128 from)
    {
        RowsByExecution.Bind(next, 1, from);
        using var rows = next.Read();
        return rows.Next() ? RowsByExecution.ReadKey(rows.Bytes(0)) : null;
    }
}
