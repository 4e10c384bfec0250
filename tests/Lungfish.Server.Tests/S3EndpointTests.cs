using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using Lungfish.Server.Hosting;
using Lungfish.Tests.Shared;

namespace Lungfish.Server.Tests;

/// <summary>The S3 endpoint over folder buckets, on a started server, as SDKs speak to it.</summary>
public sealed class S3EndpointTests : IAsyncLifetime
{
    private static readonly AuthenticationHeaderValue s_signed = new(
        "AWS4-HMAC-SHA256", "Credential=any/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0");

    private readonly TemporaryFolder _data = new();
    private readonly HttpClient _client = new();
    private LungfishServer? _server;

    public async ValueTask InitializeAsync()
    {
        _server = await Servers.StartAsync(_data);
        _client.DefaultRequestHeaders.Authorization = s_signed;
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("PUT", "/data")).StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _client.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Put_ThenGet_GivesTheSameBytesAndTheirMd5()
    {
        var put = await SendAsync("PUT", "/data/in/a%20b%2Bc.txt", "hello");
        var get = await SendAsync("GET", "/data/in/a%20b%2Bc.txt");
        var head = await SendAsync("HEAD", "/data/in/a%20b%2Bc.txt");

        Assert.Equal("\"5d41402abc4b2a76b9719d911017c592\"", put.Headers.ETag?.Tag);
        Assert.Equal("hello", await get.Content.ReadAsStringAsync());
        Assert.Equal(put.Headers.ETag, get.Headers.ETag);
        Assert.Equal(5, head.Content.Headers.ContentLength);
        Assert.Equal("hello", await File.ReadAllTextAsync(_data["buckets/data/in/a b+c.txt"]));
    }

    // Documented: "Signature Calculations for the Authorization Header: Transferring a Payload in Multiple Chunks".
    [Theory]
    [InlineData("5;chunk-signature=ab\r\nhello\r\n3;chunk-signature=cd\r\n, x\r\n0;chunk-signature=ef\r\n\r\n")]
    [InlineData("8\r\nhello, x\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n")]
    public async Task Put_InChunks_KeepsTheContentOnly(string body)
    {
        var put = await SendAsync(
            "PUT", "/data/k", body, ("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"));

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal("hello, x", await (await SendAsync("GET", "/data/k")).Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("9\r\nshort")]
    [InlineData("no length\r\n")]
    [InlineData("2\r\nlonger than that\r\n0\r\n\r\n")]
    [InlineData("-1\r\n\r\n")]
    [InlineData("")]
    public async Task Put_ChunksThatAreNot_IsRefusedAndKeepsNothing(string body)
    {
        var put = await SendAsync("PUT", "/data/k", body, ("Content-Encoding", "aws-chunked"));

        Assert.Equal("IncompleteBody", await CodeOfAsync(put));
        Assert.Equal("NoSuchKey", await CodeOfAsync(await SendAsync("GET", "/data/k")));
    }

    [Theory]
    [InlineData("bytes=1-2", "el", "bytes 1-2/5")]
    [InlineData("bytes=3-", "lo", "bytes 3-4/5")]
    [InlineData("bytes=-2", "lo", "bytes 3-4/5")]
    [InlineData("bytes=1-99", "ello", "bytes 1-4/5")]
    public async Task Get_Range_IsThatPart(string range, string expected, string told)
    {
        _ = await SendAsync("PUT", "/data/k", "hello");

        var get = await SendAsync("GET", "/data/k", null, ("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, get.StatusCode);
        Assert.Equal(expected, await get.Content.ReadAsStringAsync());
        Assert.Equal(told, get.Content.Headers.ContentRange?.ToString());
    }

    [Theory]
    [InlineData("GET", "/data/k?acl", 501, "NotImplemented")]
    [InlineData("GET", "/none/k", 404, "NoSuchBucket")]
    [InlineData("GET", "/data/none", 404, "NoSuchKey")]
    [InlineData("PUT", "/data", 409, "BucketAlreadyOwnedByYou")]
    [InlineData("PUT", "/No_Bucket", 400, "InvalidBucketName")]
    [InlineData("PUT", "/..%2Fdata", 400, "InvalidBucketName")]
    [InlineData("PUT", "/data/../../lungfish.db", 400, "InvalidRequest")]
    [InlineData("PUT", "/data/%2E%2E/%2E%2E/lungfish.db", 400, "InvalidRequest")]
    [InlineData("PUT", "/data/..%2F..%2Flungfish.db", 400, "InvalidRequest")]
    [InlineData("GET", "/data/..%2F..%2Flungfish.db", 404, "NoSuchKey")]
    [InlineData("GET", "/data?max-keys=x", 400, "InvalidArgument")]
    [InlineData("GET", "/data?list-type=2&continuation-token=%21", 400, "InvalidArgument")]
    [InlineData("POST", "/data?delete", 400, "MalformedXML")]
    [InlineData("POST", "/", 501, "NotImplemented")]
    public async Task Request_NotAcceptable_IsRefusedByName(string method, string target, int status, string code)
    {
        var answer = await SendAsync(method, target, method == "GET" ? null : "<!DOCTYPE x []><Delete/>");

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(code, await CodeOfAsync(answer));
    }

    [Fact]
    public async Task List_PageByPage_TellsEachKeyAndPrefixOnce()
    {
        foreach (var key in (string[])["a", "b/1", "b/2", "c", "d/x", "e"])
        {
            _ = await SendAsync("PUT", "/data/" + key, "x");
        }

        var (keys, prefixes) = (new List<string>(), new List<string>());
        string? token = "";
        while (token is not null)
        {
            var page = XElement.Parse(await (await SendAsync(
                "GET",
                $"/data?list-type=2&delimiter=%2F&max-keys=2&continuation-token={Uri.EscapeDataString(token)}"))
                .Content.ReadAsStringAsync());
            var ns = page.Name.Namespace;
            keys.AddRange(page.Elements(ns + "Contents").Select(item => item.Element(ns + "Key")?.Value ?? ""));
            prefixes.AddRange(
                page.Elements(ns + "CommonPrefixes").Select(item => item.Element(ns + "Prefix")?.Value ?? ""));
            Assert.InRange(page.Elements(ns + "Contents").Concat(page.Elements(ns + "CommonPrefixes")).Count(), 0, 2);
            token = page.Element(ns + "NextContinuationToken")?.Value;
        }

        Assert.Equal(["a", "c", "e"], keys);
        Assert.Equal(["b/", "d/"], prefixes);
    }

    [Fact]
    public async Task Delete_OneAndMany_RemovesThem()
    {
        foreach (var key in (string[])["a", "b", "c"])
        {
            _ = await SendAsync("PUT", "/data/" + key, "x");
        }

        var one = await SendAsync("DELETE", "/data/a");
        var many = await SendAsync(
            "POST",
            "/data?delete",
            """<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>b</Key></Object></Delete>""");

        Assert.Equal(HttpStatusCode.NoContent, one.StatusCode);
        Assert.Contains("<Key>b</Key>", await many.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(
            ["c"], Directory.EnumerateFiles(_data["buckets/data"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Upload_InParts_BecomesOneObject()
    {
        var id = await BeginUploadAsync("/data/k");
        var second = await SendAsync("PUT", $"/data/k?partNumber=2&uploadId={id}", "world");
        _ = await SendAsync("PUT", $"/data/k?partNumber=1&uploadId={id}", "to be replaced");
        var first = await SendAsync("PUT", $"/data/k?partNumber=1&uploadId={id}", "hello, ");
        var early = await SendAsync("GET", "/data/k");
        var done = await SendAsync("POST", $"/data/k?uploadId={id}", Parts((1, first), (2, second)));

        Assert.Equal(HttpStatusCode.NotFound, early.StatusCode);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.Equal("hello, world", await (await SendAsync("GET", "/data/k")).Content.ReadAsStringAsync());
        Assert.Equal("NoSuchUpload", await CodeOfAsync(await SendAsync("DELETE", $"/data/k?uploadId={id}")));
    }

    [Fact]
    public async Task Upload_NotAsItShouldBe_IsRefusedByName()
    {
        var id = await BeginUploadAsync("/data/k");
        var part = await SendAsync("PUT", $"/data/k?partNumber=1&uploadId={id}", "x");

        await RefusesAsync("NoSuchUpload", "PUT", $"/data/other?partNumber=1&uploadId={id}", "x");
        await RefusesAsync("NoSuchUpload", "PUT", "/data/k?partNumber=1&uploadId=..%2F..%2Fdata", "x");
        await RefusesAsync("InvalidArgument", "PUT", $"/data/k?partNumber=10001&uploadId={id}", "x");
        await RefusesAsync("InvalidArgument", "PUT", $"/data/k?partNumber=x&uploadId={id}", "x");
        await RefusesAsync("InvalidPartOrder", "POST", $"/data/k?uploadId={id}", Parts((1, part), (1, part)));
        await RefusesAsync("InvalidPart", "POST", $"/data/k?uploadId={id}", Parts((2, part)));
        await RefusesAsync("MalformedXML", "POST", $"/data/k?uploadId={id}", Parts());
        await RefusesAsync("InvalidRequest", "POST", "/data/../k?uploads", "");
        await RefusesAsync("NoSuchBucket", "POST", "/none/k?uploads", "");
        Assert.Equal(
            HttpStatusCode.NoContent, (await SendAsync("DELETE", $"/data/k?uploadId={id}")).StatusCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_data["buckets/.incoming"]));
    }

    [Fact]
    public async Task Request_NotSignedForS3_IsNotForIt()
    {
        using var client = new HttpClient();
        using var presigned = new HttpRequestMessage(
            HttpMethod.Post, Address("/data/k?X-Amz-Credential=any/20260101/us-east-1/s3/aws4_request"))
        {
            Content = new StringContent("x", Encoding.UTF8, "text/plain"),
        };

        // A web form can give any address, but no header.
        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(presigned)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(Address("/data/k"))).StatusCode);
    }

    [Theory]
    [InlineData("X-Amz-Credential=any/20260101/us-east-1/s3/aws4_request")]
    [InlineData("X%2DAmz%2DCredential=any%2F20260101%2Fus-east-1%2Fs3%2Faws4_request")]
    [InlineData("%58-Amz-Credential=any%2F20260101%2Fus-east-1%2Fs3%2Faws4_request")]
    public async Task Request_PresignedNameInAnyEncoding_IsForIt(string query)
    {
        using var client = new HttpClient();
        _ = await SendAsync("PUT", "/data/k", "presigned");

        Assert.Equal(
            "presigned",
            await client.GetStringAsync(Address($"/data/k?{query}"), TestContext.Current.CancellationToken));
    }

    private static string Parts(params (int Number, HttpResponseMessage Part)[] parts) => new XElement(
        "CompleteMultipartUpload",
        parts.Select(part => new XElement(
            "Part",
            new XElement("PartNumber", part.Number),
            new XElement("ETag", part.Part.Headers.ETag?.Tag)))).ToString();

    private async Task<string?> BeginUploadAsync(string target) =>
        XElement.Parse(await (await SendAsync("POST", target + "?uploads", "")).Content.ReadAsStringAsync())
            .Elements().FirstOrDefault(element => element.Name.LocalName == "UploadId")?.Value;

    private async Task RefusesAsync(string code, string method, string target, string body) =>
        Assert.Equal(code, await CodeOfAsync(await SendAsync(method, target, body)));

    private static async Task<string?> CodeOfAsync(HttpResponseMessage answer) =>
        XElement.Parse(await answer.Content.ReadAsStringAsync()).Element("Code")?.Value;

    private Uri Address(string target) => new(
        $"http://{_server?.Url.Authority}{target}",
        new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private async Task<HttpResponseMessage> SendAsync(
        string method, string target, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Address(target));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                _ = request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
