using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Lungfish.Functions.Tests;

/// <summary>Our Node runtime gives the durable execution SDK a client of its own; see durable-client.cjs.</summary>
public sealed class NodeDurableClientTests : IAsyncDisposable
{
    private const string Envelope =
        """
        {"DurableExecutionArn":"arn:aws:lambda:f:$LATEST/durable-execution/n/1","CheckpointToken":"first",
         "InitialExecutionState":{"Operations":[],"NextMarker":""}}
        """;

    private const string Checkpoints =
        """
        exports.handler = async (event) => {
          const { DurableExecutionArn, CheckpointToken } = event;
          const Updates = [{ Id: '1', Type: 'STEP', Action: 'SUCCEED', Name: undefined, Payload: null }];
          try {
            const call = { DurableExecutionArn, CheckpointToken, Updates };
            return { answer: await event.durableExecutionClient.checkpoint(call) };
          } catch (e) {
            return { name: e.name, message: e.message, status: e.$metadata && e.$metadata.httpStatusCode };
          }
        };
        """;

    private FakeEndpoint? _endpoint;
    private FunctionHost? _host;

    [Fact]
    public async Task Invoke_Envelope_TheEventIsPrintedAndCopiedAsItWasSent()
    {
        var answer = await RunAsync(
            """
            exports.handler = async (event) => ({
              printed: JSON.stringify(event), copied: { ...event }, known: String(event),
              has: 'durableExecutionClient' in event,
            });
            """);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Envelope), JsonNode.Parse($"{answer["printed"]}")));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Envelope), answer["copied"]));
        // What the SDK goes by.
        Assert.Equal("[object DurableExecutionInvocationInputWithClient]", $"{answer["known"]}");
        Assert.Equal("true", $"{answer["has"]}");
    }

    [Theory]
    [InlineData("sdk", Envelope)]
    [InlineData(null, """{"CheckpointToken":"no envelope"}""")]
    public async Task Invoke_NotWantedOrNoEnvelope_HasNoClient(string? choice, string payload)
    {
        var answer = await RunAsync(
            "exports.handler = async (event) => ({ has: 'durableExecutionClient' in event });", choice, payload);

        Assert.Equal("false", $"{answer["has"]}");
    }

    [Fact]
    public async Task Invoke_ServerAsksForSignatures_LeavesTheSdkToItsOwnClient()
    {
        var answer = await RunAsync(
            "exports.handler = async (event) => ({ has: 'durableExecutionClient' in event });", takesUnsigned: false);

        Assert.Equal("false", $"{answer["has"]}");
    }

    [Fact]
    public async Task Checkpoint_Accepted_SendsNoNullsAndGivesDates()
    {
        var checkpoints = new NotedCheckpoints(
            """
            {"CheckpointToken":"second","NewExecutionState":{"Operations":[
             {"Id":"1","StartTimestamp":1.5,"StepDetails":{"Attempt":1,"NextAttemptTimestamp":2}}]}}
            """);

        var answer = await RunAsync(Checkpoints, checkpoints: checkpoints);

        var body = JsonNode.Parse(Assert.Single(Assert.Single(checkpoints.Taken)))?.AsObject();
        Assert.Equal("arn:aws:lambda:f:$LATEST/durable-execution/n/1", $"{body?["DurableExecutionArn"]}");
        Assert.Equal(36, body?["ClientToken"]?.GetValue<string>().Length);
        Assert.Equal("first", $"{body?["CheckpointToken"]}");
        Assert.Equal("""[{"Id":"1","Type":"STEP","Action":"SUCCEED"}]""", body?["Updates"]?.ToJsonString());
        Assert.Equal("second", $"{answer["answer"]?["CheckpointToken"]}");
        var operation = answer["answer"]?["NewExecutionState"]?["Operations"]?[0];
        Assert.Equal("1970-01-01T00:00:01.500Z", $"{operation?["StartTimestamp"]}");
        Assert.Equal("1970-01-01T00:00:02.000Z", $"{operation?["StepDetails"]?["NextAttemptTimestamp"]}");
        Assert.Empty(Calls);
    }

    [Fact]
    public async Task Checkpoint_RefusedOnTheChannel_SendsTheSameOverHttp()
    {
        var checkpoints = new NotedCheckpoints("{}", status: 503);

        var answer = await RunAsync(
            Checkpoints, checkpoints: checkpoints, answers: (200, null, """{"CheckpointToken":"second"}"""));

        var call = Assert.Single(Calls);
        Assert.Equal(
            "/2025-12-01/durable-executions/arn%3Aaws%3Alambda%3Af%3A%24LATEST%2Fdurable-execution%2Fn%2F1/checkpoint",
            call.RawTarget);
        var refused = JsonNode.Parse(Assert.Single(Assert.Single(checkpoints.Taken)))?.AsObject();
        _ = refused?.Remove("DurableExecutionArn"); // It stands in the path.
        Assert.Equal(refused?.ToJsonString(), JsonNode.Parse(call.Body)?.ToJsonString());
        Assert.Equal("second", $"{answer["answer"]?["CheckpointToken"]}");
    }

    [Fact]
    public async Task Checkpoint_ServerBusyAtFirst_SendsTheSameAgain()
    {
        var answer = await RunAsync(
            Checkpoints,
            answers: [(503, "ServiceUnavailableException", "{}"), (429, "TooManyRequestsException", "{}"),
                (200, null, """{"CheckpointToken":"second"}""")]);

        Assert.Equal("second", $"{answer["answer"]?["CheckpointToken"]}");
        Assert.Equal(3, Calls.Count);
        Assert.Single(Calls.Distinct());
    }

    [Fact]
    public async Task Checkpoint_Refused_ThrowsAsTheAwsSdkDoes()
    {
        var answer = await RunAsync(Checkpoints, answers: (400, "InvalidParameterValueException",
            """{"message":"Invalid Checkpoint Token: it is old"}"""));

        Assert.Equal("InvalidParameterValueException", $"{answer["name"]}");
        Assert.Equal("Invalid Checkpoint Token: it is old", $"{answer["message"]}");
        Assert.Equal("400", $"{answer["status"]}");
        Assert.Single(Calls);
    }

    [Fact]
    public async Task GetExecutionState_Page_AsksWithTokenAndMarker()
    {
        _ = await RunAsync(
            """
            exports.handler = async (event) => event.durableExecutionClient.getExecutionState(
              { DurableExecutionArn: 'a:b', CheckpointToken: 't+1', Marker: 'm', MaxItems: 1000 });
            """);

        Assert.Equal(
            "/2025-12-01/durable-executions/a%3Ab/state?CheckpointToken=t%2B1&Marker=m&MaxItems=1000",
            Assert.Single(Calls).RawTarget);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (_endpoint is not null)
        {
            await _endpoint.DisposeAsync();
        }
    }

    private IReadOnlyCollection<EndpointCall> Calls => _endpoint?.Calls ?? [];

    private async Task<JsonNode> RunAsync(
        string code,
        string? choice = null,
        string payload = Envelope,
        bool takesUnsigned = true,
        NotedCheckpoints? checkpoints = null,
        params (int Status, string? ErrorType, string Body)[] answers)
    {
        var endpoint = _endpoint = await FakeEndpoint.StartAsync();
        Array.ForEach(answers, endpoint.Answers.Enqueue);
        var host = _host = await FunctionHost.StartAsync(options => options with
        {
            Endpoint = endpoint.Url,
            TakesUnsignedCalls = takesUnsigned,
        });
        host.Service.Connect(checkpoints ?? new NotedCheckpoints("{}", status: 503)); // Those go over HTTP then.
        _ = await host.Service.CreateAsync(
            new NewFunction
            {
                Name = "fn",
                Runtime = "nodejs20.x",
                Handler = "index.handler",
                Timeout = TimeSpan.FromSeconds(30),
                Code = CodeSource.Zip(FunctionHost.ZipOf(("index.js", code))),
                Environment = choice is null
                    ? null
                    : ImmutableSortedDictionary<string, string>.Empty.Add("LUNGFISH_DURABLE_CLIENT", choice),
            },
            FunctionHost.Cancellation);
        return JsonNode.Parse(await host.InvokeForTextAsync(payload)) ?? new JsonObject();
    }
}
