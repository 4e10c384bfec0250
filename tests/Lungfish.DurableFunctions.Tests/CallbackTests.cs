namespace Lungfish.DurableFunctions.Tests;

public sealed class CallbackTests
{
    private readonly FakeService _service = new();

    [Fact]
    public async Task CreateCallback_ThenResult_SuspendsUntilItIsCompleted()
    {
        static async Task<string> Workflow(IDurableContext context)
        {
            var callback = await context.CreateCallbackAsync<string>("approval", new CallbackConfig
            {
                Timeout = TimeSpan.FromMinutes(3),
                HeartbeatTimeout = TimeSpan.FromSeconds(10),
            });
            return callback.CallbackId + " " + await callback.GetResultAsync();
        }

        var first = await _service.InvokeAsync(Workflow);
        _service.CompleteCallback("1", "\"yes\"");
        var second = await _service.InvokeAsync(Workflow);

        Assert.Equal(InvocationStatus.Pending, first.Status);
        Assert.Equal("\"cb-1 yes\"", second.Result);
        var start = Assert.Single(_service.AllUpdates);
        Assert.Equal((180, 10), (start.CallbackTimeoutSeconds, start.CallbackHeartbeatTimeoutSeconds));
    }

    [Theory]
    [InlineData("approved", "approved")]
    [InlineData("\"approved\"", "approved")]
    [InlineData("null", null)]
    [InlineData(null, null)]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    public async Task GetResultAsync_OfAString_TakesBareWords(string? sent, string? expected)
    {
        string? seen = "?";
        async Task<int> Workflow(IDurableContext context)
        {
            var callback = await context.CreateCallbackAsync<string?>();
            seen = await callback.GetResultAsync();
            return 1;
        }

        await _service.InvokeAsync(Workflow);
        _service.CompleteCallback("1", sent);
        await _service.InvokeAsync(Workflow);

        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task GetResultAsync_Failed_ThrowsWhatWasSentAndFailsTheExecutionWithIt()
    {
        static async Task<string> Workflow(IDurableContext context) =>
            await (await context.CreateCallbackAsync<string>()).GetResultAsync();

        await _service.InvokeAsync(Workflow);
        _service.FailCallback("1", OperationStatuses.Failed, new ErrorObject
        {
            ErrorType = "RejectedError",
            ErrorMessage = "not approved",
        });
        var output = await _service.InvokeAsync(Workflow);

        Assert.Equal(("RejectedError", "not approved"), (output.Error?.ErrorType, output.Error?.ErrorMessage));
    }

    [Fact]
    public async Task GetResultAsync_TimedOut_ThrowsTimeout()
    {
        CallbackTimeoutException? caught = null;
        async Task<int> Workflow(IDurableContext context)
        {
            var callback = await context.CreateCallbackAsync<string>();
            try
            {
                await callback.GetResultAsync();
            }
            catch (CallbackTimeoutException e)
            {
                caught = e;
            }

            return 1;
        }

        await _service.InvokeAsync(Workflow);
        _service.FailCallback("1", OperationStatuses.TimedOut, new ErrorObject { ErrorType = "Callback.Timeout" });
        await _service.InvokeAsync(Workflow);

        Assert.Equal(("cb-1", "Callback.Timeout"), (caught?.CallbackId, caught?.ErrorType));
    }

    [Fact]
    public async Task CreateCallback_CompletedBeforeItIsAwaited_StepsInBetweenRunOnce()
    {
        var runs = 0;
        async Task<string> Workflow(IDurableContext context)
        {
            var callback = await context.CreateCallbackAsync<string>();
            await context.StepAsync((_, _) => Task.FromResult(++runs));
            return await callback.GetResultAsync();
        }

        await _service.InvokeAsync(Workflow);
        _service.CompleteCallback("1", "\"x\"");
        var output = await _service.InvokeAsync(Workflow);

        Assert.Equal("\"x\"", output.Result);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task WaitForCallback_SubmitsTheIdAndKeepsTheResult()
    {
        var submitted = new List<string>();
        async Task<string> Workflow(IDurableContext context)
        {
            var result = await context.WaitForCallbackAsync<string>(
                (id, _, _) =>
                {
                    submitted.Add(id);
                    return Task.CompletedTask;
                },
                "approval");
            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return result;
        }

        await _service.InvokeAsync(Workflow);
        _service.CompleteCallback("1-1", "\"ok\"");
        var output = await _service.RunToEndAsync(Workflow);

        Assert.Equal(["cb-1-1"], submitted);
        Assert.Equal("\"ok\"", output.Result);
        Assert.Equal(
            [
                "CONTEXT START 1", "CALLBACK START 1-1", "STEP START 1-2", "STEP SUCCEED 1-2", "CONTEXT SUCCEED 1",
                "WAIT START 2",
            ],
            _service.Updates);
        Assert.Equal(OperationSubTypes.WaitForCallback, _service["1"].SubType);
        Assert.Equal("1", _service["1-2"].ParentId);
    }

    [Theory]
    [InlineData(OperationStatuses.Failed, "RejectedError", typeof(CallbackFailedException))]
    [InlineData(OperationStatuses.TimedOut, "Callback.Timeout", typeof(CallbackTimeoutException))]
    [InlineData(OperationStatuses.TimedOut, "Callback.Heartbeat", typeof(CallbackTimeoutException))]
    public async Task WaitForCallback_NoResult_ThrowsTheSameLiveAndOnReplay(string status, string type, Type expected)
    {
        var caught = new List<(Type, string?)>();
        async Task<int> Workflow(IDurableContext context)
        {
            try
            {
                await context.WaitForCallbackAsync<string>((_, _, _) => Task.CompletedTask);
            }
            catch (CallbackException e)
            {
                caught.Add((e.GetType(), e.ErrorType));
            }

            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return 1;
        }

        await _service.InvokeAsync(Workflow);
        _service.FailCallback("1-1", status, new ErrorObject { ErrorType = type });
        await _service.RunToEndAsync(Workflow);

        Assert.Equal([(expected, type), (expected, type)], caught);
    }

    [Fact]
    public async Task WaitForCallback_SubmitterFails_ThrowsSubmitterLiveAndOnReplay()
    {
        var caught = new List<string?>();
        async Task<int> Workflow(IDurableContext context)
        {
            try
            {
                await context.WaitForCallbackAsync<string>(
                    (_, _, _) => throw new FormatException("no mail"),
                    config: new WaitForCallbackConfig { RetryStrategy = RetryStrategy.None });
            }
            catch (CallbackSubmitterException e)
            {
                caught.Add($"{e.Message} {e.ErrorType}");
            }

            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return 1;
        }

        await _service.RunToEndAsync(Workflow);

        Assert.Equal(["no mail System.FormatException", "no mail System.FormatException"], caught);
    }

    [Fact]
    public async Task InvokeAsync_SendsPayloadAndWaitsForTheResult()
    {
        static Task<int> Workflow(IDurableContext context) => context.InvokeAsync<string, int>(
            "target:1", "hello", "call", new InvokeConfig { TenantId = "t1" });

        var first = await _service.InvokeAsync(Workflow);
        _service.CompleteInvoke("1", OperationStatuses.Succeeded, "42");
        var second = await _service.InvokeAsync(Workflow);

        var start = Assert.Single(_service.AllUpdates);
        Assert.Equal(("target:1", "t1", "\"hello\""), (start.FunctionName, start.TenantId, start.Payload));
        Assert.Equal(InvocationStatus.Pending, first.Status);
        Assert.Equal("42", second.Result);
    }

    [Theory]
    [InlineData(OperationStatuses.Failed, typeof(InvokeFailedException))]
    [InlineData(OperationStatuses.TimedOut, typeof(InvokeTimedOutException))]
    [InlineData(OperationStatuses.Stopped, typeof(InvokeStoppedException))]
    public async Task InvokeAsync_NoResult_ThrowsByHowItEnded(string status, Type expected)
    {
        Exception? caught = null;
        async Task<int> Workflow(IDurableContext context)
        {
            try
            {
                return await context.InvokeAsync<string, int>("target", "x");
            }
            catch (InvokeException e)
            {
                caught = e;
                return 0;
            }
        }

        await _service.InvokeAsync(Workflow);
        _service.CompleteInvoke("1", status, error: new ErrorObject { ErrorType = "T", ErrorMessage = "m" });
        await _service.InvokeAsync(Workflow);

        Assert.IsType(expected, caught);
        Assert.Equal("m", caught.Message);
    }
}
