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

    [Fact]
    public async Task RunAsync_Invocations_AreAnsweredOneAfterTheOther()
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

        await RuntimeLoop.RunAsync(_api.Address, "h", _ => entryPoint, CancellationToken.None);

        Assert.Equal(
            [
                """invocation/r1/response {"Status":"SUCCEEDED","Result":"\"Hello, Ada\""}""",
                """invocation/r2/response {"Status":"SUCCEEDED","Result":"\"Hello, Bob\""}""",
            ],
            _api.Posts);
        Assert.Equal(["r1", "r2"], requestIds);
    }

    [Fact]
    public async Task RunAsync_InvocationThatThrows_IsReportedAndTheNextIsServed()
    {
        _api.Give("r1", "{\"order\":1}");
        _api.Give("r2", Envelope("1"));
        var entryPoint = new DurableEntryPoint<int, int>(
            (number, _) => Task.FromResult(number), new DurableFunctionOptions { ServiceClient = _service });

        await RuntimeLoop.RunAsync(_api.Address, "h", _ => entryPoint, CancellationToken.None);

        Assert.StartsWith("invocation/r1/error {\"errorType\":\"System.Text.Json.JsonException\"", _api.Posts[0]);
        Assert.Equal("""invocation/r2/response {"Status":"SUCCEEDED","Result":"1"}""", _api.Posts[1]);
    }

    [Fact]
    public async Task RunAsync_NoSuchHandler_IsAnInitError()
    {
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => RuntimeLoop.RunAsync(
            _api.Address, "h", name => throw new InvalidOperationException($"no {name}"), CancellationToken.None));

        Assert.Equal("no h", thrown.Message);
        using var error = JsonDocument.Parse(Assert.Single(_api.Posts)["init/error ".Length..]);
        Assert.Equal("no h", error.RootElement.GetProperty("errorMessage").GetString());
    }

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

    /// <summary>The Runtime API on a loopback port; ends the loop when it has nothing left to give.</summary>
    private sealed class RuntimeApi : IDisposable
    {
        private readonly HttpListener _http = new();
        private readonly Queue<(string RequestId, string Event)> _invocations = [];

        public RuntimeApi()
        {
            Address = $"127.0.0.1:{FreePort()}";
            _http.Prefixes.Add($"http://{Address}/");
            _http.Start();
            _ = ServeAsync();
        }

        public string Address { get; }

        public List<string> Posts { get; } = [];

        public void Give(string requestId, string json) => _invocations.Enqueue((requestId, json));

        public void Dispose() => _http.Close();

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        private async Task ServeAsync()
        {
            while (_http.IsListening)
            {
                HttpListenerContext call;
                try
                {
                    call = await _http.GetContextAsync();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                await AnswerAsync(call);
            }
        }

        private async Task AnswerAsync(HttpListenerContext call)
        {
            var path = call.Request.RawUrl?["/2018-06-01/runtime/".Length..] ?? "";
            if (call.Request.HttpMethod == "POST")
            {
                using var reader = new StreamReader(call.Request.InputStream);
                Posts.Add($"{path} {await reader.ReadToEndAsync()}");
                call.Response.StatusCode = 202;
            }
            else if (_invocations.TryDequeue(out var invocation))
            {
                call.Response.Headers.Add("Lambda-Runtime-Aws-Request-Id", invocation.RequestId);
                call.Response.Headers.Add("Lambda-Runtime-Deadline-Ms", "1764547200000");
                await call.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(invocation.Event));
            }
            else
            {
                call.Response.StatusCode = 410;
            }

            call.Response.Close();
        }
    }
}
