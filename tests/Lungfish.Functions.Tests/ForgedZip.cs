using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Lungfish.Functions.Code;

namespace Lungfish.Functions.Tests;

/// <summary>One entry as it is written, and what is said of it, which need not be true.</summary>
internal sealed record ForgedEntry(byte[] Name, byte[] Content)
{
    public ForgedEntry(string name, string content)
        : this(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(content)) { }

    public bool IsDeflated { get; init; } = true;

    public ushort Mode { get; init; } = 0x81A4; // A regular file, rw-r--r--.

    public ushort Flags { get; init; }

    public byte[] Extra { get; init; } = [];

    /// <summary>Said instead of the truth; null: the truth.</summary>
    public uint? Size { get; init; }

    public uint? PackedSize { get; init; }

    public uint? Crc { get; init; }

    /// <summary>Where the directory says that the entry begins.</summary>
    public uint? Offset { get; init; }

    /// <summary>The name of the entry's own header, where the directory has another.</summary>
    public byte[]? LocalName { get; init; }

    public byte[] Packed()
    {
        if (!IsDeflated)
        {
            return Content;
        }

        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(Content);
        }

        return packed.ToArray();
    }
}

/// <summary>Writes zip files that no tool would write.</summary>
internal static class ForgedZip
{
    /// <param name="count">How many entries the end says that there are; null: the truth.</param>
    /// <param name="directoryStart">Where the end says that the directory begins.</param>
    public static byte[] Write(
        IReadOnlyList<ForgedEntry> entries, ushort? count = null, uint? directoryStart = null, string comment = "")
    {
        using var zip = new MemoryStream();
        var offsets = new List<uint>();
        foreach (var entry in entries)
        {
            offsets.Add((uint)zip.Length);
            var packed = entry.Packed();
            U32(zip, 0x04034b50);
            Shared(zip, entry, packed);
            var name = entry.LocalName ?? entry.Name;
            U16(zip, (ushort)name.Length, 0);
            zip.Write(name);
            zip.Write(packed);
        }

        var directory = (uint)zip.Length;
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            U32(zip, 0x02014b50);
            U16(zip, 0x0314); // Made on Unix.
            Shared(zip, entry, entry.Packed());
            U16(zip, (ushort)entry.Name.Length, (ushort)entry.Extra.Length, 0, 0, 0);
            U32(zip, (uint)entry.Mode << 16, entry.Offset ?? offsets[i]);
            zip.Write(entry.Name);
            zip.Write(entry.Extra);
        }

        var size = (uint)zip.Length - directory;
        U32(zip, 0x06054b50);
        U16(zip, 0, 0, count ?? (ushort)entries.Count, count ?? (ushort)entries.Count);
        U32(zip, size, directoryStart ?? directory);
        U16(zip, (ushort)comment.Length);
        zip.Write(Encoding.ASCII.GetBytes(comment));
        return zip.ToArray();
    }

    /// <summary>From the version that is needed to the size: the same in both headers.</summary>
    private static void Shared(MemoryStream zip, ForgedEntry entry, byte[] packed)
    {
        U16(zip, 20, entry.Flags, (ushort)(entry.IsDeflated ? 8 : 0), 0, 0x21);
        U32(
            zip,
            entry.Crc ?? Crc32.Finish(Crc32.Add(Crc32.Start, entry.Content)),
            entry.PackedSize ?? (uint)packed.Length,
            entry.Size ?? (uint)entry.Content.Length);
    }

    private static void U16(MemoryStream zip, params ReadOnlySpan<ushort> values)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
            zip.Write(bytes);
        }
    }

    private static void U32(MemoryStream zip, params ReadOnlySpan<uint> values)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            zip.Write(bytes);
        }
    }
}
