using Lungfish.Engine.Faults;
using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Writing;

/// <summary>Entries of the catalog, each under its version.</summary>
internal sealed class CatalogWrites(Connection connection)
{
    private readonly Statement _version = connection.Prepare(
        "SELECT version FROM lf_catalog WHERE kind = ?1 AND key = ?2");

    private readonly Statement _put = connection.Prepare(
        """
        INSERT INTO lf_catalog (kind, key, version, value) VALUES (?1, ?2, 1, ?3)
        ON CONFLICT (kind, key) DO UPDATE SET version = version + 1, value = excluded.value
        """);

    private readonly Statement _remove = connection.Prepare("DELETE FROM lf_catalog WHERE kind = ?1 AND key = ?2");

    /// <exception cref="CatalogConflictException">One is not at the expected version; nothing was written.</exception>
    public void Write(IReadOnlyList<CatalogChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.ExpectedVersion is { } expected && VersionOf(change) != expected)
            {
                throw new CatalogConflictException(change.Kind, change.Key);
            }
        }

        foreach (var change in changes)
        {
            if (change.Value is { } value)
            {
                _put.Bind(1, change.Kind).Bind(2, change.Key).Bind(3, value.Span).Run();
            }
            else
            {
                _remove.Bind(1, change.Kind).Bind(2, change.Key).Run();
            }

            CrashPoints.Pass(CrashPoint.InCatalogWrite);
        }
    }

    private long VersionOf(CatalogChange change)
    {
        using var rows = _version.Bind(1, change.Kind).Bind(2, change.Key).Read();
        return rows.Next() ? rows.Int64(0) : 0;
    }
}
