using Lungfish.Storage.Sqlite.Native;
using Lungfish.Storage.Sqlite.Schema;

namespace Lungfish.Storage.Sqlite.Checking;

/// <summary>Compares tables and indexes with those that the schema scripts make.</summary>
internal static class SchemaCheck
{
    private const string Shape =
        """
        SELECT m.type || ' ' || m.name,
            CASE m.type
                WHEN 'table' THEN (
                    SELECT group_concat(c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk, ', ')
                    FROM pragma_table_info(m.name) c)
                ELSE (SELECT group_concat(coalesce(i.name, '?'), ', ') FROM pragma_index_info(m.name) i)
            END
        FROM sqlite_schema m
        WHERE m.name NOT LIKE 'sqlite!_%' ESCAPE '!'
        ORDER BY 1
        """;

    public static void Run(Connection connection, Action<string> report)
    {
        var found = Read(connection);
        var expected = Expected();
        foreach (var (name, shape) in expected)
        {
            if (!found.TryGetValue(name, out var actual))
            {
                report($"The {name} is not there.");
            }
            else if (actual != shape)
            {
                report($"The {name} has the columns {actual} in place of {shape}.");
            }
        }

        foreach (var name in found.Keys.Except(expected.Keys))
        {
            report($"The {name} is not one of Lungfish's.");
        }
    }

    private static SortedDictionary<string, string> Expected()
    {
        using var connection = Connection.OpenReadWrite(":memory:");
        SchemaMigration.Apply(connection, 0);
        return Read(connection);
    }

    private static SortedDictionary<string, string> Read(Connection connection)
    {
        var shapes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using var rows = connection.Prepare(Shape).Read();
        while (rows.Next())
        {
            shapes[rows.Text(0)] = rows.TextOrNull(1) ?? "";
        }

        return shapes;
    }
}
