using System.Globalization;
using System.Reflection;
using Lungfish.Engine.Faults;
using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Schema;

/// <summary>Brings a database to the newest schema: the numbered scripts beside this file, each applied once.</summary>
internal static class SchemaMigration
{
    /// <summary>"LFSH" in the file's header: tells our databases from other programs' databases.</summary>
    private const long ApplicationId = 0x4C465348;

    private static readonly List<string> Scripts = ReadScripts();

    /// <summary>The version that this program writes.</summary>
    public static int Newest => Scripts.Count;

    /// <summary>Changes nothing.</summary>
    /// <returns>0 for a database that is still empty.</returns>
    /// <exception cref="StoreRefusedException">Of another program, or of a newer version of this one.</exception>
    public static int ReadVersion(Connection connection, string path)
    {
        if (connection.QueryInt64("PRAGMA application_id") != ApplicationId)
        {
            return connection.QueryInt64("SELECT count(*) FROM sqlite_schema") == 0
                ? 0
                : throw new StoreRefusedException(
                    $"'{path}' is the database of another program: choose another data directory.");
        }

        var version = connection.QueryInt64("SELECT value FROM lf_meta WHERE key = 'schema_version'");
        return version <= Scripts.Count
            ? (int)version
            : throw new StoreRefusedException(
                $"'{path}' was written by a newer version of Lungfish (its schema is {version}, "
                + $"this version knows {Scripts.Count}): start that version or a later one.");
    }

    public static void Apply(Connection connection, int version)
    {
        for (var next = version; next < Scripts.Count; next++)
        {
            connection.Execute("BEGIN IMMEDIATE");
            connection.Execute(Scripts[next]);
            connection.Execute($"PRAGMA application_id = {ApplicationId}");
            connection.Execute(
                $"""
                INSERT INTO lf_meta (key, value) VALUES ('schema_version', {next + 1})
                ON CONFLICT DO UPDATE SET value = excluded.value
                """);
            CrashPoints.Pass(CrashPoint.InMigration);
            connection.Execute("COMMIT");
        }
    }

    /// <summary>In the order of their numbers, which begin at 0001 and leave none out.</summary>
    private static List<string> ReadScripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var names = assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        return names.Select((name, index) =>
        {
            if (int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture) != index + 1)
            {
                throw new InvalidOperationException($"The schema scripts leave out number {index + 1}.");
            }

            using var reader = new StreamReader(
                assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is missing."));
            return reader.ReadToEnd();
        }).ToList();
    }
}
