using System.Buffers;
using System.Text;

namespace Lungfish.Storage.Sqlite.Native;

/// <summary>A prepared statement: bind what it takes, then <see cref="Run"/> it or <see cref="Read"/> its
/// rows.</summary>
/// <remarks>Values are bound by position from 1 and copied. Bindings stay from one use to the next.</remarks>
internal sealed unsafe class Statement(Connection connection, nint handle) : IDisposable
{
    private const int StackBytesMax = 512;
    private nint _handle = handle;

    public Statement Bind(int index, long value)
    {
        connection.Check(Sqlite3.sqlite3_bind_int64(_handle, index, value));
        return this;
    }

    public Statement Bind(int index, long? value) => value is { } number ? Bind(index, number) : BindNull(index);

    /// <summary>As 100 ns since 1970 in UTC, so that an instant reads back as it was.</summary>
    public Statement Bind(int index, DateTimeOffset value) => Bind(index, Instants.ToStored(value));

    public Statement Bind(int index, DateTimeOffset? value) =>
        value is { } instant ? Bind(index, instant) : BindNull(index);

    public Statement Bind(int index, Guid? value) => value is { } uuid ? Bind(index, uuid) : BindNull(index);

    /// <summary>Big-endian, so that UUIDs of version 7 sort by their time.</summary>
    public Statement Bind(int index, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = value.TryWriteBytes(bytes, bigEndian: true, out _);
        return Bind(index, bytes);
    }

    public Statement Bind(int index, string? value)
    {
        if (value is null)
        {
            return BindNull(index);
        }

        var bytesMax = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (bytesMax <= StackBytesMax)
        {
            Span<byte> buffer = stackalloc byte[StackBytesMax];
            return BindText(index, buffer[..Encoding.UTF8.GetBytes(value, buffer)]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(bytesMax);
        BindText(index, rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented)));
        ArrayPool<byte>.Shared.Return(rented);
        return this;
    }

    public Statement Bind(int index, ReadOnlyMemory<byte>? value) =>
        value is { } bytes ? Bind(index, bytes.Span) : BindNull(index);

    public Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        byte none; // A null pointer would bind NULL; an empty value needs an address.
        fixed (byte* start = value)
        {
            connection.Check(Sqlite3.sqlite3_bind_blob(
                _handle, index, start == null ? &none : start, value.Length, Sqlite3.Transient));
        }

        return this;
    }

    public Statement BindNull(int index)
    {
        connection.Check(Sqlite3.sqlite3_bind_null(_handle, index));
        return this;
    }

    private Statement BindText(int index, ReadOnlySpan<byte> value)
    {
        byte none;
        fixed (byte* start = value)
        {
            connection.Check(Sqlite3.sqlite3_bind_text(
                _handle, index, start == null ? &none : start, value.Length, Sqlite3.Transient));
        }

        return this;
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>How many rows it changed, if it is one that changes rows.</returns>
    public int Run()
    {
        while (Step())
        {
            // A pragma may answer with rows that nobody asked for.
        }

        return connection.Changes;
    }

    /// <summary>Runs it; the rows are read one by one until they are disposed of.</summary>
    public Rows Read() => new(this);

    /// <returns>False at the end, where it is ready for its next use.</returns>
    public bool Step()
    {
        var code = Sqlite3.sqlite3_step(_handle);
        if (code == Sqlite3.Row)
        {
            return true;
        }

        if (code == Sqlite3.Done)
        {
            Reset();
            return false;
        }

        var error = connection.Error(code); // Before the reset, which may change the message.
        Reset();
        throw error;
    }

    /// <summary>Its result repeats what the last step said, which was reported then.</summary>
    public void Reset() => _ = Sqlite3.sqlite3_reset(_handle);

    public bool IsNull(int column) => Sqlite3.sqlite3_column_type(_handle, column) == Sqlite3.TypeNull;

    public long Int64(int column) => Sqlite3.sqlite3_column_int64(_handle, column);

    /// <summary>Valid until the next step.</summary>
    public ReadOnlySpan<byte> Span(int column)
    {
        var start = Sqlite3.sqlite3_column_blob(_handle, column);
        return new ReadOnlySpan<byte>(start, Sqlite3.sqlite3_column_bytes(_handle, column));
    }

    public void Dispose()
    {
        _ = Sqlite3.sqlite3_finalize(_handle);
        _handle = 0;
    }
}

/// <summary>The rows of one run of a statement.</summary>
internal readonly ref struct Rows(Statement statement)
{
    public bool Next() => statement.Step();

    public bool IsNull(int column) => statement.IsNull(column);

    public long Int64(int column) => statement.Int64(column);

    public int Int32(int column) => checked((int)statement.Int64(column));

    public DateTimeOffset Instant(int column) => Instants.FromStored(statement.Int64(column));

    public DateTimeOffset? InstantOrNull(int column) => statement.IsNull(column) ? null : Instant(column);

    public Guid Guid(int column) => new(statement.Span(column), bigEndian: true);

    public string Text(int column) => Encoding.UTF8.GetString(statement.Span(column));

    public string? TextOrNull(int column) => statement.IsNull(column) ? null : Text(column);

    public byte[] Bytes(int column) => statement.Span(column).ToArray();

    public ReadOnlyMemory<byte>? BytesOrNull(int column) =>
        statement.IsNull(column) ? default(ReadOnlyMemory<byte>?) : Bytes(column);

    public void Dispose() => statement.Reset();
}

/// <summary>Instants as the tables hold them: in units of 100 ns since 1970, UTC.</summary>
internal static class Instants
{
    public static long ToStored(DateTimeOffset instant) => instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    public static DateTimeOffset FromStored(long value) =>
        new(value + DateTimeOffset.UnixEpoch.Ticks, TimeSpan.Zero);
}
