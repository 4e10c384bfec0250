using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Lungfish.Durable.Deciding;

/// <summary>Ids and dice from a seed: the same for the same purpose, others for any other one.</summary>
internal readonly struct Chance(Seed seed)
{
    /// <summary>A UUID of version 8: made by rules of our own, here from a digest.</summary>
    /// <param name="scope">The ARN of the execution, so that executions that happen to share a seed differ.</param>
    public string Uuid(string scope, string purpose, long number)
    {
        var bytes = Digest(scope, purpose, number).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    public ulong Bits(string scope, string purpose, long number) =>
        BinaryPrimitives.ReadUInt64LittleEndian(Digest(scope, purpose, number));

    private byte[] Digest(string scope, string purpose, long number) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{seed.Value:x} {purpose} {number} {scope}"));
}
