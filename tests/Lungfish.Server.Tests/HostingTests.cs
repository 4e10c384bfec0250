using System.Net;
using System.Net.Sockets;
using Lungfish.Server.Hosting;

namespace Lungfish.Server.Tests;

public sealed class HostingTests
{
    [Fact]
    public async Task Health_BeforeTheServerIsReady_SaysThatItStarts()
    {
        await using var edge = await EdgeUnderTest.BindAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");

        var answer = await edge.SendAsync(request);

        Assert.Equal(
            (503, "ServiceUnavailable", "The server is starting. Try again."),
            (answer.Status, answer.Type, answer.Message));
    }

    [Fact]
    public async Task Health_WhenReady_Ok()
    {
        await using var edge = await EdgeUnderTest.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");

        var answer = await edge.SendAsync(request);

        Assert.Equal((200, "ok"), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health")]
    public async Task Get_WhatPeopleRead_IsPlainText(string path)
    {
        await using var edge = await EdgeUnderTest.StartAsync();

        using var response = await edge.Client.GetAsync(
            new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData("http://0.0.0.0:8083", "no authentication yet")]
    [InlineData("http://[::]:8083", "no authentication yet")]
    [InlineData("http://192.168.0.1:8083", "no authentication yet")]
    [InlineData("http://example.com", "no authentication yet")]
    [InlineData("http://*:8083", "--urls")]
    [InlineData("https://127.0.0.1:8083", "TLS")]
    [InlineData("http://127.0.0.1:8083/path", "no path")]
    [InlineData("8083", "--urls")]
    [InlineData("", "--urls")]
    public async Task Bind_AddressNotAcceptable_RefusedInOneSentence(string url, string reason)
    {
        var refusal = await Assert.ThrowsAsync<ServerRefusedException>(() => EdgeUnderTest.BindAsync(url));

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://localhost:0")]
    [InlineData("http://[::1]:0")]
    public async Task Bind_PortZero_KnowsTheRealPort(string url)
    {
        await using var edge = await EdgeUnderTest.BindAsync(url);

        Assert.NotEqual(0, edge.Url.Port);
        Assert.True(edge.Url.IsLoopback);
    }

    [Fact]
    public async Task Bind_PortTaken_SaysByWhomAndWhatToDo()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var refusal = await Assert.ThrowsAsync<ServerRefusedException>(
            () => EdgeUnderTest.BindAsync($"http://127.0.0.1:{port}"));

        Assert.Contains($"port {port} is taken by ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--urls", refusal.Message, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
        {
            Assert.Contains($"(pid {Environment.ProcessId})", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task FindPortOwner_WhileItsFilesAreOpenedAndClosed_IsFound()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells.");
        var lower = File.OpenRead("/proc/self/comm"); // Its number is free later, and met before the listener's.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await lower.DisposeAsync();
        using var ended = new CancellationTokenSource();
        var churn = Task.Run(
            () =>
            {
                while (!ended.IsCancellationRequested)
                {
                    using var file = File.OpenRead("/proc/self/comm");
                }
            },
            TestContext.Current.CancellationToken);

        var owners = Enumerable.Range(0, 100).Select(_ => PortOwner.Find(port)).ToHashSet();
        await ended.CancelAsync();
        await churn;

        Assert.EndsWith($"(pid {Environment.ProcessId})", Assert.Single(owners), StringComparison.Ordinal);
    }

    [Fact]
    public void TokenKey_AskedTwice_IsTheSameAndPrivate()
    {
        var directory = Directory.CreateTempSubdirectory("lungfish-key-");
        try
        {
            var first = TokenKeyFile.ReadOrCreate(directory.FullName);
            var second = TokenKeyFile.ReadOrCreate(directory.FullName);

            Assert.Equal(32, first.Length);
            Assert.Equal(first, second);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(
                    UnixFileMode.UserRead | UnixFileMode.UserWrite,
                    File.GetUnixFileMode(Path.Combine(directory.FullName, "token.key")));
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void TokenKey_FileIsCutShort_Refused()
    {
        var directory = Directory.CreateTempSubdirectory("lungfish-key-");
        try
        {
            File.WriteAllBytes(Path.Combine(directory.FullName, "token.key"), [1, 2, 3]);

            Assert.Throws<ServerRefusedException>(() => TokenKeyFile.ReadOrCreate(directory.FullName));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
