using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Writing;

/// <summary>The short numbers that stand for the ARNs of state machines in other tables.</summary>
internal sealed class MachineNumbers(Connection connection)
{
    private readonly Dictionary<string, long> _known = [];

    private readonly Statement _insert = connection.Prepare(
        "INSERT INTO lf_machine (arn) VALUES (?1) ON CONFLICT DO NOTHING");

    private readonly Statement _find = connection.Prepare("SELECT id FROM lf_machine WHERE arn = ?1");

    public long Of(string stateMachineArn)
    {
        if (_known.TryGetValue(stateMachineArn, out var known))
        {
            return known;
        }

        _insert.Bind(1, stateMachineArn).Run();
        using var rows = _find.Bind(1, stateMachineArn).Read();
        return _known[stateMachineArn] = rows.Next()
            ? rows.Int64(0)
            : throw new InvalidOperationException($"{stateMachineArn} is not there after it was written.");
    }

    /// <summary>What was inserted may have been rolled back.</summary>
    public void Forget() => _known.Clear();
}
