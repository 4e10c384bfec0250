using System.Text.Json;

namespace Lungfish.DurableFunctions.Tests;

public sealed class RuntimeLoopTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly FakeRuntimeApi _api = new();
    private readonly FakeService _service = new();

    public void Dispose() => _api.Dispose();

    [Theory]
    [InlineData(Platform.Lambda)]
    [InlineData(Platform.Channel)]
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
    [InlineData(Platform.Channel)]
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
    [InlineData(Platform.Channel)]
    public async Task RunAsync_OneAtATime_FindsItsTraceInTheEnvironment(Platform platform)
    {
        _api.Give("r1", Envelope("1"));
        _api.Give("r2", Envelope("2"));
        var found = new List<string?>();
        var entryPoint = new DurableEntryPoint<int, int>(
            (number, _) =>
            {
                found.Add(Environment.GetEnvironmentVariable("_X_AMZN_TRACE_ID"));
                return Task.FromResult(number);
            },
            new DurableFunctionOptions { ServiceClient = _service });

        await RunAsync(platform, _ => entryPoint);

        Assert.Equal(["trace-r1", "trace-r2"], found);
    }

    [Theory]
    [InlineData(Platform.Lambda)]
    [InlineData(Platform.Channel)]
    public async Task RunAsync_SeveralAtOnce_RunTogetherAndEachIsAnsweredAsItself(Platform platform)
    {
        string[] requestIds = ["r1", "r2", "r3"];
        Array.ForEach(requestIds, id => _api.Give(id, Envelope($"\"{id}\"")));
        using var together = new CountdownEvent(requestIds.Length);
        var entryPoint = new DurableEntryPoint<string, string>(
            async (name, context) =>
            {
                together.Signal();
                await Task.Yield();
                var allCame = together.Wait(s_patience, TestContext.Current.CancellationToken);
                return $"{name} {context.LambdaContext.AwsRequestId} {context.LambdaContext.TraceId} {allCame}";
            },
            new DurableFunctionOptions { ServiceClient = _service });

        await RunAsync(platform, _ => entryPoint, atOnceMax: 3);

        Assert.Equal(
            requestIds.Select(id => $$"""invocation/{{id}}/response """
                + $$"""{"Status":"SUCCEEDED","Result":"\"{{id}} {{id}} trace-{{id}} True\""}"""),
            _api.Posts.Order());
    }

    [Theory]
    [InlineData(Platform.Lambda)]
    [InlineData(Platform.Channel)]
    public async Task RunAsync_MoreThanAllowedAtOnce_KeepsToThatMany(Platform platform)
    {
        string[] requestIds = ["r1", "r2", "r3", "r4", "r5", "r6"];
        Array.ForEach(requestIds, id => _api.Give(id, Envelope("1")));
        var (running, most) = (0, 0);
        var entryPoint = new DurableEntryPoint<int, int>(
            async (number, _) =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return number;
            },
            new DurableFunctionOptions { ServiceClient = _service });

        await RunAsync(platform, _ => entryPoint, atOnceMax: 2);

        Assert.Equal(requestIds.Length, _api.Posts.Count);
        Assert.InRange(most, 1, 2);
        Assert.InRange(_api.Connections, 1, 2);
    }

    [Theory]
    [InlineData(Platform.Lambda)]
    [InlineData(Platform.Channel)]
    public async Task RunAsync_OneOfSeveralThrows_IsReportedAsItself(Platform platform)
    {
        _api.Give("r1", "{\"order\":1}");
        _api.Give("r2", Envelope("1"));
        var entryPoint = new DurableEntryPoint<int, int>(
            (number, _) => Task.FromResult(number), new DurableFunctionOptions { ServiceClient = _service });

        await RunAsync(platform, _ => entryPoint, atOnceMax: 2);

        Assert.Equal(2, _api.Posts.Count);
        Assert.Contains(_api.Posts, post => post.StartsWith("invocation/r1/error ", StringComparison.Ordinal));
        Assert.Contains("""invocation/r2/response {"Status":"SUCCEEDED","Result":"1"}""", _api.Posts);
    }

    [Theory]
    [InlineData(Platform.Lambda)]
    [InlineData(Platform.Channel)]
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
        Channel,
    }

    private Task RunAsync(Platform platform, Func<string, DurableEntryPoint> find, int atOnceMax = 1) => Task.Run(
        () => RuntimeLoop.RunAsync(
            _api.Address,
            hasChannel: platform == Platform.Channel,
            atOnceMax,
            "h",
            find,
            CancellationToken.None).WaitAsync(s_patience));

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); seen < value;)
        {
            seen = Interlocked.CompareExchange(ref most, value, seen) is var found && found == seen ? value : found;
        }
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
}
