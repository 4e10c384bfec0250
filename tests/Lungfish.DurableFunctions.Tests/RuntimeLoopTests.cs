using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Lungfish.DurableFunctions.Tests;

public sealed class RuntimeLoopTests : IDisposable
{
    private readonly RuntimeApi _api = new();
    private readonly FakeService _service = new();

    public void Dispose() => _api.Dispose();

    [Theory]
    [InlineData(Platform.Lambda)]
    [InlineData(Platform.Direct)]
    [InlineData(Platform.AnswersAsk)]
    public async Task RunAsync_Invocations_AreAnsweredOneAfterTheOther(Platform platform)
    {
        _api.Give("r1", Envelope("\"Ada\""));
        _api.Give("r2", Envelope("\"Bob\""));
        var requestIds = new List<string>();
        var entryPoint = new DurableEntryPoint<string, string>(
            (name, context) =>
            {
                requestIds.Add(context.LambdaContext.AwsRequestId);
                return Task.FromResult("Hello, " + name);
            },
            new DurableFunctionOptions { ServiceClient = _service });

        await RunAsync(platform, _ => entryPoint);

        Assert.Equal(
            [
                """invocation/r1/response {"Status":"SUCCEEDED","Result":"\"Hello, Ada\""}""",
                """invocation/r2/response {"Status":"SUCCEEDED","Result":"\"Hello, Bob\""}""",
            ],
            _api.Posts);
        Assert.Equal(["r1", "r2"], requestIds);
    }

    [Theory]
    [InlineData(Platform.Lambda)]
    [InlineData(Platform.Direct)]
    [InlineData(Platform.AnswersAsk)]
    public async Task RunAsync_InvocationThatThrows_IsReportedAndTheNextIsServed(Platform platform)
    {
        _api.Give("r1", "{\"order\":1}");
        _api.Give("r2", Envelope("1"));
        var entryPoint = new DurableEntryPoint<int, int>(
            (number, _) => Task.FromResult(number), new DurableFunctionOptions { ServiceClient = _service });

        await RunAsync(platform, _ => entryPoint);

        Assert.StartsWith("invocation/r1/error {\"errorType\":\"System.Text.Json.JsonException\"", _api.Posts[0]);
        Assert.Equal("""invocation/r2/response {"Status":"SUCCEEDED","Result":"1"}""", _api.Posts[1]);
    }

    [Theory]
    [InlineData(Platform.Lambda)]
    [InlineData(Platform.Direct)]
    [InlineData(Platform.AnswersAsk)]
    public async Task RunAsync_NoSuchHandler_IsAnInitError(Platform platform)
    {
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(
            () => RunAsync(platform, name => throw new InvalidOperationException($"no {name}")));

        Assert.Equal("no h", thrown.Message);
        using var error = JsonDocument.Parse(Assert.Single(_api.Posts)["init/error ".Length..]);
        Assert.Equal("no h", error.RootElement.GetProperty("errorMessage").GetString());
    }

    public enum Platform
    {
        Lambda,

        /// <summary>A server of ours.</summary>
        Direct,

        /// <summary>One that takes an answer and the request for more work together.</summary>
        AnswersAsk,
    }

    private Task RunAsync(Platform platform, Func<string, DurableEntryPoint> find) => Task.Run(async () =>
    {
        _api.TakesAnswersThatAsk = platform == Platform.AnswersAsk;
        using IRuntimeApi api = platform == Platform.Lambda
            ? new RuntimeApiClient(_api.Address)
            : new DirectRuntimeApi(_api.Address, platform == Platform.AnswersAsk ? "other answer-next" : null);
        await RuntimeLoop.RunAsync(api, "h", find, CancellationToken.None);
    });

    private static string Envelope(string input) => JsonSerializer.Serialize(new
    {
        DurableExecutionArn = FakeService.Arn,
        CheckpointToken = "0",
        InitialExecutionState = new
        {
            Operations = new[]
            {
                new
                {
                    Id = "e",
                    Type = "EXECUTION",
                    Status = "STARTED",
                    ExecutionDetails = new { InputPayload = input },
                },
            },
        },
    });

    /// <summary>The Runtime API on a loopback port; ends the loop when it has nothing left to give. It takes requests
    /// that come together, which <see cref="HttpListener"/> does not.</summary>
    private sealed class RuntimeApi : IDisposable
    {
        private readonly TcpListener _tcp = new(IPAddress.Loopback, 0);
        private readonly Queue<(string RequestId, string Event)> _invocations = [];

        public RuntimeApi()
        {
            _tcp.Start();
            Address = $"{_tcp.LocalEndpoint}";
            _ = AcceptAsync();
        }

        public string Address { get; }

        public List<string> Posts { get; } = [];

        public bool TakesAnswersThatAsk { get; set; }

        public void Give(string requestId, string json) => _invocations.Enqueue((requestId, json));

        public void Dispose() => _tcp.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    _ = ServeAsync(await _tcp.AcceptTcpClientAsync());
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private async Task ServeAsync(TcpClient client)
        {
            using (client)
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
                while (await reader.ReadLineAsync() is { } request)
                {
                    var length = 0;
                    while (await reader.ReadLineAsync() is { Length: > 0 } header)
                    {
                        const string Length = "Content-Length: ";
                        length = header.StartsWith(Length, StringComparison.OrdinalIgnoreCase)
                            ? int.Parse(header.AsSpan(Length.Length), CultureInfo.InvariantCulture)
                            : length;
                    }

                    var body = new char[length];
                    if (length > 0)
                    {
                        await reader.ReadBlockAsync(body); // Of nothing, it would wait for the next request.
                    }

                    await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(Answer(request, new string(body))));
                }
            }
        }

        private string Answer(string request, string body)
        {
            var path = request.Split(' ')[1]["/2018-06-01/runtime/".Length..];
            if (request.StartsWith("POST", StringComparison.Ordinal))
            {
                const string AndNext = "/next";
                var asks = path.EndsWith(AndNext, StringComparison.Ordinal);
                Posts.Add($"{(asks ? path[..^AndNext.Length] : path)} {body}");
                Assert.Equal(TakesAnswersThatAsk && !path.StartsWith("init/", StringComparison.Ordinal), asks);
                return asks ? Next() : "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
            }

            return Next();
        }

        private string Next() =>
            _invocations.TryDequeue(out var next)
                ? $"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: {next.RequestId}\r\n"
                    + $"Lambda-Runtime-Deadline-Ms: 1764547200000\r\nContent-Length: {next.Event.Length}\r\n\r\n"
                    + next.Event
                : "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n";
    }
}
