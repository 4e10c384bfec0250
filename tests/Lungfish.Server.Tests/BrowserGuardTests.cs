using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Lungfish.Server.Tests;

public sealed class BrowserGuardTests
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost:8083")]
    [InlineData("LocalHost:1")]
    [InlineData("127.0.0.1:8083")]
    [InlineData("[::1]")]
    [InlineData("[::1]:8083")]
    [InlineData("sync-localhost:8083")]
    public async Task Request_HostIsLoopback_Answered(string host)
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        using var request = EdgeUnderTest.Request("ListActivities", "{}");
        request.Headers.Host = host;

        Assert.Equal(200, (await edge.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8083")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("169.254.169.254")]
    [InlineData("sync-evil.example")]
    public async Task Request_HostIsForeign_Forbidden(string host)
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        using var request = EdgeUnderTest.Request("ListActivities", "{}");
        request.Headers.Host = host;

        Assert.Equal(403, (await edge.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("GET", "/health")]
    [InlineData("GET", "/api/info")]
    [InlineData("POST", "/")]
    public async Task Request_OriginIsForeign_ForbiddenEverywhere(string method, string path)
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        foreach (var origin in new[] { "https://evil.example", "null", "http://localhost:1" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Add("Origin", origin);

            Assert.Equal(403, (await edge.SendAsync(request)).Status);
        }
    }

    [Fact]
    public async Task Request_OriginIsOurs_Answered()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        using var request = EdgeUnderTest.Request("ListActivities", "{}");
        request.Headers.Add("Origin", edge.Url.GetLeftPart(UriPartial.Authority));

        Assert.Equal(200, (await edge.SendAsync(request)).Status);
    }

    [Fact]
    public async Task Request_PageOfAnotherSiteAsksForAnImage_Forbidden()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/info");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Headers.Add("Sec-Fetch-Mode", "no-cors");
        request.Headers.Add("Sec-Fetch-Dest", "image");

        Assert.Equal(403, (await edge.SendAsync(request)).Status);
    }

    [Fact]
    public async Task Request_PersonFollowsALink_Answered()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/info");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Headers.Add("Sec-Fetch-Mode", "navigate");
        request.Headers.Add("Sec-Fetch-Dest", "document");

        Assert.Equal(200, (await edge.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/plain;charset=UTF-8")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=b")]
    public async Task Post_OfAFormsContentType_Forbidden(string type)
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        using var request = EdgeUnderTest.Request("ListActivities", "{}");
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}"));
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        Assert.Equal(403, (await edge.SendAsync(request)).Status);
    }

    [Fact]
    public async Task Options_Preflight_GrantsNothing()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, "/");
        request.Headers.Add("Origin", "https://evil.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");

        var answer = await edge.SendAsync(request);

        Assert.Equal((int)HttpStatusCode.Forbidden, answer.Status);
        Assert.DoesNotContain("Access-Control", answer.Headers, StringComparison.OrdinalIgnoreCase);
    }
}
