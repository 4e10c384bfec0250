using Lungfish.Integrations.S3;

namespace Lungfish.Integrations.Tests;

/// <summary>What the store makes of an endpoint's answers; against a real endpoint the tests of the server hold
/// it.</summary>
public sealed class HttpObjectStoreTests
{
    private const string Refusal =
        "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>";

    [Fact]
    public async Task Get_EndpointIsBusyTwice_IsAskedAgainAfterGrowingDelays()
    {
        await using var s3 = new FakeS3((503, "busy"), (500, ""), (200, "content"));
        var time = new ImpatientTime();
        using var store = Store(s3, time);

        await using var read = await store.OpenAsync(new("b", "k"), 0, null, default);

        Assert.Equal("content", await new StreamReader(read.Content).ReadToEndAsync());
        Assert.Equal(3, s3.Asked.Count);
        Assert.Equal([TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200)], time.Delays);
    }

    [Fact]
    public async Task Get_EndpointStaysBusy_FailsAfterFourAttempts()
    {
        await using var s3 = new FakeS3((503, ""));
        using var store = Store(s3, new ImpatientTime());

        var failure = await FailsAsync(store);

        Assert.Equal(4, s3.Asked.Count);
        Assert.Equal((503, "ServiceUnavailable"), (failure.HttpStatus, failure.Code));
    }

    [Fact]
    public async Task Get_Refused_IsNotAskedAgainAndSaysWhereAndWhy()
    {
        await using var s3 = new FakeS3((404, Refusal));
        using var store = Store(s3, TimeProvider.System);

        var failure = await FailsAsync(store);

        Assert.Single(s3.Asked);
        Assert.Equal(("NoSuchKey", "REQ", "EXT"), (failure.Code, failure.RequestId, failure.ExtendedRequestId));
        Assert.Equal($"s3://b/k at {s3.Url}: The specified key does not exist (NoSuchKey).", failure.Message);
    }

    [Fact]
    public async Task Get_NobodyListens_NamesTheEndpoint()
    {
        var s3 = new FakeS3((200, ""));
        await s3.DisposeAsync();
        using var store = Store(s3, new ImpatientTime());

        var failure = await FailsAsync(store);

        Assert.Equal((0, ObjectStoreException.NoAnswer), (failure.HttpStatus, failure.Code));
        Assert.StartsWith(
            $"s3://b/k at {s3.Url}: Unable to execute HTTP request", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not xml")]
    [InlineData("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><ListBucketResult>&e;</ListBucketResult>")]
    [InlineData("<ListBucketResult>")]
    public async Task List_AnswerThatIsNoXmlOfS3_IsRefused(string answer)
    {
        await using var s3 = new FakeS3((200, answer));
        using var store = Store(s3, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(() => KeysAsync(store));

        Assert.Contains("The answer cannot be read", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_TwoPages_GoesOnWithTheToken()
    {
        await using var s3 = new FakeS3(
            (200, """
                <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><EncodingType>url</EncodingType>
                <IsTruncated>true</IsTruncated><NextContinuationToken>t+/=</NextContinuationToken>
                <Contents><Key>a%2Bb+c%2F%C3%BC</Key><Size>5</Size><ETag>"e"</ETag>
                <LastModified>2026-01-02T03:04:05.000Z</LastModified></Contents></ListBucketResult>
                """),
            (200, "<ListBucketResult><Contents><Key>z</Key></Contents></ListBucketResult>"));
        using var store = Store(s3, TimeProvider.System);

        Assert.Equal(["a+b c/ü", "z"], await KeysAsync(store));
        Assert.Equal(
            [
                "GET /b?encoding-type=url&list-type=2&prefix=p%2F&start-after=s",
                "GET /b?continuation-token=t%2B%2F%3D&encoding-type=url&list-type=2&prefix=p%2F",
            ],
            s3.Asked.Select(asked => asked.Request));
    }

    [Fact]
    public async Task Get_RangeThatTheEndpointIgnores_IsNotTakenForThatPart()
    {
        await using var s3 = new FakeS3((200, "whole"));
        using var store = Store(s3, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<ObjectStoreException>(
            () => store.OpenAsync(new("b", "k"), 2, "\"e\"", default));

        Assert.Contains("not the range", failure.Message, StringComparison.Ordinal);
        Assert.Equal("bytes=2-", s3.Asked[0].Headers["Range"]);
        Assert.Equal("\"e\"", s3.Asked[0].Headers["If-Match"]);
    }

    [Fact]
    public async Task Get_WithKeys_IsSignedAndKeepsThePath()
    {
        await using var s3 = new FakeS3((200, ""));
        using var store = new HttpObjectStore(
            new S3EndpointOptions
            {
                Endpoint = new Uri(s3.Url, "base"),
                Region = "eu-west-1",
                Credentials = new AwsCredentials("AKID", "secret", "session"),
            },
            TimeProvider.System);

        await (await store.OpenAsync(new("b", "../a b/%2F", "v1"), 0, null, default)).DisposeAsync();

        var (request, headers) = Assert.Single(s3.Asked);
        Assert.Equal("GET /base/b/../a%20b/%252F?versionId=v1", request);
        Assert.Equal("session", headers["x-amz-security-token"]);
        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=AKID/", headers["Authorization"], StringComparison.Ordinal);
        Assert.Contains(
            "/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, ",
            headers["Authorization"],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_WithoutKeys_IsNotSigned()
    {
        await using var s3 = new FakeS3((200, ""));
        using var store = Store(s3, TimeProvider.System);

        _ = await store.HeadAsync(new("b", "k"), default);

        Assert.Null(s3.Asked[0].Headers["Authorization"]);
    }

    private static HttpObjectStore Store(FakeS3 s3, TimeProvider time) =>
        new(new S3EndpointOptions { Endpoint = s3.Url }, time);

    private static Task<ObjectStoreException> FailsAsync(HttpObjectStore store) =>
        Assert.ThrowsAsync<ObjectStoreException>(() => store.OpenAsync(new("b", "k"), 0, null, default));

    private static async Task<List<string>> KeysAsync(HttpObjectStore store)
    {
        var keys = new List<string>();
        await foreach (var item in store.ListAsync("b", "p/", "s", default))
        {
            keys.Add(item.Key);
        }

        return keys;
    }
}
