using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Writing;

namespace Lungfish.Storage.Contract.Sqlite;

/// <summary>The file that keeps room on the disk, given up and made again.</summary>
public sealed class SpaceReserveTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("lungfish-reserve-").FullName;
    private readonly FakeDisk _disk = new() { TotalBytes = 3_200_000, FreeBytes = 1_000_000 };

    private string Database => Path.Combine(_directory, "lungfish.db");

    private FileInfo File => new(Database + ".reserve");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private SpaceReserve Make() => new(Database, _disk);

    [Fact]
    public void Tend_DiskWithRoom_KeepsAThirtySecondPartOfASmallDisk()
    {
        var reserve = Make();
        _disk.Pass();

        reserve.Tend();

        Assert.Equal(100_000, File.Length);
        Assert.True(reserve.IsWhole);
        Assert.Equal(StoreSpace.Ample, reserve.Space);
    }

    [Fact]
    public void Tend_LargeDisk_KeepsNoMoreThanSixtyFourMebibytes()
    {
        _disk.TotalBytes = _disk.FreeBytes = 1L << 40;
        var reserve = Make();
        _disk.Pass();

        reserve.Tend();

        Assert.Equal(64 << 20, File.Length);
    }

    [Fact]
    public void GiveUp_WhileItIsThere_MakesRoomForWhatIsOpen()
    {
        var reserve = Make();
        _disk.Pass();
        reserve.Tend();

        Assert.True(reserve.GiveUp());
        Assert.False(File.Exists);
        Assert.Equal(StoreSpace.Reserve, reserve.Space);

        Assert.False(reserve.GiveUp()); // There is nothing more to give.
        Assert.Equal(StoreSpace.None, reserve.Space);
    }

    [Fact]
    public void Tend_RoomCameBack_MakesItAgain()
    {
        var reserve = Make();
        _ = reserve.GiveUp();
        _disk.FreeBytes = 10_000;
        _disk.Pass();
        reserve.Tend();
        Assert.Equal(StoreSpace.None, reserve.Space);

        _disk.FreeBytes = 60_000; // Enough to end something, not to begin anything.
        _disk.Pass();
        reserve.Tend();
        Assert.Equal(StoreSpace.Reserve, reserve.Space);

        _disk.FreeBytes = 200_000;
        _disk.Pass();
        reserve.Tend();
        Assert.Equal(StoreSpace.Ample, reserve.Space);
        Assert.True(File.Exists);
    }

    [Fact]
    public void Tend_DiskIsNearlyFullFromTheBeginning_LeavesWhatThereIsToWhatIsOpen()
    {
        _disk.FreeBytes = 90_000;
        var reserve = Make();
        _disk.Pass();

        reserve.Tend();

        Assert.Equal(StoreSpace.Reserve, reserve.Space);
        Assert.False(File.Exists);
    }

    [Fact]
    public void Tend_BeforeASecondHasPassed_DoesNotLook()
    {
        var reserve = Make();

        reserve.Tend();

        Assert.False(File.Exists);
    }

    [Fact]
    public void Tend_SomethingElseHasItsName_GoesOnWithoutOne()
    {
        Directory.CreateDirectory(File.FullName);
        var reserve = Make();
        _disk.Pass();

        reserve.Tend();

        Assert.False(reserve.IsWhole);
        Assert.Equal(StoreSpace.Ample, reserve.Space); // There is room, only none that is kept.
        Assert.False(reserve.GiveUp());
        Assert.Equal(StoreSpace.None, reserve.Space);
    }
}
