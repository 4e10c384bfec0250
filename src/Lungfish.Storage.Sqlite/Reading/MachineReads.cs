using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Reading;

/// <summary>The numbers of state machines, and of versions of functions with durable executions. They never change, so
/// what was read once need not be read again.</summary>
internal sealed class MachineReads(Connection connection)
{
    private readonly Dictionary<string, long> _known = [];

    private readonly Statement _readMachines = connection.Prepare(
        "SELECT id FROM lf_machine WHERE arn NOT LIKE 'arn:%:lambda:%'");

    private readonly Statement _readFunctions = connection.Prepare(
        "SELECT id FROM lf_machine WHERE arn LIKE 'arn:%:lambda:%'");

    private readonly Statement _readVersions = connection.Prepare(
        "SELECT id FROM lf_machine WHERE arn >= ?1 AND arn < ?2");

    private readonly Statement _find = connection.Prepare("SELECT id FROM lf_machine WHERE arn = ?1");

    /// <returns>Null: it never had an execution.</returns>
    public long? Find(string stateMachineArn)
    {
        if (_known.TryGetValue(stateMachineArn, out var known))
        {
            return known;
        }

        using var rows = _find.Bind(1, stateMachineArn).Read();
        return rows.Next() ? _known[stateMachineArn] = rows.Int64(0) : null;
    }

    private readonly Statement _readUnlabelled = connection.Prepare(
        "SELECT id FROM lf_machine WHERE arn NOT LIKE '%/%' AND arn NOT LIKE 'arn:%:lambda:%'");

    /// <param name="stateMachineArn">Null: all but those of child executions, which only their map runs list.</param>
    public List<long> ReadForLists(string? stateMachineArn) =>
        stateMachineArn is null ? Numbers(_readUnlabelled) : One(stateMachineArn);

    /// <param name="stateMachineArn">Null: all, but no functions.</param>
    public List<long> Read(string? stateMachineArn) =>
        stateMachineArn is null ? Numbers(_readMachines) : One(stateMachineArn);

    /// <summary>Versions of functions that ever had a durable execution.</summary>
    /// <param name="functionArn">Unqualified; null: of all functions.</param>
    /// <param name="version">Null: all.</param>
    public List<long> ReadVersions(string? functionArn, string? version)
    {
        if (functionArn is null)
        {
            return Numbers(_readFunctions);
        }

        // What comes after the colon is the version, and the character after the colon is a semicolon.
        return version is null
            ? Numbers(_readVersions.Bind(1, functionArn + ":").Bind(2, functionArn + ";"))
            : One($"{functionArn}:{version}");
    }

    private List<long> One(string arn) => Find(arn) is { } number ? [number] : [];

    private static List<long> Numbers(Statement read)
    {
        var numbers = new List<long>();
        using var rows = read.Read();
        while (rows.Next())
        {
            numbers.Add(rows.Int64(0));
        }

        return numbers;
    }
}
