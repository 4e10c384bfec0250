using System.Net.Http.Headers;
using System.Text;
using Lungfish.Json;
using Lungfish.Tests.Shared;
using Microsoft.Extensions.Logging;

namespace Lungfish.Server.Tests;

/// <summary>Requests that are nearly right, to every API of a whole server: each is answered, none with a fault of the
/// server's, and the server goes on.</summary>
public sealed class EdgeFuzzTests : IDisposable
{
    private const string Role = "arn:aws:iam::000000000000:role/r";
    private const string Pass = """{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}""";
    private const string Machine = "arn:aws:states:us-east-1:000000000000:stateMachine:m";
    private const string Execution = "arn:aws:states:us-east-1:000000000000:execution:m:e";
    private const string Durable =
        "/2025-12-01/durable-executions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af%3A1%2F"
        + "durable-execution%2Fe%2F0198c1f2-0000-7000-8000-0123456789ab";

    // The target of the JSON protocol, or method and path of another; then the body.
    private static readonly (string Target, string Body)[] Samples =
    [
        ("CreateStateMachine", $$"""{"name":"n","definition":"{{Pass}}","roleArn":"{{Role}}","tags":[{"key":"k"}]}"""),
        ("UpdateStateMachine", $$"""{"stateMachineArn":"{{Machine}}","definition":"{{Pass}}"}"""),
        ("DescribeStateMachine", $$"""{"stateMachineArn":"{{Machine}}","includedData":"METADATA_ONLY"}"""),
        ("DescribeStateMachineForExecution", $$"""{"executionArn":"{{Execution}}"}"""),
        ("DeleteStateMachine", """{"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:n"}"""),
        ("ListStateMachines", """{"maxResults":3,"nextToken":"AAAA"}"""),
        ("ValidateStateMachineDefinition", $$"""{"definition":"{{Pass}}","type":"STANDARD","maxResults":5}"""),
        ("TestState", """{"definition":"{\"Type\":\"Pass\",\"End\":true}","input":"{\"a\":[1,2.5e3,null]}"}"""),
        ("StartExecution", $$"""{"stateMachineArn":"{{Machine}}","input":"{\"a\":[1,-0,\"\\u00e4\"]}"}"""),
        ("StopExecution", $$"""{"executionArn":"{{Execution}}","error":"E","cause":"because"}"""),
        ("DescribeExecution", $$"""{"executionArn":"{{Execution}}"}"""),
        ("ListExecutions", $$"""{"stateMachineArn":"{{Machine}}","statusFilter":"SUCCEEDED","maxResults":10}"""),
        ("GetExecutionHistory", $$"""{"executionArn":"{{Execution}}","reverseOrder":true,"maxResults":2}"""),
        ("CreateActivity", """{"name":"a"}"""),
        ("DescribeActivity", """{"activityArn":"arn:aws:states:us-east-1:000000000000:activity:a"}"""),
        ("GetActivityTask", """{"activityArn":"arn:aws:states:us-east-1:000000000000:activity:no","workerName":"w"}"""),
        ("SendTaskSuccess", """{"taskToken":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","output":"{}"}"""),
        ("SendTaskFailure", """{"taskToken":"AAAAAAAAAAAAAAAAAAAA","error":"E","cause":"c"}"""),
        ("SendTaskHeartbeat", """{"taskToken":"AAAAAAAAAAAAAAAAAAAA"}"""),
        ("ListMapRuns", $$"""{"executionArn":"{{Execution}}"}"""),
        ("UpdateMapRun", """{"mapRunArn":"arn:aws:states:us-east-1:000000000000:mapRun:m/x:y","maxConcurrency":2}"""),
        ("POST /2015-03-31/functions", $$"""
            {"FunctionName":"g","Runtime":"python3.12","Handler":"a.b","Role":"{{Role}}","Timeout":3,
            "Environment":{"Variables":{"A":"b"} },"Code":{"ZipFile":"UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="} }
            """),
        ("PUT /2015-03-31/functions/g/configuration", """{"Timeout":5,"MemorySize":256,"Environment":{}}"""),
        ("POST /2015-03-31/functions/g/aliases", """{"Name":"live","FunctionVersion":"1"}"""),
        ("POST /2015-03-31/functions/none/invocations", """{"a":1}"""),
        ("GET /2015-03-31/functions?MaxItems=2&Marker=x", ""),
        ($"POST {Durable}/checkpoint", """
            {"CheckpointToken":"AAAA","Updates":[{"Id":"1","Type":"STEP","Action":"SUCCEED","Payload":"{}"}]}
            """),
        ($"GET {Durable}/state?CheckpointToken=AAAA&MaxItems=3", ""),
        ($"GET {Durable}/history?MaxItems=3&Marker=AAAA", ""),
        ("POST /2025-12-01/durable-execution-callbacks/AAAAAAAAAAAA/succeed", "{}"),
        ("POST /2025-12-01/durable-execution-callbacks/AAAAAAAAAAAA/fail", """{"ErrorType":"E","ErrorMessage":"m"}"""),
        ("GET /api/executions?status=RUNNING&limit=3&prefix=a", ""),
        ("GET /api/resolve?text=e&kind=execution", ""),
    ];

    private readonly TemporaryFolder _data = new();
    private readonly Faults _faults = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Request_AnyMutation_IsAnsweredAndIsNoFaultOfTheServers()
    {
        await using var server = await Servers.StartAsync(
            _data, options => options with { ConfigureLogging = logging => logging.AddProvider(_faults) });
        using var client = new ApiClient(server.Url);

        FuzzRun.Over(Mutated, sample => CheckAsync(client.Http, sample).GetAwaiter().GetResult(), weight: 4);

        var health = await client.Http.GetStringAsync(
            new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("ok", health);
    }

    private static FuzzedRequest Mutated(Random random)
    {
        var (target, body) = Samples[random.Next(Samples.Length)];
        var bytes = random.Next(3) == 0
            ? Broken(random, Encoding.UTF8.GetBytes(body))
            : Encoding.UTF8.GetBytes(FuzzRun.Mutate(random, [body]));
        var path = target.IndexOf(' ', StringComparison.Ordinal) is var space and >= 0 && random.Next(3) == 0
            ? target[..(space + 2)] + Uri.EscapeDataString(FuzzRun.Mutate(random, [target[(space + 2)..]]))
            : target;
        return new FuzzedRequest(path, bytes, IsChunked: random.Next(2) == 0);
    }

    /// <summary>Bytes that are no UTF-8, and bits that have flipped.</summary>
    private static byte[] Broken(Random random, byte[] bytes)
    {
        for (var changes = random.Next(1, 5); changes > 0 && bytes.Length > 0; changes--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    private async Task CheckAsync(HttpClient client, FuzzedRequest fuzzed)
    {
        using var request = fuzzed.ToMessage();
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if ((int)response.StatusCode >= 500 || !_faults.IsEmpty)
        {
            throw new InvalidOperationException($"{(int)response.StatusCode} {text}\n{_faults.Take()}");
        }

        if (text.Length > 0 && response.Content.Headers.ContentType?.MediaType?.Contains(
            "json", StringComparison.Ordinal) == true)
        {
            _ = JsonValue.Parse(text);
        }
    }

    private sealed record FuzzedRequest(string Target, byte[] Body, bool IsChunked)
    {
        public HttpRequestMessage ToMessage()
        {
            var space = Target.IndexOf(' ', StringComparison.Ordinal);
            var (method, path) = space < 0 ? ("POST", "/") : (Target[..space], Target[(space + 1)..]);
            var message = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
            if (space < 0)
            {
                message.Headers.Add("X-Amz-Target", "AWSStepFunctions." + Target);
            }

            if (message.Method != HttpMethod.Get)
            {
                message.Content = new ByteArrayContent(Body);
                message.Content.Headers.ContentType =
                    new MediaTypeHeaderValue(space < 0 ? "application/x-amz-json-1.0" : "application/json");
                message.Headers.TransferEncodingChunked = IsChunked;
            }

            return message;
        }

        public override string ToString() => $"{Target} {Encoding.UTF8.GetString(Body)} {Convert.ToHexString(Body)}";
    }

    /// <summary>What the server logs as its own mistake.</summary>
    private sealed class Faults : ILoggerProvider, ILogger
    {
        private readonly Lock _gate = new();
        private readonly List<string> _lines = [];

        public bool IsEmpty
        {
            get
            {
                lock (_gate)
                {
                    return _lines.Count == 0;
                }
            }
        }

        public string Take()
        {
            lock (_gate)
            {
                var all = string.Join('\n', _lines);
                _lines.Clear();
                return all;
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lock (_gate)
                {
                    _lines.Add($"{formatter(state, exception)} {exception}");
                }
            }
        }

        public void Dispose()
        {
        }
    }
}
