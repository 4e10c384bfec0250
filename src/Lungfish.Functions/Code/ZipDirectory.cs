using System.Buffers.Binary;
using System.Text;

namespace Lungfish.Functions.Code;

/// <summary>A package that is not taken; the message says what is wrong with it.</summary>
internal sealed class BadPackageException(string message) : Exception(message);

/// <summary>One file or folder of a package, as the central directory tells it and its local header confirms
/// it.</summary>
internal readonly record struct ZipEntry(
    string Name, bool IsFolder, bool IsExecutable, bool IsDeflated, int DataStart, int PackedSize, long Size, uint Crc);

/// <summary>Reads the directory of a zip file and refuses what could write outside of a folder, or does not add
/// up.</summary>
/// <remarks>The framework's reader hides where entries lie; two that overlap are how small bombs become
/// large.</remarks>
internal static class ZipDirectory
{
    private const uint EndSignature = 0x06054b50;
    private const uint CentralSignature = 0x02014b50;
    private const uint LocalSignature = 0x04034b50;
    private const int EndSize = 22;
    private const int CentralSize = 46;
    private const int LocalSize = 30;
    private const int CommentMax = ushort.MaxValue;

    public const int EntriesMax = 20_000;

    /// <exception cref="BadPackageException">The package is not acceptable; nothing was written.</exception>
    public static IReadOnlyList<ZipEntry> Read(ReadOnlySpan<byte> zip)
    {
        var end = FindEnd(zip);
        var count = U16(zip, end + 10);
        var directoryStart = (long)U32(zip, end + 16);
        if (count == ushort.MaxValue || directoryStart == uint.MaxValue)
        {
            throw new BadPackageException("it has more than 65,534 entries or is a zip64 archive");
        }

        if (count > EntriesMax)
        {
            throw new BadPackageException($"it has {count} entries, more than {EntriesMax}");
        }

        var directoryEnd = directoryStart + U32(zip, end + 12);
        if (directoryEnd > end)
        {
            throw new BadPackageException("its directory lies outside of it");
        }

        var entries = new List<ZipEntry>(count);
        var at = (int)directoryStart;
        for (var i = 0; i < count; i++)
        {
            entries.Add(ReadEntry(zip, ref at, end, (int)directoryStart));
        }

        if (at != directoryEnd)
        {
            // Its count is one of 16 bits, and other readers may follow the size: what runs must not depend on it.
            throw new BadPackageException("its directory has another size than its entries");
        }

        RefuseOverlaps(entries);
        EntryNames.RefuseClashes(entries);
        return entries;
    }

    private static int FindEnd(ReadOnlySpan<byte> zip)
    {
        for (var at = zip.Length - EndSize; at >= Math.Max(0, zip.Length - EndSize - CommentMax); at--)
        {
            if (U32(zip, at) == EndSignature && at + EndSize + U16(zip, at + 20) == zip.Length)
            {
                return at;
            }
        }

        throw new BadPackageException("it is not a zip archive");
    }

    private static ZipEntry ReadEntry(ReadOnlySpan<byte> zip, ref int at, int end, int directoryStart)
    {
        if (at + CentralSize > end || U32(zip, at) != CentralSignature)
        {
            throw new BadPackageException("its directory is damaged");
        }

        var nameLength = U16(zip, at + 28);
        var next = at + CentralSize + nameLength + U16(zip, at + 30) + U16(zip, at + 32);
        if (next > end)
        {
            throw new BadPackageException("its directory is damaged");
        }

        var rawName = zip.Slice(at + CentralSize, nameLength);
        var name = EntryNames.Check(Encoding.UTF8.GetString(rawName));
        var mode = U16(zip, at + 4) >> 8 == 3 ? (int)(U32(zip, at + 38) >> 16) : 0; // 3: made on Unix
        RefuseSpecialFile(name, mode);
        var flags = U16(zip, at + 8);
        var method = U16(zip, at + 10);
        var packed = U32(zip, at + 20);
        if ((flags & 1) != 0 || method is not (0 or 8))
        {
            throw new BadPackageException($"the entry '{name}' is encrypted or packed in an unknown way");
        }

        var local = (long)U32(zip, at + 42);
        if (local + LocalSize > directoryStart || U32(zip, (int)local) != LocalSignature)
        {
            throw new BadPackageException($"the entry '{name}' lies outside of it");
        }

        var localName = U16(zip, (int)local + 26);
        var data = local + LocalSize + localName + U16(zip, (int)local + 28);
        if (data + packed > directoryStart || !zip.Slice((int)local + LocalSize, localName).SequenceEqual(rawName))
        {
            throw new BadPackageException($"the entry '{name}' contradicts its own header");
        }

        var entry = new ZipEntry(
            name.TrimEnd('/'), name.EndsWith('/'), (mode & 0b001_001_001) != 0, method == 8,
            (int)data, (int)packed, U32(zip, at + 24), U32(zip, at + 16));
        at = next;
        return entry;
    }

    private static void RefuseSpecialFile(string name, int mode)
    {
        const int TypeMask = 0xF000;
        const int Regular = 0x8000;
        const int Folder = 0x4000;
        if ((mode & TypeMask) is not (0 or Regular or Folder))
        {
            throw new BadPackageException($"the entry '{name}' is a link or a device");
        }
    }

    private static void RefuseOverlaps(List<ZipEntry> entries)
    {
        long free = 0;
        foreach (var entry in entries.OrderBy(e => e.DataStart))
        {
            if (entry.DataStart < free)
            {
                throw new BadPackageException($"the entry '{entry.Name}' overlaps another one");
            }

            free = entry.DataStart + entry.PackedSize;
        }
    }

    private static ushort U16(ReadOnlySpan<byte> zip, int at) => BinaryPrimitives.ReadUInt16LittleEndian(zip[at..]);

    private static uint U32(ReadOnlySpan<byte> zip, int at) => BinaryPrimitives.ReadUInt32LittleEndian(zip[at..]);
}
