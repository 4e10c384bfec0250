using System.Text;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.Storage;
using Lungfish.Functions;
using Lungfish.Json;
using Lungfish.Server.Console;
using Lungfish.Server.Hosting;
using Lungfish.Server.Lambda.Durable;
using Lungfish.Server.Protocol;
using Lungfish.Server.StepFunctions;
using Lungfish.Server.Tests.Fakes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lungfish.Server.Tests;

/// <summary>The HTTP edge on a free port, in front of fakes.</summary>
internal sealed class EdgeUnderTest : IAsyncDisposable
{
    private readonly HttpEdge _edge;

    private EdgeUnderTest(HttpEdge edge)
    {
        _edge = edge;
        Client = new HttpClient { BaseAddress = edge.Url };
    }

    private static Match Function { get; } =
        new("function", "arn:aws:lambda:us-east-1:000000000000:function:fn", "fn");

    public FakeExecutions Executions { get; } = new();

    public FakeStateMachines StateMachines { get; } = new();

    public FakeActivities Activities { get; } = new();

    public FakeMapRuns MapRuns { get; } = new();

    public FakeStateTests StateTests { get; } = new();

    public FakeDurableExecutions Durable { get; } = new();

    public HttpClient Client { get; }

    public Uri Url => _edge.Url;

    public static async Task<EdgeUnderTest> BindAsync(string url = "http://127.0.0.1:0")
    {
        var options = new ServerOptions { DataDirectory = "/nowhere", Urls = [url], ConfigureLogging = _ => { } };
        return new EdgeUnderTest(await HttpEdge.BindAsync(options, TestContext.Current.CancellationToken));
    }

    public static async Task<EdgeUnderTest> StartAsync(bool keepsQuotas = true)
    {
        var edge = await BindAsync();
        edge.Open(keepsQuotas);
        return edge;
    }

    public StoreSpace Space { get; set; }

    public IReadOnlyCollection<SetAsideExecution> SetAside { get; set; } = [];

    public void Open(bool keepsQuotas = true)
    {
        var service = StepFunctionsService.Over(
            Executions, StateMachines, Activities, MapRuns, StateTests, _edge.Stopping);
        var search = new ExecutionSearch(new FakeStore());
        var facts = new ServerFacts
        {
            Url = Url,
            DataDirectory = "/nowhere",
            Account = AwsAccount.Default,
            StartedAt = FakeExecutions.StartedAt,
            Space = () => Space,
            SetAside = () => SetAside,
        };
        var console = new ConsoleApi(
            facts,
            StateMachines,
            Executions,
            search,
            new Resolver(StateMachines, Activities, Executions, Durable, search, () => [Function]),
            _edge.Stopping);
        var endpoint = new AwsJsonEndpoint(service, NullLogger<AwsJsonEndpoint>.Instance, keepsQuotas);
        var durable = new DurableEndpoint(
            Durable,
            AwsAccount.Default,
            function => function.Name == "orders"
                ? function.Qualifier ?? "$LATEST"
                : throw LambdaErrors.FunctionNotFound(function.ToArn(AwsAccount.Default)),
            NullLogger<DurableEndpoint>.Instance);
        _edge.Open(RequestPipeline.Build(
            _edge.Services,
            endpoint.HandleAsync,
            s3: null,
            durable,
            invoke: null,
            () => facts.Trouble,
            Map,
            mapMore: null));

        void Map(IEndpointRouteBuilder routes)
        {
            console.Map(routes);
            new DurableRoutes(Durable, _edge.Stopping).Map(routes);
            new CallbackRoutes(StateMachines, Executions, Durable).Map(routes);
        }
    }

    public async Task<Answer> CallAsync(string operation, string body)
    {
        using var request = Request(operation, body);
        return await SendAsync(request);
    }

    public static HttpRequestMessage Request(string operation, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/x-amz-json-1.0"),
        };
        request.Headers.Add("X-Amz-Target", "AWSStepFunctions." + operation);
        return request;
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, text, response.Headers.ToString());
    }

    public Task StopAsync() => _edge.DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _edge.DisposeAsync();
    }
}

internal sealed record Answer(int Status, string Text, string Headers)
{
    public JsonValue Json => JsonValue.Parse(Text);

    public string Type => Member("__type");

    public string Message => Member("message");

    private string Member(string name) =>
        Json is JsonObject body && body[name] is JsonString text ? text.Value : throw new InvalidDataException(Text);
}
