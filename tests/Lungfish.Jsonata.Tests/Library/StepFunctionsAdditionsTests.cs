using Lungfish.Jsonata.Library;

namespace Lungfish.Jsonata.Tests.Library;

public sealed class StepFunctionsAdditionsTests
{
    [Fact]
    public void Partition_Items_AreCutIntoPieces()
    {
        Assert.Equal([[1, 2], [3]], StepFunctionsAdditions.Partition([1, 2, 3], 2));
        Assert.Equal([[1], [2]], StepFunctionsAdditions.Partition([1, 2], 1.5));
        Assert.Equal([[1, 2]], StepFunctionsAdditions.Partition([1, 2], null));
        Assert.Null(StepFunctionsAdditions.Partition([1, 2], 0));
        Assert.Null(StepFunctionsAdditions.Partition(Array.Empty<int>(), 2));
        Assert.Equal(
            "Second argument must be zero or greater",
            Assert.Throws<JsonataFault>(() => StepFunctionsAdditions.Partition([1], -1)).Text);
    }

    [Fact]
    public void Range_Numbers_AreCutTowardsZero()
    {
        Assert.Equal([-1, 0, 1, 2], StepFunctionsAdditions.Range(-1.7, 2, 1));
        Assert.Equal([0, 3, 6, 9], StepFunctionsAdditions.Range(0, 10, 3));
        Assert.Equal([1], StepFunctionsAdditions.Range(1, 9, 9));
        Assert.Equal([3, 2, 1], StepFunctionsAdditions.Range(3, 1, -1));
        Assert.Empty(StepFunctionsAdditions.Range(3, 1, 1));
        Assert.Empty(StepFunctionsAdditions.Range(1, 3, 0.5));
    }

    [Fact]
    public void Hash_Text_IsHexadecimal()
    {
        Assert.Equal("140f86aae51ab9e1cda9b4254fe98a74eb54c1a1", StepFunctionsAdditions.Hash("input", "SHA-1"));
        Assert.Equal("812f45842bc6d66ee14572ce20db8e86", StepFunctionsAdditions.Hash("input data", "MD5"));
        Assert.Equal(
            "Hash algorithm 'md5' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5",
            Assert.Throws<JsonataFault>(() => StepFunctionsAdditions.Hash("x", "md5")).Text);
    }

    [Fact]
    public void RandomOf_Seed_IsJavas() =>
        Assert.Equal(0.7275636800328681, StepFunctionsAdditions.RandomOf(42));

    [Theory]
    [InlineData("-0", "0")]
    [InlineData("[-0.0, 1]", "[0.0,1]")]
    [InlineData("{'a': 'it\\'s \"so\"'}", """{"a":"it's \"so\""}""")]
    [InlineData("\"\\u0041\\n\"", "\"A\\n\"")]
    [InlineData(" null ", "null")]
    public void Parse_Json_IsRead(string text, string json) => Assert.Equal(json, LenientJson.Parse(text).ToText());

    [Theory]
    [InlineData("")]
    [InlineData("NaN")]
    [InlineData("[Infinity]")]
    [InlineData("1e400")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("[{\"a\":{\"b\":1,'b':2}}]")]
    [InlineData("'open")]
    [InlineData("[1,]")]
    [InlineData("01")]
    public void Parse_NoJson_IsD3137(string text) =>
        Assert.Equal("D3137", Assert.Throws<JsonataFault>(() => LenientJson.Parse(text)).Code);
}
