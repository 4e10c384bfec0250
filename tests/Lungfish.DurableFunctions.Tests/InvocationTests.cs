namespace Lungfish.DurableFunctions.Tests;

public sealed class InvocationTests
{
    private readonly FakeService _service = new();

    [Fact]
    public async Task Replay_AnotherOperation_FailsWithBothSideBySide()
    {
        await _service.InvokeAsync<int>(async context =>
        {
            await context.WaitAsync(TimeSpan.FromSeconds(5), "pause");
            return 1;
        });

        var output = await _service.InvokeAsync<int>(async context =>
        {
            try
            {
                return await context.StepAsync((_, _) => Task.FromResult(1), "greet");
            }
            catch (DurableExecutionException)
            {
                return await context.StepAsync((_, _) => Task.FromResult(2));
            }
        });

        Assert.Equal(InvocationStatus.Failed, output.Status);
        Assert.Equal(typeof(NonDeterministicExecutionException).FullName, output.Error?.ErrorType);
        Assert.Matches(@"type\s+WAIT\s+STEP", output.Error?.ErrorMessage ?? "");
        Assert.Matches(@"name\s+pause\s+greet", output.Error?.ErrorMessage ?? "");
        Assert.Equal(["WAIT START 1"], _service.Updates);
    }

    [Theory]
    [InlineData("other", null)]
    [InlineData(null, null)]
    [InlineData("step", "9")]
    public async Task Replay_NameOrParentDiffers_Fails(string? name, string? parent)
    {
        _service.Put(new Operation
        {
            Id = "1",
            Type = OperationTypes.Step,
            SubType = OperationSubTypes.Step,
            Status = OperationStatuses.Succeeded,
            Name = name,
            ParentId = parent,
            StepDetails = new StepDetails { Attempt = 1, Result = "1" },
        });

        var output = await _service.InvokeAsync(context => context.StepAsync((_, _) => Task.FromResult(1), "step"));

        Assert.Equal(typeof(NonDeterministicExecutionException).FullName, output.Error?.ErrorType);
    }

    [Fact]
    public async Task Envelope_SeveralPages_AllAreReadBeforeTheWorkflowRuns()
    {
        static async Task<int> Workflow(IDurableContext context)
        {
            var sum = 0;
            for (var i = 0; i < 10; i++)
            {
                sum += await context.StepAsync((_, _) => Task.FromResult(1));
            }

            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return sum;
        }

        await _service.InvokeAsync(Workflow);
        var calls = _service.Calls.Count;
        _service.PageSize = 3;
        _service.Advance(TimeSpan.FromSeconds(1));
        var output = await _service.InvokeAsync(Workflow);

        Assert.Equal("10", output.Result);
        Assert.Equal(calls, _service.Calls.Count);
    }

    [Theory]
    [InlineData("Invalid Checkpoint Token: used", "InvalidParameterValueException", 400)]
    [InlineData("slow down", "TooManyRequestsException", 429)]
    [InlineData("oops", "ServiceException", 500)]
    [InlineData("no answer", null, null)]
    public async Task Checkpoint_RefusedForNow_ThrowsSoThatItIsRepeated(
        string message, string? code, int? status)
    {
        _service.OnCheckpoint = _ => throw new DurableServiceException(message, code, status);

        var thrown = await Assert.ThrowsAsync<DurableServiceException>(() => _service.InvokeAsync(
            context => context.StepAsync((_, _) => Task.FromResult(1))));

        Assert.Equal(message, thrown.Message);
    }

    [Theory]
    [InlineData("bad update", "InvalidParameterValueException", 400)]
    [InlineData("invalid checkpoint token in lower case", "InvalidParameterValueException", 400)]
    [InlineData("gone", "ResourceNotFoundException", 404)]
    [InlineData("key", "KMSDisabledException", 502)]
    public async Task Checkpoint_RefusedForGood_FailsTheExecution(string message, string code, int status)
    {
        _service.OnCheckpoint = _ => throw new DurableServiceException(message, code, status);

        var output = await _service.InvokeAsync(context => context.StepAsync((_, _) => Task.FromResult(1)));

        Assert.Equal((InvocationStatus.Failed, message), (output.Status, output.Error?.ErrorMessage));
    }

    [Fact]
    public async Task Checkpoint_ManyAtOnce_GoTogether()
    {
        var output = await _service.InvokeAsync(async context =>
        {
            var steps = Enumerable.Range(0, 20).Select(i => context.StepAsync((_, _) => Task.FromResult(i))).ToArray();
            return (await Task.WhenAll(steps)).Sum();
        });

        // One call, unless this thread had to wait so long for a processor that another one made a call meanwhile.
        Assert.Equal("190", output.Result);
        Assert.Equal(40, _service.Calls.Sum());
        Assert.True(_service.Calls.Count < 20, $"{_service.Calls.Count} calls");
    }

    [Fact]
    public async Task Checkpoint_WhileACallIsUnderWay_JoinsTheNextBatch()
    {
        var (isUnderWay, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        _service.Delay = () =>
        {
            isUnderWay.TrySetResult();
            return release.Task;
        };

        var running = _service.InvokeAsync(async context =>
        {
            var first = context.WaitAsync(TimeSpan.FromSeconds(5));
            await isUnderWay.Task;
            var others = Enumerable.Range(0, 19).Select(_ => context.WaitAsync(TimeSpan.FromSeconds(5))).ToArray();
            release.SetResult();
            await Task.WhenAll([first, .. others]);
            return 1;
        });

        Assert.Equal(InvocationStatus.Pending, (await running).Status);
        Assert.Equal([1, 19], _service.Calls);
    }

    [Fact]
    public async Task Checkpoint_CodeBlocksUntilItIsStored_IsStoredByAnotherThread()
    {
        var output = await _service.InvokeAsync(context =>
        {
            var total = 0;
            for (var i = 0; i < 3; i++)
            {
                var step = context.StepAsync(async (_, _) =>
                {
                    await Task.Yield();
                    return 1;
                });
                ((IAsyncResult)step).AsyncWaitHandle.WaitOne(); // As code that is not written for it does.
                total += step.Result;
            }

            return Task.FromResult(total);
        });

        Assert.Equal("3", output.Result);
    }

    [Fact]
    public async Task Checkpoint_LargePayloads_AreSpreadOverCallsOf750KiloBytes()
    {
        var text = new string('x', 200 * 1024);
        var output = await _service.InvokeAsync(async context =>
        {
            var result = await context.MapAsync(
                Enumerable.Range(0, 20).ToArray(),
                async (child, _, _, _, _) => (await child.StepAsync((_, _) => Task.FromResult(text))).Length);
            return result.SuccessCount;
        });

        Assert.Equal("20", output.Result);
        var index = 0;
        foreach (var count in _service.Calls)
        {
            var bytes = _service.AllUpdates.Skip(index).Take(count).Sum(update => update.Payload?.Length ?? 0);
            Assert.True(bytes <= 750 * 1024, $"{bytes} bytes in one call");
            index += count;
        }
    }

    [Fact]
    public async Task Result_OverSixMegabytes_IsDeliveredByACheckpoint()
    {
        var output = await _service.InvokeAsync(context => Task.FromResult(new string('x', 6 * 1024 * 1024)));

        Assert.Equal((InvocationStatus.Succeeded, ""), (output.Status, output.Result));
        Assert.Equal((6 * 1024 * 1024) + 2, _service.FinalPayload?.Length);
        Assert.Equal("EXECUTION SUCCEED exec-1", _service.Updates[^1]);
    }

    [Fact]
    public async Task Input_IsReadFromTheExecution()
    {
        var output = await DurableFunction.WrapAsync<Order, string>(
            (order, _) => Task.FromResult(order.Name + order.Count),
            _service.Envelope("""{"name":"a","Count":2}"""),
            options: new DurableFunctionOptions { ServiceClient = _service });

        Assert.Equal("\"a2\"", output.Result);
    }

    [Fact]
    public async Task Input_ThatCannotBeRead_FailsTheExecution()
    {
        var output = await DurableFunction.WrapAsync<Order, string>(
            (order, _) => Task.FromResult(order.Name),
            _service.Envelope("5"),
            options: new DurableFunctionOptions { ServiceClient = _service });

        Assert.Equal(typeof(CheckpointSerializationException).FullName, output.Error?.ErrorType);
        Assert.StartsWith("The input could not be read as", output.Error?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workflow_WithoutResult_AnswersNull()
    {
        var output = await DurableFunction.WrapAsync<object?>(
            (_, context) => context.StepAsync((_, _) => Task.CompletedTask),
            _service.Envelope(),
            options: new DurableFunctionOptions { ServiceClient = _service });

        Assert.Equal((InvocationStatus.Succeeded, "null"), (output.Status, output.Result));
        Assert.Null(_service["1"].StepDetails?.Result);
    }

    [Theory]
    [InlineData(1_000_000, 250_000)]
    [InlineData(100_000, 100_001)]
    public async Task Error_OfTheExecution_IsCutAtWhatTheServiceKeeps(int length, int below)
    {
        var output = await _service.InvokeAsync<int>(
            _ => throw new InvalidOperationException(new string('m', length)));

        var message = output.Error?.ErrorMessage ?? "";
        Assert.True(message.Length < below);
        Assert.Equal(
            length > below, message.EndsWith("(cut: it is longer than the service takes)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Error_OfAStep_IsCutAtWhatTheServiceTakes()
    {
        _ = await _service.InvokeAsync(context => context.StepAsync<int>(
            (_, _) => throw new InvalidOperationException(new string('m', 100_000)),
            config: new StepConfig { RetryStrategy = RetryStrategy.None }));

        var message = _service["1"].Error?.ErrorMessage ?? "";
        Assert.True(message.Length < 30_000);
        Assert.EndsWith("(cut: it is longer than the service takes)", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InvokeAsync_Cancelled_ThrowsSoThatTheInvocationIsRepeated()
    {
        using var source = new CancellationTokenSource();
        var entryPoint = new DurableEntryPoint<object?, int>(
            (_, context) => context.StepAsync<int>(async (_, token) =>
            {
                await source.CancelAsync();
                await Task.Delay(Timeout.Infinite, token);
                return 1;
            }),
            new DurableFunctionOptions { ServiceClient = _service });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => entryPoint.InvokeAsync(_service.Envelope(), cancellationToken: source.Token));
    }

    [Fact]
    public async Task Suspension_CancelsWhatStillRuns()
    {
        var cancelled = new TaskCompletionSource();
        await _service.InvokeAsync(async context =>
        {
            _ = context.StepAsync(async (_, token) =>
            {
                token.Register(() => cancelled.TrySetResult());
                await Task.Delay(Timeout.Infinite, token);
            });
            return await Task.FromResult(1);
        });

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private sealed record Order(string Name, int Count);
}
