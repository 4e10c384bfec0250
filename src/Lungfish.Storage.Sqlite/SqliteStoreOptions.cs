namespace Lungfish.Storage.Sqlite;

public sealed record SqliteStoreOptions
{
    public Durability Durability { get; init; } = Durability.Full;

    /// <summary>How many reads run at the same time; each has a connection of its own.</summary>
    public int ReaderCount { get; init; } = 4;

    /// <summary>The database refuses to grow past this, as if the disk were full; null: no limit.</summary>
    public long? DatabaseBytesMax { get; init; }
}

/// <summary>What an acknowledged commit survives.</summary>
public enum Durability
{
    /// <summary>The end of the process, of the system, and a power cut.</summary>
    Full = 0,

    /// <summary>The end of the process; a power cut may take the last commits, and leaves no damage.</summary>
    Process = 1,
}
