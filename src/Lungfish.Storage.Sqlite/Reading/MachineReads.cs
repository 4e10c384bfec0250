using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Reading;

/// <summary>The numbers of state machines. They never change, so what was read once need not be read again.</summary>
internal sealed class MachineReads(Connection connection)
{
    private readonly Dictionary<string, long> _known = [];

    private readonly Statement _readAll = connection.Prepare("SELECT id FROM lf_machine");

    /// <summary>All that ever had an execution.</summary>
    public List<long> ReadAll()
    {
        var numbers = new List<long>();
        using var rows = _readAll.Read();
        while (rows.Next())
        {
            numbers.Add(rows.Int64(0));
        }

        return numbers;
    }

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
        "SELECT id FROM lf_machine WHERE arn NOT LIKE '%/%'");

    /// <param name="stateMachineArn">Null: all but those of child executions, which only their map runs list.</param>
    public List<long> ReadForLists(string? stateMachineArn)
    {
        if (stateMachineArn is not null)
        {
            return Read(stateMachineArn);
        }

        var numbers = new List<long>();
        using var rows = _readUnlabelled.Read();
        while (rows.Next())
        {
            numbers.Add(rows.Int64(0));
        }

        return numbers;
    }

    /// <param name="stateMachineArn">Null: all.</param>
    public List<long> Read(string? stateMachineArn) =>
        stateMachineArn is null ? ReadAll() : Find(stateMachineArn) is { } number ? [number] : [];
}
