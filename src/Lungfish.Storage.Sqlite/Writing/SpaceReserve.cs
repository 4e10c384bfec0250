using Lungfish.Engine.Storage;

namespace Lungfish.Storage.Sqlite.Writing;

/// <summary>The disk of the database, and a clock to look at it by.</summary>
internal interface IDisk
{
    long TotalBytes { get; }

    long FreeBytes { get; }

    long NowMilliseconds { get; }
}

/// <summary>A file beside the database that keeps room on the disk. When the disk is full it is given up, so that what
/// is open can end; when there is room again it is made again.</summary>
/// <remarks>Used by whoever has the connection, but for what only tells.</remarks>
internal sealed class SpaceReserve(string databasePath, IDisk disk)
{
    private const long BytesMax = 64 * 1_048_576;
    private const long PartOfDisk = 32; // Of a small disk it takes no more than this part.
    private const long LookAgainMilliseconds = 1_000;

    private const string Extension = ".reserve";

    private readonly string _path = databasePath + Extension;
    private volatile StoreSpace _space = StoreSpace.Ample;
    private long _lookedAt = disk.NowMilliseconds; // Not before the server has started.
    private bool _isMade;

    /// <summary>As of the last commit, or the last look at the disk.</summary>
    public StoreSpace Space => _space;

    /// <summary>Nothing needs to be looked after.</summary>
    public bool IsWhole => _isMade && Space == StoreSpace.Ample;

    /// <summary>Gives the room up that a database has kept.</summary>
    /// <returns>False if it has none, or may not touch it.</returns>
    public static bool Remove(string databasePath)
    {
        try
        {
            var file = new FileInfo(databasePath + Extension);
            var isThere = file is { Exists: true, Length: > 0 };
            file.Delete();
            return isThere;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The disk is full.</summary>
    /// <returns>True if there is room now, so that the same can be tried again.</returns>
    public bool GiveUp()
    {
        _lookedAt = disk.NowMilliseconds;
        _isMade = false;
        var hasReserve = Remove(databasePath);
        _space = hasReserve ? StoreSpace.Reserve : StoreSpace.None;
        return hasReserve;
    }

    /// <summary>Something was written: there is some room.</summary>
    public void Written()
    {
        if (Space == StoreSpace.None)
        {
            _space = StoreSpace.Reserve;
        }
    }

    /// <summary>It is time to <see cref="Tend"/> to it.</summary>
    public bool IsDue => !IsWhole && disk.NowMilliseconds - _lookedAt >= LookAgainMilliseconds;

    /// <summary>Now and then: makes the reserve if it is not there and the disk has room for more than it.</summary>
    public void Tend()
    {
        if (!IsDue)
        {
            return;
        }

        _lookedAt = disk.NowMilliseconds;
        var bytes = Math.Min(BytesMax, disk.TotalBytes / PartOfDisk);
        var free = disk.FreeBytes;
        _isMade = (IsThere(bytes) || free >= 2 * bytes) && TryMake(bytes);
        var space = (_isMade, Space) switch
        {
            (true, _) => StoreSpace.Ample,
            (false, StoreSpace.None) when free < bytes / 2 => StoreSpace.None,
            (false, StoreSpace.Ample) when free >= bytes => StoreSpace.Ample,
            _ => StoreSpace.Reserve, // What is left is the reserve.
        };
        _space = space;
    }

    private bool IsThere(long bytes) => File.Exists(_path) && new FileInfo(_path).Length == bytes;

    /// <summary>With real blocks: a file with holes would keep no room.</summary>
    private bool TryMake(long bytes)
    {
        if (IsThere(bytes))
        {
            return true;
        }

        try
        {
            using var file = new FileStream(_path, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                PreallocationSize = bytes,
                BufferSize = 0,
            });
            file.SetLength(bytes);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Others took the room meanwhile, or something else has the name.
        }
    }
}

/// <inheritdoc cref="IDisk"/>
internal sealed class DiskOf(string directory) : IDisk
{
    private readonly DriveInfo _drive = new(directory);

    public long TotalBytes => _drive.TotalSize;

    public long FreeBytes => _drive.AvailableFreeSpace;

    public long NowMilliseconds => Environment.TickCount64;
}
