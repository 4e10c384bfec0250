using Lungfish.Jsonata.Library;

namespace Lungfish.Jsonata.Tests.Library;

public sealed class EncodingsTests
{
    [Theory]
    [InlineData("hello:world", "aGVsbG86d29ybGQ=")]
    [InlineData("\u00ff", "/w==")]
    [InlineData("", "")]
    public void Base64_Bytes_AreLowBytesOfUnits(string text, string encoded)
    {
        Assert.Equal(encoded, Encodings.Base64Encode(text));
        Assert.Equal(text, Encodings.Base64Decode(encoded));
    }

    [Theory]
    [InlineData("aGVsbG86d29ybGQ", "hello:world")]
    [InlineData("aGVs bG86d29ybGQ", "hello:world")]
    [InlineData("a", "")]
    public void Base64Decode_LooseText_IsRead(string encoded, string text) =>
        Assert.Equal(text, Encodings.Base64Decode(encoded));

    [Fact]
    public void Base64InStepFunctions_Text_IsUtf8()
    {
        Assert.Equal("4oKs", Encodings.Base64EncodeUtf8("€"));
        Assert.Equal("€", Encodings.Base64DecodeUtf8("4oKs"));
        Assert.Equal("a", Encodings.Base64DecodeUtf8("YQ"));
        Assert.Throws<JsonataFault>(() => Encodings.Base64DecodeUtf8("Y!Q="));
    }

    [Fact]
    public void EncodeUrl_Text_IsEscaped()
    {
        Assert.Equal("%3Fx%3Dtest%20%E2%82%AC-_.!~*'()", Encodings.EncodeUrlComponent("?x=test €-_.!~*'()"));
        Assert.Equal("https://a.b/c?x=%E4%BE%8B%20#y", Encodings.EncodeUrl("https://a.b/c?x=例 #y"));
    }

    [Fact]
    public void DecodeUrl_Escapes_AreReadButForSeparators()
    {
        Assert.Equal("?x=test €+", Encodings.DecodeUrlComponent("%3Fx%3Dtest%20%E2%82%AC+"));
        Assert.Equal("%3Fx%3D 例", Encodings.DecodeUrl("%3Fx%3D%20%E4%BE%8B"));
        Assert.Equal("a b\uFFFD", Encodings.DecodeUrlComponentInStepFunctions("a+b%ff"));
    }

    [Theory]
    [InlineData("%")]
    [InlineData("%4")]
    [InlineData("%zz")]
    [InlineData("%ff")]
    [InlineData("%E2%82")]
    [InlineData("%ED%A0%80")]
    public void Decode_BrokenEscape_IsD3140(string text)
    {
        var fault = Assert.Throws<JsonataFault>(() => Encodings.DecodeUrlComponent(text));

        Assert.Equal(("D3140", "decodeUrlComponent"), (fault.Code, fault.FunctionName));
        Assert.Throws<JsonataFault>(() => Encodings.DecodeUrl(text));
    }

    [Fact]
    public void Encode_LoneSurrogate_IsD3140()
    {
        Assert.Throws<JsonataFault>(() => Encodings.EncodeUrlComponent("\ud800"));
        Assert.Throws<JsonataFault>(() => Encodings.EncodeUrl("\udc00"));
    }
}
