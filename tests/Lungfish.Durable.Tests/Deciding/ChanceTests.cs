using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Lungfish.Durable.Deciding;

namespace Lungfish.Durable.Tests.Deciding;

/// <summary>Executions that are open go on with the ids and dice that they have: these must not change.</summary>
public sealed class ChanceTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(5_000)]
    public void Bits_ScopeOfAnyLength_AreThoseOfTheDigestOfAllThatTheyAreFor(int length)
    {
        var scope = new string('\u00e9', length);

        var bits = new Chance(new Seed(42)).Bits(scope, "jitter", 7);

        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"2a jitter 7 {scope}"));
        Assert.Equal(BinaryPrimitives.ReadUInt64LittleEndian(digest), bits);
    }

    [Fact]
    public void Uuid_OfAPurpose_IsTheDigestWithVersionAndVariant()
    {
        var uuid = Guid.Parse(new Chance(new Seed(42)).Uuid("arn", "invocation", 7));

        var digest = SHA256.HashData("2a invocation 7 arn"u8);
        Assert.Equal(8, uuid.Version);
        Assert.Equal(0x8, uuid.Variant & 0xC);
        Assert.Equal(digest[..6], uuid.ToByteArray(bigEndian: true)[..6]);
        Assert.Equal(digest[9..16], uuid.ToByteArray(bigEndian: true)[9..]);
    }
}
