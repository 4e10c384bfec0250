using System.Security.Cryptography;
using System.Text;
using Lungfish.Integrations.S3;

namespace Lungfish.Integrations.Tests;

/// <summary>The examples that AWS publishes with Signature Version 4: requests, keys and their signatures.</summary>
public sealed class SignatureV4Tests
{
    private static readonly AwsCredentials s_keys =
        new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");

    private static readonly DateTimeOffset s_may2013 = new(2013, 5, 24, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Authorize_GetOfARange_IsAsPublished() => Check(
        Request("GET", "/test.txt", [], [new("range", "bytes=0-9")], ""),
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");

    [Fact]
    public void Authorize_PutWithAKeyToEncode_IsAsPublished() => Check(
        Request(
            "PUT",
            "/" + SignatureV4.Encode("test$file.text", keepSlash: true),
            [],
            [new("date", "Fri, 24 May 2013 00:00:00 GMT"), new("x-amz-storage-class", "REDUCED_REDUNDANCY")],
            "Welcome to Amazon S3."),
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");

    [Fact]
    public void Authorize_QueryWithoutAValue_IsAsPublished() => Check(
        Request("GET", "/", [new("lifecycle", "")], [], ""),
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");

    [Fact]
    public void Authorize_QueryOutOfOrder_IsAsPublished() => Check(
        Request("GET", "/", [new("prefix", "J"), new("max-keys", "2")], [], ""),
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");

    [Fact]
    public void Authorize_SuiteGetVanilla_IsAsPublished()
    {
        var request = new SignedRequest(
            "GET",
            "/",
            [],
            [new("host", "example.amazonaws.com"), new("x-amz-date", "20150830T123600Z")],
            SignatureV4.EmptyPayloadHash);

        var authorization = SignatureV4.Authorize(
            request,
            new AwsCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            "us-east-1",
            "service",
            new DateTimeOffset(2015, 8, 30, 12, 36, 0, TimeSpan.Zero));

        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            + "SignedHeaders=host;x-amz-date, "
            + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            authorization);
    }

    [Theory]
    [InlineData("a b/ü+~.txt", true, "a%20b/%C3%BC%2B~.txt")]
    [InlineData("a/b", false, "a%2Fb")]
    [InlineData("../..", true, "../..")]
    public void Encode_Text_LeavesUnreservedCharactersOnly(string text, bool keepSlash, string expected) =>
        Assert.Equal(expected, SignatureV4.Encode(text, keepSlash));

    [Fact]
    public void Credentials_AsText_DoNotShowTheSecret() =>
        Assert.DoesNotContain(s_keys.SecretAccessKey, $"{s_keys}", StringComparison.Ordinal);

    private static SignedRequest Request(
        string method,
        string path,
        IReadOnlyList<KeyValuePair<string, string>> query,
        IReadOnlyList<KeyValuePair<string, string>> headers,
        string body)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        return new(
            method,
            path,
            query,
            [
                new("host", "examplebucket.s3.amazonaws.com"),
                new("x-amz-content-sha256", hash),
                new("x-amz-date", SignatureV4.TimeText(s_may2013)),
                .. headers,
            ],
            hash);
    }

    private static void Check(SignedRequest request, string signature) => Assert.EndsWith(
        "Signature=" + signature,
        SignatureV4.Authorize(request, s_keys, "us-east-1", "s3", s_may2013),
        StringComparison.Ordinal);
}
