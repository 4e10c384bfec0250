using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Reading;

internal sealed class CatalogReads(Connection connection)
{
    private readonly Statement _find = connection.Prepare(
        "SELECT version, value FROM lf_catalog WHERE kind = ?1 AND key = ?2");

    public CatalogEntry? Find(string kind, string key)
    {
        using var rows = _find.Bind(1, kind).Bind(2, key).Read();
        return rows.Next() ? new CatalogEntry(kind, key, rows.Int64(0), rows.Bytes(1)) : null;
    }

    // Two lower bounds would leave it to the planner which of them starts the scan; one is enough.
    private readonly Statement _listFrom = connection.Prepare(
        "SELECT key, version, value FROM lf_catalog WHERE kind = ?1 AND key >= ?2 ORDER BY key LIMIT ?3");

    private readonly Statement _listAfter = connection.Prepare(
        "SELECT key, version, value FROM lf_catalog WHERE kind = ?1 AND key > ?2 ORDER BY key LIMIT ?3");

    public IReadOnlyList<CatalogEntry> List(string kind, string keyPrefix, string? afterKey, int countMax)
    {
        var isAfter = afterKey is not null && string.CompareOrdinal(afterKey, keyPrefix) >= 0;
        var entries = new List<CatalogEntry>();
        using var rows = (isAfter ? _listAfter.Bind(2, afterKey) : _listFrom.Bind(2, keyPrefix))
            .Bind(1, kind).Bind(3, countMax).Read();
        while (rows.Next() && rows.Text(0) is var key && key.StartsWith(keyPrefix, StringComparison.Ordinal))
        {
            entries.Add(new CatalogEntry(kind, key, rows.Int64(1), rows.Bytes(2)));
        }

        return entries;
    }
}
