using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Lungfish.Bench.Hosting;
using Lungfish.Bench.Measuring;
using Lungfish.Bench.Workloads;

namespace Lungfish.Bench.Driving;

/// <summary>A fresh server with the streams on which it pushes what happens.</summary>
internal sealed class LungfishTarget : IAsyncDisposable
{
    private readonly ChildServer _server;
    private readonly HttpClient _http;
    private readonly StepFunctionsApi _api;
    private readonly List<LineStream> _streams = [];

    private LungfishTarget(ChildServer server, int clientsMax)
    {
        _server = server;
        _http = new HttpClient { BaseAddress = server.Url };
        _api = new StepFunctionsApi(server.Url);
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
        "w5" => await MachineAsync(id, Definitions.ThousandBranches),
        "w7" => await MachineAsync(id, Definitions.PassChain),
        _ when id.Contains("-alone-", StringComparison.Ordinal) => new AloneWorkload(id, this),
        _ when id.Contains("-durable-", StringComparison.Ordinal) => new DurableWorkload(id, this),
        _ => throw new ArgumentException($"There is no workload '{id}'.", nameof(id)),
    };

    /// <summary>How many executions of either kind have ended since this was asked first.</summary>
    public async Task<int> CountClosedAsync() =>
        int.Parse(await _http.GetStringAsync("/bench/closed"), CultureInfo.InvariantCulture);

    /// <summary>Bytes of memory that the server holds once it has given back what it does not need.</summary>
    public async Task<long> MemoryAtRestAsync()
    {
        _ = await _http.GetStringAsync(GivenBack.Path);
        return ServerMemory.Of(ProcessId);
    }

    private async Task<IWorkload> MachineAsync(string id, string definition, bool answersTokens = false) =>
        new StateMachineWorkload(id, this, await CreateMachineAsync(id, definition), answersTokens);

    /// <returns>The machine's ARN.</returns>
    public Task<string> CreateMachineAsync(string id, string definition) => _api.CreateMachineAsync(id, definition);

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
        var configuration = await _api.SendAsync(request);
        while (StepFunctionsApi.Member(configuration, "State") == "Pending")
        {
            await Task.Delay(100);
            using var again = new HttpRequestMessage(HttpMethod.Get, "/2015-03-31/functions/echo/configuration");
            configuration = await _api.SendAsync(again);
        }

        return StepFunctionsApi.Member(configuration, "FunctionArn");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stream in _streams)
        {
            await stream.DisposeAsync();
        }

        _http.Dispose();
        _api.Dispose();
        await _server.DisposeAsync();
    }
}
