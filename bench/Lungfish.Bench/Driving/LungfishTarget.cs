using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Lungfish.Bench.Workloads;

namespace Lungfish.Bench.Driving;

/// <summary>A fresh server with the streams on which it pushes what happens.</summary>
internal sealed class LungfishTarget : IAsyncDisposable
{
    private readonly ChildServer _server;
    private readonly HttpClient _http;
    private readonly List<LineStream> _streams = [];

    private LungfishTarget(ChildServer server, int clientsMax)
    {
        _server = server;
        _http = new HttpClient { BaseAddress = server.Url };
        Completions = new Waiters(clientsMax);
        Tokens = new Waiters(clientsMax);
    }

    public Uri Url => _server.Url;

    public int ProcessId => _server.ProcessId;

    public Waiters Completions { get; }

    public Waiters Tokens { get; }

    public static async Task<LungfishTarget> StartAsync(string dataDirectory, int clientsMax)
    {
        var target = new LungfishTarget(await ChildServer.StartAsync("serve", dataDirectory), clientsMax);
        target._streams.Add(await LineStream.OpenAsync(
            new Uri(target.Url, "/api/executions/watch"), line => target.Completions.Tell(line, "\"status\":\""u8)));
        target._streams.Add(await LineStream.OpenAsync(
            new Uri(target.Url, "/bench/tokens"), line => target.Tokens.Tell(line, "\"token\":\""u8)));
        return target;
    }

    public async Task<IWorkload> CreateAsync(string id) => id switch
    {
        "w1" => await MachineAsync(id, Definitions.OneTask(Definitions.NoopResource)),
        "w1-node" => await MachineAsync(id, Definitions.OneTask(await CreateFunctionAsync())),
        "w3" => await MachineAsync(id, Definitions.Callback, answersTokens: true),
        "w7" => await MachineAsync(id, Definitions.PassChain),
        _ when id.Contains("-alone-", StringComparison.Ordinal) => new AloneWorkload(id, this),
        _ when id.Contains("-durable-", StringComparison.Ordinal) => new DurableWorkload(id, this),
        _ => throw new ArgumentException($"There is no workload '{id}'.", nameof(id)),
    };

    /// <summary>How many executions of either kind have ended since the server started.</summary>
    public async Task<int> CountClosedAsync() =>
        int.Parse(await _http.GetStringAsync("/bench/closed"), CultureInfo.InvariantCulture);

    private async Task<IWorkload> MachineAsync(string id, string definition, bool answersTokens = false) =>
        new StateMachineWorkload(id, this, await CreateMachineAsync(id, definition), answersTokens);

    /// <returns>The machine's ARN.</returns>
    public async Task<string> CreateMachineAsync(string id, string definition)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/");
        request.Headers.Add("X-Amz-Target", "AWSStepFunctions.CreateStateMachine");
        request.Content = new StringContent(
            new JsonObject
            {
                ["name"] = id,
                ["definition"] = definition,
                ["roleArn"] = "arn:aws:iam::000000000000:role/bench",
            }.ToJsonString(),
            Encoding.UTF8, "application/x-amz-json-1.0");
        return Member(await SendAsync(request), "stateMachineArn");
    }

    /// <returns>The function's ARN, when it can be invoked.</returns>
    private async Task<string> CreateFunctionAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/2015-03-31/functions")
        {
            Content = JsonContent.Create(new JsonObject
            {
                ["FunctionName"] = "echo",
                ["Runtime"] = "nodejs20.x",
                ["Handler"] = "index.handler",
                ["Role"] = "arn:aws:iam::000000000000:role/bench",
                ["Code"] = new JsonObject { ["ZipFile"] = Convert.ToBase64String(Definitions.EchoFunctionZip()) },
            }),
        };
        var configuration = await SendAsync(request);
        while (Member(configuration, "State") == "Pending")
        {
            await Task.Delay(100);
            using var again = new HttpRequestMessage(HttpMethod.Get, "/2015-03-31/functions/echo/configuration");
            configuration = await SendAsync(again);
        }

        return Member(configuration, "FunctionArn");
    }

    private async Task<JsonNode> SendAsync(HttpRequestMessage request)
    {
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created && JsonNode.Parse(text) is { } answer
            ? answer
            : throw new HttpRequestException(
                $"{request.Method} {request.RequestUri}: {(int)response.StatusCode} {text}");
    }

    private static string Member(JsonNode answer, string name) =>
        answer[name]?.GetValue<string>() ?? throw new InvalidDataException($"The answer has no {name}: {answer}");

    public async ValueTask DisposeAsync()
    {
        foreach (var stream in _streams)
        {
            await stream.DisposeAsync();
        }

        _http.Dispose();
        await _server.DisposeAsync();
    }
}
