using System.Net;
using System.Text;
using System.Text.Json;

namespace Lungfish.DurableFunctions.Tests;

public sealed class TransportTests
{
    private const string BotocoreWithoutToken =
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/eu-west-1/lambda/aws4_request, "
        + "SignedHeaders=host;x-amz-date, "
        + "Signature=a8d3d5dabc9568202b6da1058def87dd355d3237f3bdbca8d7c500ba48104f0b";

    private const string BotocoreWithToken =
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/eu-west-1/lambda/aws4_request, "
        + "SignedHeaders=host;x-amz-date;x-amz-security-token, "
        + "Signature=47d1f14e758cb2d43bb91a1b2d4f494d50afff5a2766ca2fe9ecc8704b732899";

    private static readonly ServiceEndpoint s_endpoint = new(
        "http://lungfish.test:8083", IsCustom: true, "eu-west-1", "AKIDEXAMPLE", "secret", SessionToken: null);

    [Fact]
    public async Task CheckpointAsync_WritesTheProtocolsJsonToTheEscapedPath()
    {
        var http = new ScriptedHandler(Answer(HttpStatusCode.OK, """{"CheckpointToken":"t2"}"""));
        var client = new HttpDurableServiceClient(s_endpoint, http);

        var result = await client.CheckpointAsync(
            FakeService.Arn,
            "t1",
            [
                new OperationUpdate { Id = "1", Type = "WAIT", Action = "START", SubType = "Wait", WaitSeconds = 5 },
                new OperationUpdate
                {
                    Id = "2",
                    Type = "STEP",
                    Action = "RETRY",
                    Name = "n",
                    ParentId = "p",
                    NextAttemptDelaySeconds = 3,
                    Error = new ErrorObject { ErrorType = "T", ErrorMessage = "m", StackTrace = ["a", "b"] },
                },
                new OperationUpdate
                {
                    Id = "3",
                    Type = "CONTEXT",
                    Action = "SUCCEED",
                    Payload = "",
                    ReplayChildren = true,
                },
                new OperationUpdate { Id = "4", Type = "CALLBACK", Action = "START", CallbackTimeoutSeconds = 7 },
                new OperationUpdate
                {
                    Id = "5",
                    Type = "CHAINED_INVOKE",
                    Action = "START",
                    FunctionName = "f",
                    TenantId = "t",
                },
            ],
            CancellationToken.None);

        Assert.Equal("t2", result.CheckpointToken);
        Assert.Empty(result.NewExecutionState.Operations);
        var (path, body, _) = Assert.Single(http.Requests);
        Assert.Equal(
            "/2025-12-01/durable-executions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af%3A%24LATEST"
            + "%2Fdurable-execution%2Ftest%2Fexec-1/checkpoint",
            path);
        using var json = JsonDocument.Parse(body);
        Assert.Equal("t1", json.RootElement.GetProperty("CheckpointToken").GetString());
        Assert.Equal(32, json.RootElement.GetProperty("ClientToken").GetString()?.Length);
        Assert.Equal(
            """
            [{"Id":"1","Type":"WAIT","Action":"START","SubType":"Wait","WaitOptions":{"WaitSeconds":5}},
            {"Id":"2","Type":"STEP","Action":"RETRY","ParentId":"p","Name":"n",
            "Error":{"ErrorType":"T","ErrorMessage":"m","StackTrace":["a","b"]},
            "StepOptions":{"NextAttemptDelaySeconds":3}},
            {"Id":"3","Type":"CONTEXT","Action":"SUCCEED","Payload":"","ContextOptions":{"ReplayChildren":true}},
            {"Id":"4","Type":"CALLBACK","Action":"START","CallbackOptions":{"TimeoutSeconds":7}},
            {"Id":"5","Type":"CHAINED_INVOKE","Action":"START",
            "ChainedInvokeOptions":{"FunctionName":"f","TenantId":"t"}}]
            """.ReplaceLineEndings(""),
            json.RootElement.GetProperty("Updates").GetRawText());
    }

    [Fact]
    public async Task GetStateAsync_AsksForAThousandAndReadsThem()
    {
        var http = new ScriptedHandler(Answer(
            HttpStatusCode.OK,
            """
            {"Operations":[{"Id":"1","Type":"STEP","Status":"PENDING","StartTimestamp":1764547200.5,
            "StepDetails":{"Attempt":2,"NextAttemptTimestamp":1764547205}, "Unknown":{"a":[1]}}],"NextMarker":"m2"}
            """));
        var client = new HttpDurableServiceClient(s_endpoint, http);

        var page = await client.GetStateAsync(FakeService.Arn, "a/b=", "m+1", CancellationToken.None);

        Assert.EndsWith("/state?CheckpointToken=a%2Fb%3D&Marker=m%2B1&MaxItems=1000", http.Requests[0].Path);
        var operation = Assert.Single(page.Operations);
        Assert.Equal("m2", page.NextMarker);
        Assert.Equal(2, operation.StepDetails?.Attempt);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1764547200500), operation.StartTimestamp);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1764547205), operation.StepDetails?.NextAttemptTimestamp);
    }

    [Fact]
    public async Task CallAsync_ServerFaults_TriesAgainWithTheSameClientToken()
    {
        var http = new ScriptedHandler(
            Answer(HttpStatusCode.InternalServerError, "{}"),
            Answer(HttpStatusCode.TooManyRequests, """{"message":"slow"}"""),
            Answer(HttpStatusCode.OK, """{"CheckpointToken":"t2"}"""));

        var result = await new HttpDurableServiceClient(s_endpoint, http)
            .CheckpointAsync(FakeService.Arn, "t1", [], CancellationToken.None);

        Assert.Equal("t2", result.CheckpointToken);
        Assert.Equal(3, http.Requests.Count);
        Assert.Single(http.Requests.Select(request => request.Body).Distinct());
    }

    [Fact]
    public async Task CallAsync_Refused_ThrowsTheServicesWords()
    {
        var refusal = Answer(
            HttpStatusCode.BadRequest, """{"Type":"User","message":"Invalid Checkpoint Token: used"}""");
        refusal.Headers.Add("x-amzn-ErrorType", "InvalidParameterValueException:http://somewhere/");
        var http = new ScriptedHandler(refusal);

        var client = new HttpDurableServiceClient(s_endpoint, http);
        var thrown = await Assert.ThrowsAsync<DurableServiceException>(
            () => client.CheckpointAsync(FakeService.Arn, "t1", [], CancellationToken.None));

        Assert.Equal(("InvalidParameterValueException", 400), (thrown.ErrorCode, thrown.StatusCode));
        Assert.True(thrown.IsInvalidToken);
        Assert.Single(http.Requests);
    }

    [Fact]
    public async Task CallAsync_NobodyAnswers_IsTransient()
    {
        var http = new ScriptedHandler();

        var client = new HttpDurableServiceClient(s_endpoint, http);
        var thrown = await Assert.ThrowsAsync<DurableServiceException>(
            () => client.CheckpointAsync(FakeService.Arn, "t1", [], CancellationToken.None));

        Assert.True(thrown.IsTransient);
        Assert.Equal(3, http.Requests.Count);
    }

    // Checked against botocore's signer for the same request, time and credentials.
    [Theory]
    [InlineData(null, BotocoreWithoutToken)]
    [InlineData("session/token=", BotocoreWithToken)]
    public void Sign_ARequestWithAnArnInItsPath_SignsAsBotocoreDoes(string? sessionToken, string expected)
    {
        const string Path = "/2025-12-01/durable-executions/"
            + "arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Af%3A%24LATEST/state";
        const string Query = "CheckpointToken=a%2Fb%3D&Marker=m&MaxItems=1000";
        var endpoint = s_endpoint with { SessionToken = sessionToken };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://lungfish.test:8083{Path}?{Query}"));

        endpoint.Sign(request, Path, Query, [], new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

        Assert.Equal(expected, request.Headers.GetValues("Authorization").Single());
    }

    [Fact]
    public void ReadInput_OfAnEnvelope_ReadsAll()
    {
        var input = EnvelopeJson.ReadInput(
            """
            {"DurableExecutionArn":"arn:x","CheckpointToken":"t","UpdatedOperationIds":["1"],"InitialExecutionState":{
            "Operations":[{"Id":"e","Type":"EXECUTION","Status":"STARTED","StartTimestamp":1764547200123,
            "ExecutionDetails":{"InputPayload":"{\"a\":1}"}},
            {"Id":"1","Type":"CALLBACK","SubType":"Callback","Name":null,"StepDetails":null,"Status":"FAILED",
            "CallbackDetails":{"CallbackId":"c","Error":{"ErrorType":"T","StackTrace":["s"]}}}],
            "NextMarker":""},"Later":{"a":[{}]}}
            """u8);

        Assert.Equal(("arn:x", "t"), (input.DurableExecutionArn, input.CheckpointToken));
        Assert.Equal(["1"], input.UpdatedOperationIds);
        var operations = input.InitialExecutionState.Operations;
        Assert.Equal("{\"a\":1}", operations[0].ExecutionDetails?.InputPayload);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1764547200123), operations[0].StartTimestamp);
        Assert.Equal(("c", "T"), (operations[1].CallbackDetails?.CallbackId, operations[1].Error?.ErrorType));
        Assert.Equal(["s"], operations[1].Error?.StackTrace);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("{\"order\":1}")]
    public void ReadInput_OfSomethingElse_SaysWhatItIsNot(string json)
    {
        var thrown = Assert.Throws<JsonException>(() => EnvelopeJson.ReadInput(Encoding.UTF8.GetBytes(json)));

        Assert.Contains("DurableConfig", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EntryPoint_Stream_TakesAndGivesJson()
    {
        var service = new FakeService();
        var entryPoint = new DurableEntryPoint<string, string>(
            (name, context) => context.StepAsync((_, _) => Task.FromResult($"Hello, {name}!")),
            new DurableFunctionOptions { ServiceClient = service });
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(
            """
            {"DurableExecutionArn":"ARN","CheckpointToken":"0","InitialExecutionState":{"Operations":[
            {"Id":"e","Type":"EXECUTION","Status":"STARTED","ExecutionDetails":{"InputPayload":"\"Ada\""}}]}}
            """.Replace("ARN", FakeService.Arn, StringComparison.Ordinal)));

        using var reader = new StreamReader(await entryPoint.InvokeAsync(input));

        Assert.Equal("""{"Status":"SUCCEEDED","Result":"\"Hello, Ada!\""}""", await reader.ReadToEndAsync());
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string json) => new(status)
    {
        Content = new StringContent(json, Encoding.UTF8, "application/json"),
    };

    /// <summary>Answers as written, in order, and then not at all.</summary>
    private sealed class ScriptedHandler(params HttpResponseMessage[] answers) : HttpMessageHandler
    {
        public List<(string Path, string Body, HttpRequestMessage Request)> Requests { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : "";
            Requests.Add((request.RequestUri?.PathAndQuery ?? "", body, request));
            return Requests.Count <= answers.Length
                ? answers[Requests.Count - 1]
                : throw new HttpRequestException("connection refused");
        }
    }
}
