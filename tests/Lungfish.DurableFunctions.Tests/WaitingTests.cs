namespace Lungfish.DurableFunctions.Tests;

public sealed class WaitingTests
{
    private readonly FakeService _service = new();

    [Fact]
    public async Task WaitAsync_FirstTime_SuspendsWithItsSeconds()
    {
        var output = await _service.InvokeAsync<int>(async context =>
        {
            await context.WaitAsync(TimeSpan.FromMilliseconds(1500), "nap");
            return 1;
        });

        Assert.Equal(InvocationStatus.Pending, output.Status);
        Assert.Equal(2, Assert.Single(_service.AllUpdates).WaitSeconds);
        Assert.Null(output.Result);
    }

    [Fact]
    public async Task WaitAsync_NotYetOverOnReplay_SuspendsAgainWithoutACall()
    {
        static async Task<int> Workflow(IDurableContext context)
        {
            await context.WaitAsync(TimeSpan.FromSeconds(10));
            return 1;
        }

        await _service.InvokeAsync(Workflow);
        var again = await _service.InvokeAsync(Workflow);

        Assert.Equal(InvocationStatus.Pending, again.Status);
        Assert.Single(_service.Calls);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(31_622_401)]
    public async Task WaitAsync_OutsideItsRange_ThrowsAndStoresNothing(double seconds)
    {
        var output = await _service.InvokeAsync<int>(async context =>
        {
            await context.WaitAsync(TimeSpan.FromSeconds(seconds));
            return 1;
        });

        Assert.Equal(typeof(ArgumentOutOfRangeException).FullName, output.Error?.ErrorType);
        Assert.Empty(_service.Updates);
    }

    [Fact]
    public async Task WhenAll_WaitsBesideEachOther_SuspendOnceBothAreStored()
    {
        var output = await _service.InvokeAsync<int>(async context =>
        {
            await Task.WhenAll(context.WaitAsync(TimeSpan.FromSeconds(5)), context.WaitAsync(TimeSpan.FromSeconds(9)));
            return 1;
        });

        Assert.Equal(InvocationStatus.Pending, output.Status);
        Assert.Equal(["WAIT START 1", "WAIT START 2"], _service.Updates);
    }

    [Fact]
    public async Task WhenAll_OneWaitsOnReplay_TheOtherStillRuns()
    {
        var ran = 0;
        async Task<int> Workflow(IDurableContext context)
        {
            var wait = context.WaitAsync(TimeSpan.FromHours(1)); // On replay known to wait: nothing is at work yet.
            var step = context.StepAsync((_, _) => Task.FromResult(++ran));
            await Task.WhenAll(wait, step);
            return ran;
        }

        await _service.InvokeAsync(Workflow);
        _service.Forget("2");
        ran = 0;
        var output = await _service.InvokeAsync(Workflow);

        Assert.Equal(InvocationStatus.Pending, output.Status);
        Assert.Equal(1, ran);
    }

    [Fact]
    public async Task Suspension_BodyAwaitsSomethingOfItsOwn_WaitsForIt()
    {
        var gate = new TaskCompletionSource();
        var reached = false;
        async Task<int> Workflow(IDurableContext context)
        {
            var branches = await context.ParallelAsync<int>(
            [
                async (branch, _) =>
                {
                    await branch.WaitAsync(TimeSpan.FromHours(1));
                    return 1;
                },
                async (branch, _) =>
                {
                    await gate.Task;
                    reached = true;
                    return await branch.StepAsync((_, _) => Task.FromResult(2));
                },
            ]);
            return branches.SuccessCount;
        }

        _service.OnCheckpoint = updates =>
        {
            if (updates.Any(update => update.Type == OperationTypes.Wait))
            {
                _ = Task.Run(async () =>
                {
                    await Task.Yield();
                    gate.TrySetResult();
                });
            }
        };
        var output = await _service.InvokeAsync(Workflow);

        Assert.Equal(InvocationStatus.Pending, output.Status);
        Assert.True(reached);
        Assert.Contains(_service.Updates, update => update.StartsWith("STEP SUCCEED", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Resume_SiblingBusy_WaitIsPolledAndGoesOnInTheSameInvocation()
    {
        var clock = new ManualClock(_service.Now);
        var release = new TaskCompletionSource();
        var order = new List<string>();

        var running = _service.InvokeAsync<int>(
            async context =>
            {
                async Task WaitThenStep()
                {
                    await context.WaitAsync(TimeSpan.FromSeconds(2));
                    order.Add("resumed");
                    release.SetResult();
                }

                var busy = context.StepAsync(async (_, _) =>
                {
                    await release.Task;
                    order.Add("busy step done");
                    return 1;
                });
                await Task.WhenAll(WaitThenStep(), busy);
                return 1;
            },
            options => options.TimeProvider = clock);
        await clock.TimerSetAsync();
        _service.Advance(TimeSpan.FromSeconds(2));
        clock.Advance(TimeSpan.FromSeconds(2));
        var output = await running;

        Assert.Equal(InvocationStatus.Succeeded, output.Status);
        Assert.Equal(["resumed", "busy step done"], order);
        Assert.Contains(0, _service.Calls); // The empty checkpoint.
    }

    [Fact]
    public async Task Resume_ServicesClockLags_AsksAgain()
    {
        var clock = new ManualClock(_service.Now);
        var release = new TaskCompletionSource();
        var running = _service.InvokeAsync<int>(
            async context =>
            {
                var busy = context.StepAsync((_, _) => release.Task);
                await context.WaitAsync(TimeSpan.FromSeconds(2));
                release.SetResult();
                await busy;
                return 1;
            },
            options => options.TimeProvider = clock);
        await clock.TimerSetAsync();
        clock.Advance(TimeSpan.FromSeconds(2)); // Here, not there.
        await clock.TimerSetAsync();
        _service.Advance(TimeSpan.FromSeconds(2));
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(InvocationStatus.Succeeded, (await running).Status);
    }

    [Fact]
    public async Task WaitForCondition_Polls_HandsItsStateOn()
    {
        var seen = new List<int>();
        var output = await _service.RunToEndAsync(context => context.WaitForConditionAsync(
            (state, check, _) =>
            {
                seen.Add(state);
                Assert.Equal(seen.Count, check.AttemptNumber);
                return Task.FromResult(state + 1);
            },
            new WaitForConditionConfig<int>
            {
                InitialState = 5,
                WaitStrategy = WaitStrategy.Fixed<int>(TimeSpan.FromSeconds(2), isDone: state => state == 8),
            },
            "ready"));

        Assert.Equal("8", output.Result);
        Assert.Equal([5, 6, 7], seen);
        Assert.Equal([2, 2], _service.AllUpdates.Select(update => update.NextAttemptDelaySeconds).OfType<int>());
        Assert.All(_service.AllUpdates, update => Assert.Equal(OperationSubTypes.WaitForCondition, update.SubType));
    }

    [Fact]
    public async Task WaitForCondition_AttemptsUsedUp_FailsWithTheLastStateAlsoOnReplay()
    {
        var states = new List<(object?, int)>();
        async Task<int> Workflow(IDurableContext context)
        {
            try
            {
                await context.WaitForConditionAsync(
                    (state, _, _) => Task.FromResult(state + 1),
                    new WaitForConditionConfig<int>
                    {
                        InitialState = 0,
                        WaitStrategy = WaitStrategy.Fixed<int>(TimeSpan.FromSeconds(1), maxAttempts: 3),
                    });
            }
            catch (WaitForConditionException e)
            {
                states.Add((e.LastState, e.AttemptsExhausted));
            }

            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return 1;
        }

        await _service.RunToEndAsync(Workflow);

        Assert.Equal([(3, 3), (3, 3)], states);
        Assert.Equal(OperationStatuses.Failed, _service["1"].Status);
    }

    [Fact]
    public async Task WaitForCondition_CheckThrows_FailsAtOnce()
    {
        var output = await _service.InvokeAsync(context => context.WaitForConditionAsync<int>(
            (_, _, _) => throw new FormatException("broken"),
            new WaitForConditionConfig<int>
            {
                InitialState = 0,
                WaitStrategy = WaitStrategy.Fixed<int>(TimeSpan.FromSeconds(1)),
            }));

        Assert.Equal("System.FormatException", output.Error?.ErrorType);
        Assert.Equal(["STEP START 1", "STEP FAIL 1"], _service.Updates);
    }
}
