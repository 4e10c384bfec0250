using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lungfish.DurableFunctions.Tests;

/// <summary>The short way to a server of ours.</summary>
public sealed class DirectClientTests : IDisposable
{
    private static readonly byte[] s_request = DirectConnection.Request("POST /x HTTP/1.1", "Host: h\r\n", "{}"u8);

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly DirectClient _client;

    public DirectClientTests()
    {
        _server.Start();
        var port = ((IPEndPoint)_server.LocalEndpoint).Port;
        _client = new DirectClient(new Uri($"http://127.0.0.1:{port}"), TimeSpan.FromMinutes(1));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task CallAsync_AnswerComesByteByByte_IsGivenWhole()
    {
        var call = CallAsync();
        using var connection = await AcceptAsync();
        var sent = "HTTP/1.1 400 Bad Request\r\nx-amzn-errortype:  A\r\ncontent-length: 3\r\n\r\nabc"u8.ToArray();
        foreach (var one in sent)
        {
            await connection.SendAsync(new[] { one }, Cancellation);
        }

        var answer = await call;

        Assert.Equal(400, answer.Status);
        Assert.Equal("A", answer.Header("x-amzn-ErrorType"));
        Assert.Null(answer.Header("x-amzn"));
        Assert.Equal("abc"u8.ToArray(), answer.Body);
    }

    [Fact]
    public async Task CallAsync_LargeAnswer_IsGivenWhole()
    {
        var body = new string('x', 1_000_000);
        var call = CallAsync();
        using var connection = await AcceptAsync();
        await SendAsync(connection, body);

        Assert.Equal(body, Encoding.ASCII.GetString((await call).Body));
    }

    [Fact]
    public async Task CallAsync_Twice_OverOneConnection()
    {
        var first = CallAsync();
        using var connection = await AcceptAsync();
        await SendAsync(connection, "1");
        await first;

        var second = CallAsync();
        await ReadRequestAsync(connection);
        await SendAsync(connection, "2");

        Assert.Equal("2"u8.ToArray(), (await second).Body);
        Assert.False(_server.Pending());
    }

    [Fact]
    public async Task CallAsync_SeveralAtOnce_EachOnAConnectionThatIsKept()
    {
        var (first, second) = (CallAsync(), CallAsync());
        using var one = await AcceptAsync();
        using var another = await AcceptAsync();
        await SendAsync(one, "1");
        await SendAsync(another, "2");
        var answers = new[] { await first, await second };

        var (third, fourth) = (CallAsync(), CallAsync());
        await ReadRequestAsync(one);
        await ReadRequestAsync(another);
        await SendAsync(one, "3");
        await SendAsync(another, "4");

        Assert.Equal(["1", "2"], answers.Select(TextOf).Order());
        Assert.Equal(["3", "4"], new[] { await third, await fourth }.Select(TextOf).Order());
        Assert.False(_server.Pending());
    }

    [Fact]
    public async Task CallAsync_KeptConnectionWasClosed_IsRepeatedOnANewOne()
    {
        var first = CallAsync();
        using (var connection = await AcceptAsync())
        {
            await SendAsync(connection, "1");
            await first;
        }

        var second = CallAsync();
        using var another = await AcceptAsync();
        await SendAsync(another, "2");

        Assert.Equal("2"u8.ToArray(), (await second).Body);
    }

    [Fact]
    public async Task CallAsync_NewConnectionIsClosed_IsAFailure()
    {
        var call = CallAsync();
        using (await AcceptAsync())
        {
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => call);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("SSH-2.0-whatever-it-is\r\n\r\n")]
    public async Task CallAsync_AnswerWithoutLength_IsAFailure(string answer)
    {
        var call = CallAsync();
        using var connection = await AcceptAsync();
        await connection.SendAsync(Encoding.ASCII.GetBytes(answer), Cancellation);

        await Assert.ThrowsAsync<HttpRequestException>(() => call);
    }

    [Fact]
    public async Task CallAsync_NobodyListens_IsAFailure()
    {
        _server.Stop();

        await Assert.ThrowsAsync<HttpRequestException>(() => CallAsync());
    }

    private static string TextOf(HttpAnswer answer) => Encoding.ASCII.GetString(answer.Body);

    private Task<HttpAnswer> CallAsync() => Task.Run(() => _client.Call(s_request), Cancellation);

    private static Task<int> SendAsync(Socket connection, string body) => connection.SendAsync(
        Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}"), SocketFlags.None);

    private static async Task ReadRequestAsync(Socket connection)
    {
        var read = 0;
        while (read < s_request.Length)
        {
            read += await connection.ReceiveAsync(new byte[s_request.Length], Cancellation);
        }
    }

    private async Task<Socket> AcceptAsync()
    {
        var connection = await _server.AcceptSocketAsync(Cancellation);
        await ReadRequestAsync(connection);
        return connection;
    }
}
