using Lungfish.Storage.Sqlite.Writing;

namespace Lungfish.Storage.Contract.Sqlite;

/// <summary>A disk that has the room that a test says.</summary>
internal sealed class FakeDisk : IDisk
{
    public long TotalBytes { get; set; }

    public long FreeBytes { get; set; }

    public long NowMilliseconds { get; private set; }

    public void Pass() => NowMilliseconds += 1_000;
}
