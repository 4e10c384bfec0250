namespace Lungfish.Storage.Sqlite.Native;

/// <summary>SQLite said no. <see cref="Code"/> is the extended result code.</summary>
internal sealed class SqliteException(int code, string message) : Exception(message)
{
    public int Code { get; } = code;

    /// <summary>The result code without what the extension adds.</summary>
    public int PrimaryCode => Code & 0xff;
}
