using System.Text.Json;

namespace Lungfish.DurableFunctions.Tests;

public sealed class StepTests
{
    private static readonly StepConfig NoRetry = new() { RetryStrategy = RetryStrategy.None };

    private readonly FakeService _service = new();

    [Fact]
    public async Task StepAsync_QuickStep_IsOneCallWithStartAndSuccess()
    {
        var output = await _service.InvokeAsync(
            context => context.StepAsync((_, _) => Task.FromResult("done"), "greet"));

        Assert.Equal(InvocationStatus.Succeeded, output.Status);
        Assert.Equal("\"done\"", output.Result);
        Assert.Equal(["STEP START 1", "STEP SUCCEED 1"], _service.Updates);
        Assert.Equal("greet", _service["1"].Name);
    }

    [Fact]
    public async Task StepAsync_OnReplay_IsNotRunAgain()
    {
        var runs = 0;
        async Task<int> Workflow(IDurableContext context)
        {
            var value = await context.StepAsync((_, _) => Task.FromResult(++runs));
            await context.WaitAsync(TimeSpan.FromSeconds(2));
            return value;
        }

        var first = await _service.InvokeAsync(Workflow);
        _service.Advance(TimeSpan.FromSeconds(2));
        var second = await _service.InvokeAsync(Workflow);

        Assert.Equal(InvocationStatus.Pending, first.Status);
        Assert.Equal("1", second.Result);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task StepAsync_OptionsOfTheAuthorsOwn_WriteAndReadResults()
    {
        var output = await _service.InvokeAsync(
            context => context.StepAsync((_, _) => Task.FromResult(new { OrderId = 7 })),
            options => options.Serializer =
                new JsonCheckpointSerializer(new JsonSerializerOptions(JsonSerializerDefaults.Web)));

        Assert.Equal("""{"orderId":7}""", output.Result);
    }

    [Fact]
    public async Task StepAsync_FailsTwice_IsRetriedWithTheStrategysDelays()
    {
        var config = new StepConfig
        {
            RetryStrategy = RetryStrategy.Exponential(
                maxAttempts: 5, initialDelay: TimeSpan.FromSeconds(2), backoffRate: 3, jitter: JitterStrategy.None),
        };
        var attempts = new List<int>();

        var output = await _service.RunToEndAsync(context => context.StepAsync(
            (step, _) =>
            {
                attempts.Add(step.AttemptNumber);
                return step.AttemptNumber < 3 ? throw new InvalidOperationException("not yet") : Task.FromResult("ok");
            },
            config: config));

        Assert.Equal("\"ok\"", output.Result);
        Assert.Equal([1, 2, 3], attempts);
        Assert.Equal([2, 6], _service.AllUpdates.Select(update => update.NextAttemptDelaySeconds).OfType<int>());
    }

    [Fact]
    public void Linear_EachAttempt_WaitsLongerByTheSameUpToTheLimit()
    {
        var strategy = RetryStrategy.Linear(
            initialDelay: TimeSpan.FromSeconds(2),
            increment: TimeSpan.FromSeconds(3),
            maxDelay: TimeSpan.FromSeconds(9),
            jitter: JitterStrategy.None,
            retryableExceptions: [typeof(TimeoutException)]);

        var delays = Enumerable.Range(1, 5)
            .Select(attempt => strategy.ShouldRetry(new TimeoutException(), attempt).Delay.TotalSeconds);
        Assert.Equal([2, 5, 8, 9, 9], delays);
        Assert.False(strategy.ShouldRetry(new TimeoutException(), 6).ShouldRetry);
        Assert.False(strategy.ShouldRetry(new FormatException(), 1).ShouldRetry);
    }

    [Fact]
    public void Linear_Presets_AreThoseOfTheSdkForJavaScript() =>
        Assert.Equal(
            [1, 2, 3, 4, 5],
            Enumerable.Range(1, 5).Select(n => RetryStrategy.Linear(jitter: JitterStrategy.None)
                .ShouldRetry(new TimeoutException(), n).Delay.TotalSeconds));

    [Fact]
    public async Task StepAsync_FailsForGood_KeepsTypeMessageAndStack()
    {
        static Task<int> Throws(IStepContext step, CancellationToken token) => throw new FormatException("bad input");
        static async Task<int> Workflow(IDurableContext context) => await context.StepAsync(Throws, config: NoRetry);

        var output = await _service.InvokeAsync(Workflow);
        var replayed = await _service.InvokeAsync(Workflow);

        Assert.Equal(InvocationStatus.Failed, output.Status);
        Assert.Equal("System.FormatException", output.Error?.ErrorType);
        Assert.Equal("bad input", output.Error?.ErrorMessage);
        Assert.Contains(
            output.Error?.StackTrace ?? [], line => line.Contains(nameof(Throws), StringComparison.Ordinal));
        Assert.Equal(output.Error?.ErrorType, replayed.Error?.ErrorType);
        Assert.Equal(output.Error?.StackTrace, replayed.Error?.StackTrace);
    }

    [Fact]
    public async Task StepAsync_StrategyThrows_FailsTheStepForGoodAndRunsItOnce()
    {
        var runs = 0;
        var caught = new List<string?>();
        var config = new StepConfig
        {
            RetryStrategy = RetryStrategy.FromDelegate((_, _) => throw new FormatException("no strategy")),
        };
        async Task<int> Workflow(IDurableContext context)
        {
            try
            {
                await context.StepAsync((_, _) => throw new InvalidOperationException($"{++runs}"), config: config);
            }
            catch (StepException e)
            {
                caught.Add($"{e.ErrorType} {e.Message}");
            }

            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return runs;
        }

        var output = await _service.RunToEndAsync(Workflow);

        Assert.Equal("1", output.Result);
        Assert.Equal(["System.FormatException no strategy", "System.FormatException no strategy"], caught);
    }

    [Fact]
    public async Task StepAsync_CaughtFailure_IsTheSameExceptionOnReplay()
    {
        var caught = new List<string?>();
        async Task<int> Workflow(IDurableContext context)
        {
            try
            {
                await context.StepAsync((_, _) => throw new FormatException("no"), config: NoRetry);
            }
            catch (StepException e)
            {
                caught.Add($"{e.ErrorType} {e.Message} {e.InnerException}");
            }

            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return 1;
        }

        await _service.RunToEndAsync(Workflow);

        Assert.Equal(["System.FormatException no ", "System.FormatException no "], caught);
    }

    [Fact]
    public async Task StepAsync_AtLeastOnceFoundStarted_RunsAgainWithoutANewStart()
    {
        _service.Put(Started("1", OperationTypes.Step, OperationSubTypes.Step));

        var output = await _service.InvokeAsync(context => context.StepAsync((_, _) => Task.FromResult(7)));

        Assert.Equal("7", output.Result);
        Assert.Equal(["STEP SUCCEED 1"], _service.Updates);
    }

    [Fact]
    public async Task StepAsync_AtMostOnceFoundStarted_FailsAsInterruptedWithoutRunning()
    {
        _service.Put(Started("1", OperationTypes.Step, OperationSubTypes.Step));
        var ran = false;
        var config = new StepConfig
        {
            Semantics = StepSemantics.AtMostOncePerRetry,
            RetryStrategy = RetryStrategy.None,
        };

        var output = await _service.InvokeAsync(context => context.StepAsync(
            (_, _) => Task.FromResult(ran = true), config: config));

        Assert.False(ran);
        Assert.Equal(["STEP FAIL 1"], _service.Updates);
        Assert.Equal(typeof(StepInterruptedException).FullName, output.Error?.ErrorType);
    }

    [Fact]
    public async Task StepAsync_AtMostOnce_StoresItsStartBeforeItRuns()
    {
        var storedBefore = 0;
        var config = new StepConfig { Semantics = StepSemantics.AtMostOncePerRetry };

        await _service.InvokeAsync(context => context.StepAsync(
            (_, _) => Task.FromResult(storedBefore = _service.Updates.Count), config: config));

        Assert.Equal(1, storedBefore);
    }

    [Fact]
    public async Task StepAsync_NullResult_IsNullOnReplayToo()
    {
        var seen = new List<string?>();
        async Task<string?> Workflow(IDurableContext context)
        {
            seen.Add(await context.StepAsync((_, _) => Task.FromResult<string?>(null)));
            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return seen[^1];
        }

        var output = await _service.RunToEndAsync(Workflow);

        Assert.Equal("null", output.Result);
        Assert.Equal([null, null], seen);
    }

    [Fact]
    public async Task StepAsync_OwnSerializerChangesTheValue_IsTheSameLiveAndOnReplay()
    {
        var config = new StepConfig
        {
            Serializer = CheckpointSerializer.FromDelegates<string>(text => text.ToUpperInvariant(), text => text),
        };
        var seen = new List<string>();
        async Task<string> Workflow(IDurableContext context)
        {
            seen.Add(await context.StepAsync((_, _) => Task.FromResult("quiet"), config: config));
            await context.WaitAsync(TimeSpan.FromSeconds(2));
            return seen[^1];
        }

        _ = await _service.RunToEndAsync(Workflow);

        Assert.Equal(["QUIET", "QUIET"], seen);
    }

    [Fact]
    public async Task StepAsync_OwnSerializer_ItsTextIsStoredUntouched()
    {
        var config = new StepConfig
        {
            Serializer = CheckpointSerializer.FromDelegates<string>(text => $"<{text}>", text => text.Trim('<', '>')),
        };
        async Task<string> Workflow(IDurableContext context)
        {
            var value = await context.StepAsync((_, _) => Task.FromResult("x"), config: config);
            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return value;
        }

        var output = await _service.RunToEndAsync(Workflow);

        Assert.Equal("<x>", _service["1"].StepDetails?.Result);
        Assert.Equal("\"x\"", output.Result);
    }

    [Fact]
    public async Task StepAsync_SerializerThatChangesTheValue_IsSeenLiveAsOnReplay()
    {
        var config = new StepConfig
        {
            Serializer = CheckpointSerializer.FromDelegates<string>(text => text.ToUpperInvariant(), text => text),
        };
        var seen = new List<string>();
        async Task<int> Workflow(IDurableContext context)
        {
            seen.Add(await context.StepAsync((_, _) => Task.FromResult("step"), config: config));
            seen.Add(await context.RunInChildContextAsync(
                (_, _) => Task.FromResult("child"), config: new ChildContextConfig { Serializer = config.Serializer }));
            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return 1;
        }

        await _service.RunToEndAsync(Workflow);

        Assert.Equal(["STEP", "CHILD", "STEP", "CHILD"], seen);
    }

    [Fact]
    public async Task StepAsync_ResultThatCannotBeWritten_FailsWithoutRetry()
    {
        var output = await _service.InvokeAsync(
            context => context.StepAsync((_, _) => Task.FromResult<Action>(() => { })));

        Assert.Equal(InvocationStatus.Failed, output.Status);
        Assert.Equal(typeof(CheckpointSerializationException).FullName, output.Error?.ErrorType);
    }

    [Fact]
    public async Task StepAsync_LongBody_ItsStartIsStoredWhileItRuns()
    {
        var started = new TaskCompletionSource();
        _service.OnCheckpoint = _ => started.TrySetResult();

        var output = await _service.InvokeAsync(context => context.StepAsync(async (_, _) =>
        {
            await started.Task;
            return 1;
        }));

        Assert.Equal(InvocationStatus.Succeeded, output.Status);
        Assert.Equal([1, 1], _service.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StepAsync_LongBodyOverHttp_ItsStartIsStoredWhileItRuns(bool blocks)
    {
        var started = new TaskCompletionSource();
        using var handler = new Acceptor(body =>
        {
            if (body.Contains("\"START\"", StringComparison.Ordinal))
            {
                started.TrySetResult();
            }
        });
        var client = new HttpDurableServiceClient(
            new ServiceEndpoint("http://lungfish.test", IsCustom: true, "eu-west-1", null, null, null), handler);

        var output = await _service.InvokeAsync(
            context => context.StepAsync(async (_, _) =>
            {
                if (blocks)
                {
                    ((IAsyncResult)started.Task).AsyncWaitHandle.WaitOne();
                }

                await started.Task;
                return 1;
            }),
            options => options.ServiceClient = client);

        Assert.Equal("1", output.Result);
        Assert.Equal(2, handler.Bodies.Count);
    }

    [Fact]
    public async Task StepAsync_CallersTokenCancelled_IsCancelledAndStoresNoFailure()
    {
        using var source = new CancellationTokenSource();
        var output = await _service.InvokeAsync<int>(async context =>
        {
            try
            {
                return await context.StepAsync<int>(
                    async (_, token) =>
                    {
                        await source.CancelAsync();
                        token.ThrowIfCancellationRequested();
                        return 1;
                    },
                    cancellationToken: source.Token);
            }
            catch (OperationCanceledException)
            {
                return 2;
            }
        });

        Assert.Equal("2", output.Result);
        Assert.DoesNotContain("STEP FAIL 1", _service.Updates);
    }

    private static Operation Started(string id, string type, string subType) => new()
    {
        Id = id,
        Type = type,
        SubType = subType,
        Status = OperationStatuses.Started,
    };

    /// <summary>A service that agrees to everything.</summary>
    private sealed class Acceptor(Action<string> received) : HttpMessageHandler
    {
        public List<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : "";
            Bodies.Add(body);
            received(body);
            return new HttpResponseMessage { Content = new StringContent("""{"CheckpointToken":"t"}""") };
        }
    }
}
