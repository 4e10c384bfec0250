using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Reading;

/// <summary>The numbers of the state machines that a query asks for.</summary>
internal sealed class MachineReads(Connection connection)
{
    private readonly Statement _readAll = connection.Prepare("SELECT id FROM lf_machine");

    private readonly Statement _find = connection.Prepare("SELECT id FROM lf_machine WHERE arn = ?1");

    /// <param name="stateMachineArn">Null: all that ever had an execution.</param>
    public List<long> Read(string? stateMachineArn)
    {
        var numbers = new List<long>();
        using var rows = stateMachineArn is null ? _readAll.Read() : _find.Bind(1, stateMachineArn).Read();
        while (rows.Next())
        {
            numbers.Add(rows.Int64(0));
        }

        return numbers;
    }
}
