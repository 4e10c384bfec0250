using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Lungfish.Durable.Deciding;

/// <summary>Ids and dice from a seed: the same for the same purpose, others for any other one.</summary>
internal readonly struct Chance(Seed seed)
{
    /// <summary>A UUID of version 8: made by rules of our own, here from a digest.</summary>
    /// <param name="scope">The ARN of the execution, so that executions that happen to share a seed differ.</param>
    public string Uuid(string scope, string purpose, long number)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        Digest(scope, purpose, number, bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes[..16], bigEndian: true).ToString();
    }

    public ulong Bits(string scope, string purpose, long number)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        Digest(scope, purpose, number, bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private void Digest(string scope, string purpose, long number, Span<byte> digest)
    {
        const int Room = 64; // For the numbers and the spaces.
        const int UsualMax = 1024;
        var bytesMax = Room + Encoding.UTF8.GetMaxByteCount(scope.Length + purpose.Length);
        Span<byte> text = bytesMax <= UsualMax ? stackalloc byte[UsualMax] : new byte[bytesMax];
        _ = Utf8.TryWrite(
            text, CultureInfo.InvariantCulture, $"{seed.Value:x} {purpose} {number} {scope}", out var length);
        _ = SHA256.HashData(text[..length], digest);
    }
}
