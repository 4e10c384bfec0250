using System.Net.Sockets;
using System.Text;
using Lungfish.Tests.Shared;

namespace Lungfish.Server.Tests;

/// <summary>A body of a gigabyte is refused by its size, and never kept.</summary>
[Collection(nameof(GiantBodyTests))]
public sealed class GiantBodyTests : IDisposable
{
    private const long Gigabyte = 1024 * 1024 * 1024;
    private const long Megabyte = 1024 * 1024;
    private const string Durable =
        "/2025-12-01/durable-executions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af%3A1%2F"
        + "durable-execution%2Fe%2F0198c1f2-0000-7000-8000-0123456789ab";

    private readonly TemporaryFolder _data = new();

    public static TheoryData<string, bool> Requests
    {
        get
        {
            var requests = new TheoryData<string, bool>();
            foreach (var isChunked in new[] { false, true })
            {
                requests.Add("POST / HTTP/1.1\r\nX-Amz-Target: AWSStepFunctions.StartExecution", isChunked);
                requests.Add("POST /2015-03-31/functions/f/invocations HTTP/1.1", isChunked);
                requests.Add("POST /2015-03-31/functions HTTP/1.1", isChunked);
                requests.Add($"POST {Durable}/checkpoint HTTP/1.1", isChunked);
                requests.Add("POST /2025-12-01/durable-execution-callbacks/AAAA/succeed HTTP/1.1", isChunked);
                requests.Add("POST /2025-12-01/durable-execution-callbacks/AAAA/fail HTTP/1.1", isChunked);
            }

            return requests;
        }
    }

    public void Dispose() => _data.Dispose();

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Post_AGigabyte_IsRefusedAndNotKept(string request, bool isChunked)
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = await Servers.StartAsync(_data);
        using var client = new TcpClient("127.0.0.1", server.Url.Port);
        var stream = client.GetStream();
        var length = isChunked ? "Transfer-Encoding: chunked" : $"Content-Length: {Gigabyte}";
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"{request}\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{length}\r\n\r\n"),
            stop);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var answer = ReadStatusAsync(stream, stop);
        var most = await SendUntilAnsweredAsync(stream, isChunked, answer, stop) - before;

        Assert.InRange(await answer, 400, 499);
        // The largest that is taken has 67 MB, in a buffer that doubles: the smaller ones may not be collected yet.
        Assert.True(most < 512 * Megabyte, $"{most} bytes");
    }

    /// <returns>The most memory that was in use meanwhile.</returns>
    private static async Task<long> SendUntilAnsweredAsync(
        NetworkStream stream, bool isChunked, Task<int> answer, CancellationToken stop)
    {
        var piece = new byte[Megabyte];
        Array.Fill(piece, (byte)' ');
        long most = 0;
        try
        {
            for (long sent = 0; sent < Gigabyte && !answer.IsCompleted; sent += piece.Length)
            {
                if (isChunked)
                {
                    await stream.WriteAsync("100000\r\n"u8.ToArray(), stop);
                }

                await stream.WriteAsync(piece, stop);
                if (isChunked)
                {
                    await stream.WriteAsync("\r\n"u8.ToArray(), stop);
                }

                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
            }
        }
        catch (IOException)
        {
            // It has heard enough.
        }

        return most;
    }

    private static async Task<int> ReadStatusAsync(NetworkStream stream, CancellationToken stop)
    {
        const int LineBytes = 12; // "HTTP/1.1 413"
        var line = new byte[LineBytes];
        await stream.ReadExactlyAsync(line, stop);
        return int.Parse(Encoding.ASCII.GetString(line)[9..], System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>Alone, because it measures memory.</summary>
[CollectionDefinition(nameof(GiantBodyTests), DisableParallelization = true)]
public sealed class GiantBodyCollection;
