using System.IO.Compression;

namespace Lungfish.Functions.Code;

/// <summary>Writes a package's files into a fresh folder.</summary>
internal static class ZipExtraction
{
    /// <summary>Documented: 250 MB unzipped. Counted while inflating, since what the directory says may be a
    /// lie.</summary>
    public const long InflatedBytesMax = 262_144_000;

    private const UnixFileMode ReadableFile = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode ExecutableFile = ReadableFile
        | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="entries">Checked ones.</param>
    /// <param name="bytesMax">Of all files together.</param>
    /// <exception cref="BadPackageException">It is too large or damaged; the caller removes the folder.</exception>
    public static void Extract(
        ReadOnlyMemory<byte> zip, IReadOnlyList<ZipEntry> entries, string folder, long bytesMax = InflatedBytesMax)
    {
        var left = bytesMax;
        var buffer = new byte[81_920];
        foreach (var entry in entries)
        {
            var path = Path.Combine(folder, entry.Name);
            if (entry.IsFolder)
            {
                _ = Directory.CreateDirectory(path);
                continue;
            }

            _ = Directory.CreateDirectory(Path.GetDirectoryName(path) ?? folder);
            left = WriteFile(zip, entry, path, left, buffer);
            if (left < 0)
            {
                throw new BadPackageException($"unzipped, it has more than {bytesMax} bytes ('{entry.Name}')");
            }

            if (!OperatingSystem.IsWindows())
            {
                // A package made on Windows knows no execute bit; without it no custom runtime would start.
                var executable = entry.IsExecutable || entry.Name == "bootstrap";
                File.SetUnixFileMode(path, executable ? ExecutableFile : ReadableFile);
            }
        }
    }

    /// <returns>How many bytes there may be still; negative, and the file is not whole, if it has more.</returns>
    private static long WriteFile(ReadOnlyMemory<byte> zip, ZipEntry entry, string path, long left, byte[] buffer)
    {
        var packed = zip.Slice(entry.DataStart, entry.PackedSize);
        using var source = new MemoryStream(packed.ToArray(), writable: false);
        using Stream content = entry.IsDeflated ? new DeflateStream(source, CompressionMode.Decompress) : source;
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var crc = Crc32.Start;
        long size = 0;
        try
        {
            while (content.Read(buffer) is var read and > 0)
            {
                left -= read;
                size += read;
                if (left < 0)
                {
                    return left;
                }

                crc = Crc32.Add(crc, buffer.AsSpan(0, read));
                file.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            throw new BadPackageException($"the entry '{entry.Name}' is damaged");
        }

        return size == entry.Size && Crc32.Finish(crc) == entry.Crc
            ? left
            : throw new BadPackageException($"the entry '{entry.Name}' is damaged");
    }
}

/// <summary>The checksum of zip files (polynomial 0xEDB88320).</summary>
internal static class Crc32
{
    public const uint Start = uint.MaxValue;

    private static readonly uint[] Table = MakeTable();

    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            crc = (crc >> 8) ^ Table[(crc ^ b) & 0xFF];
        }

        return crc;
    }

    public static uint Finish(uint crc) => ~crc;

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
