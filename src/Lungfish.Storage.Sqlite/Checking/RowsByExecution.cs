using System.Buffers.Binary;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Checking;

/// <summary>The rows of one table in the order of the executions that they belong to, beside a walk over
/// these.</summary>
/// <param name="statement">Takes the first and the last id; its first column is the id of the execution.</param>
/// <param name="reportOrphan">Is told the id of an execution that has rows here and is not there.</param>
internal sealed class RowsByExecution(Statement statement, Action<UInt128> reportOrphan)
{
    private bool _hasRow;
    private UInt128 _current;

    /// <summary>The row at which it stands.</summary>
    public Rows Row => new(statement);

    public void Start(UInt128 first, UInt128 last)
    {
        statement.Reset();
        Bind(statement, 1, first);
        Bind(statement, 2, last);
        Step();
    }

    /// <summary>Passes over what comes before this execution.</summary>
    /// <returns>True while it stands at a row of it.</returns>
    public bool IsAt(UInt128 execution)
    {
        PassUntil(execution);
        return _hasRow && _current == execution;
    }

    public void Step()
    {
        _hasRow = statement.Step();
        _current = _hasRow ? ReadKey(statement.Span(0)) : default;
    }

    /// <summary>What is left belongs to executions that are not there.</summary>
    public void Finish()
    {
        while (_hasRow)
        {
            PassOne();
        }
    }

    public static void Bind(Statement statement, int index, UInt128 key)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        statement.Bind(index, bytes);
    }

    /// <summary>Ids compare as their bytes do. One of another length is none: it is read as far as it goes.</summary>
    public static UInt128 ReadKey(ReadOnlySpan<byte> id)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        id[..Math.Min(16, id.Length)].CopyTo(bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static Guid ToGuid(UInt128 key)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        return new Guid(bytes, bigEndian: true);
    }

    private void PassUntil(UInt128 execution)
    {
        while (_hasRow && _current < execution)
        {
            PassOne();
        }
    }

    private void PassOne()
    {
        var orphan = _current;
        reportOrphan(orphan);
        while (_hasRow && _current == orphan)
        {
            Step();
        }
    }
}
