namespace Lungfish.DurableFunctions.Testing.Tests.Remote;

/// <summary>What the remote runner sends, and what it makes of the answers. That a server sees it so is shown with a
/// real one, in the tests of the order workflow.</summary>
public sealed class RemoteRunnerTests
{
    public const string Arn =
        "arn:aws:lambda:us-east-1:000000000000:function:orders:$LATEST/durable-execution/order-1/0a1b";

    private const string Started = """
        {"EventType":"ExecutionStarted","EventId":1,"EventTimestamp":1767225600.5,"Id":"0a1b","Name":"order-1",
         "ExecutionStartedDetails":{"Input":{"Payload":"7","Truncated":false},"ExecutionTimeout":60}}
        """;

    private const string Callback = """
        {"EventType":"ContextStarted","EventId":2,"EventTimestamp":1767225600.5,"Id":"1","Name":"approval",
         "SubType":"WaitForCallback","ContextStartedDetails":{}},
        {"EventType":"CallbackStarted","EventId":3,"EventTimestamp":1767225600.75,"Id":"1-1","ParentId":"1",
         "SubType":"Callback","CallbackStartedDetails":{"CallbackId":"a/b+c=","Timeout":180}}
        """;

    private const string Suspended = """
        {"EventType":"InvocationCompleted","EventId":4,"EventTimestamp":1767225601,"InvocationCompletedDetails":
         {"StartTimestamp":1767225600.5,"EndTimestamp":1767225601,"RequestId":"r-1"}}
        """;

    private const string Succeeded = """
        {"EventType":"CallbackSucceeded","EventId":5,"EventTimestamp":1767225601.5,"Id":"1-1","ParentId":"1",
         "SubType":"Callback","CallbackSucceededDetails":{"Result":{"Payload":"\"yes\"","Truncated":false}}},
        {"EventType":"StepStarted","EventId":6,"EventTimestamp":1767225601.5,"Id":"2","Name":"charge",
         "SubType":"Step","StepStartedDetails":{}},
        {"EventType":"StepFailed","EventId":7,"EventTimestamp":1767225601.5,"Id":"2","Name":"charge","SubType":"Step",
         "StepFailedDetails":{"Error":{"Payload":{"ErrorType":"Busy","ErrorMessage":"no","StackTrace":["at a"]},
         "Truncated":false},"RetryDetails":{"CurrentAttempt":1,"NextAttemptDelaySeconds":5}}},
        {"EventType":"InvocationCompleted","EventId":8,"EventTimestamp":1767225601.5,"InvocationCompletedDetails":
         {"StartTimestamp":1767225601,"EndTimestamp":1767225601.5,"RequestId":"r-2"}},
        {"EventType":"ExecutionSucceeded","EventId":9,"EventTimestamp":1767225607,"Id":"0a1b","Name":"order-1",
         "ExecutionSucceededDetails":{"Result":{"Payload":"49","Truncated":false}}}
        """;

    private readonly VirtualClock _clock = new(DateTimeOffset.UnixEpoch);
    private readonly FakeLambda _lambda;

    public RemoteRunnerTests() => _lambda = new FakeLambda(_clock);

    [Fact]
    public async Task Run_ToItsEnd_IsInspectedLikeOneInProcess()
    {
        _lambda.Shows(Started);
        _lambda.Shows($"{Started},{Callback},{Suspended},{Succeeded}");
        await using var runner = NewRunner();

        var result = (await runner.RunAsync(7, "order-1")).EnsureSucceeded();

        Assert.Equal(49, result.Result);
        Assert.Equal(Arn, result.DurableExecutionArn);
        Assert.Equal(TimeSpan.FromSeconds(6.5), result.Duration);
        Assert.Equal("yes", result.GetOperationById("1-1").GetResult<string>());
        Assert.Equal(TimeSpan.FromMinutes(3), result.GetOperationById("1-1").Timeout);
        Assert.Same(result.GetOperationById("1-1"), Assert.Single(result.GetStep("approval").Children));
        Assert.Equal(OperationStatuses.Pending, result.GetStep("charge").Status);
        Assert.Equal("at a", Assert.Single(result.GetStep("charge").Error?.StackTrace ?? []));
        Assert.Equal([TimeSpan.FromSeconds(5)], result.GetStep("charge").RetryDelays);
        Assert.Equal(["r-1", "r-2"], result.Invocations.Select(invocation => invocation.RequestId));
    }

    [Fact]
    public async Task Start_OfAFunction_InvokesItAsEvent()
    {
        await using var runner = NewRunner();

        var run = await runner.StartAsync(7, "order-1");

        Assert.Equal(Arn, run.DurableExecutionArn);
        Assert.Equal(
            ("POST", "/2015-03-31/functions/orders/invocations?Qualifier=%24LATEST", "7"),
            Assert.Single(_lambda.Requests));
        Assert.Contains("X-Amz-Invocation-Type: Event", _lambda.Headers);
        Assert.Contains("X-Amz-Durable-Execution-Name: order-1", _lambda.Headers);
    }

    [Fact]
    public async Task Start_ServiceRefuses_TellsItsWords()
    {
        await using var runner = NewRunner("broken");

        var refused = await Assert.ThrowsAsync<DurableServiceException>(() => runner.StartAsync(7));

        Assert.Equal("DurableExecutionAlreadyStartedException", refused.ErrorCode);
        Assert.Equal(409, refused.StatusCode);
        Assert.Equal("already there", refused.Message);
    }

    [Fact]
    public async Task OnCallback_ThatWaits_IsAnsweredOnce()
    {
        _lambda.Shows(Started);
        _lambda.Shows($"{Started},{Callback}");
        _lambda.Shows($"{Started},{Callback},{Suspended}");
        _lambda.Shows($"{Started},{Callback},{Suspended}");
        _lambda.Shows($"{Started},{Callback},{Suspended},{Succeeded}");
        await using var runner = NewRunner();
        runner.OnCallback("approval", callback => callback.SendSuccessAsync("yes"));

        await runner.RunAsync(7);

        var answer = Assert.Single(
            _lambda.Requests, request => request.Path.Contains("callbacks", StringComparison.Ordinal));
        Assert.Equal(
            ("POST", "/2025-12-01/durable-execution-callbacks/a%2Fb%2Bc%3D/succeed", "\"yes\""), answer);

        // After the start, and looks at: the start, the callback, the invocation's end.
        Assert.Equal(4, _lambda.Requests.IndexOf(answer));
    }

    [Fact]
    public async Task OnCallback_FunctionStaysBusy_IsAnsweredAfterAWhile()
    {
        _lambda.Shows($"{Started},{Callback}");
        await using var runner = NewRunner();
        runner.OnCallback("approval", callback => callback.SendSuccessAsync("yes"));
        var run = await runner.StartAsync(7);

        await Assert.ThrowsAsync<TestRunStuckException>(() => run.WaitForResultAsync());

        // The start, and looks at 0 to 5 seconds.
        var answer = _lambda.Requests.FindIndex(
            request => request.Path.Contains("callbacks", StringComparison.Ordinal));
        Assert.Equal(7, answer);
    }

    [Fact]
    public async Task WaitForCallback_ThenFailure_SendsTheError()
    {
        _lambda.Shows($"{Started},{Callback},{Suspended}");
        await using var runner = NewRunner();
        var run = await runner.StartAsync(7);

        var callback = await run.WaitForCallbackAsync("approval");
        await callback.SendFailureAsync("Closed", "Sunday");

        Assert.Equal("a/b+c=", callback.Id);
        Assert.Equal("{\"ErrorType\":\"Closed\",\"ErrorMessage\":\"Sunday\"}", _lambda.Requests[^1].Body);
    }

    [Fact]
    public async Task ReadHistory_OfManyPages_FollowsTheMarker()
    {
        _lambda.Shows(Started, "next+1");
        _lambda.Shows(Callback);
        await using var runner = NewRunner();
        var run = await runner.StartAsync(7);

        var result = await run.InspectAsync();

        Assert.Equal(3, result.Events.Count);
        Assert.EndsWith(
            "/history?IncludeExecutionData=true&Marker=next%2B1&MaxItems=1000", _lambda.Requests[^1].Path,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitForResult_LongerThanTheCallerGives_IsStuckAndShowsWhatThereIs()
    {
        _lambda.Shows($"{Started},{Callback}");
        await using var runner = NewRunner();
        var run = await runner.StartAsync(7);

        var stuck = await Assert.ThrowsAsync<TestRunStuckException>(() => run.WaitForResultAsync());

        Assert.Contains("WaitForCallback 'approval': STARTED", stuck.Message, StringComparison.Ordinal);
        Assert.Contains(
            "It waits for callback 'approval', which nothing answers.", stuck.Message, StringComparison.Ordinal);
        Assert.InRange(_lambda.Requests.Count, 30, 32);
    }

    private RemoteDurableTestRunner<int, int> NewRunner(string function = "orders") => new(
        function,
        new RemoteDurableTestRunnerOptions
        {
            Endpoint = new Uri("http://127.0.0.1:1"),
            HttpMessageHandler = _lambda,
            TimeProvider = _clock,
            PollInterval = TimeSpan.Zero,
            Timeout = TimeSpan.FromSeconds(30),
        });
}
