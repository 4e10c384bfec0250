using Lungfish.Durable.Journal;
using Lungfish.Journal;
using Lungfish.Tests.Shared;

namespace Lungfish.Durable.Tests.Journal;

public sealed class CodecFuzzTests
{
    [Fact]
    public void Decode_DamagedSegmentWithARightChecksum_IsFactsOrCorrupt() => FuzzRun.Over(Damaged, content =>
    {
        try
        {
            _ = FactCodec.Decode(Sealed(content), _ => "blob"u8.ToArray());
        }
        catch (CorruptJournalException e)
        {
            Assert.NotEmpty(e.Message);
        }
    });

    [Fact]
    public void Decode_RandomBytes_AreCorrupt() => FuzzRun.Over(
        random =>
        {
            var bytes = new byte[random.Next(60)];
            random.NextBytes(bytes);
            return bytes;
        },
        bytes => Assert.Throws<CorruptJournalException>(() => FactCodec.Decode(bytes, _ => default)));

    private static byte[] Damaged(Random random)
    {
        var samples = FactCodecTests.Samples;
        var facts = Enumerable.Range(0, 1 + random.Next(3)).Select(_ => samples[random.Next(samples.Count)]).ToList();
        var bytes = FactCodec.Encode(facts).Segment[..^4].ToArray();
        for (var i = random.Next(4); i >= 0; i--)
        {
            bytes[random.Next(1, bytes.Length)] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => 0,
                _ => 0xFF,
            };
        }

        return random.Next(4) == 0 ? bytes[..random.Next(1, bytes.Length)] : bytes;
    }

    private static byte[] Sealed(byte[] content)
    {
        var crc = uint.MaxValue;
        foreach (var b in content)
        {
            crc = System.Numerics.BitOperations.Crc32C(crc, b);
        }

        return [.. content, .. BitConverter.GetBytes(~crc)];
    }
}
