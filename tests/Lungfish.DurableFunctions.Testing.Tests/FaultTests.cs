namespace Lungfish.DurableFunctions.Testing.Tests;

/// <summary>What goes wrong around a function of the SDK, and what comes of it.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData(nameof(FaultKind.CrashBefore), 2)]
    [InlineData(nameof(FaultKind.CrashAfter), 1)]
    [InlineData(nameof(FaultKind.LoseRequest), 2)]
    [InlineData(nameof(FaultKind.LoseAnswer), 1)]
    [InlineData(nameof(FaultKind.DeliverTwice), 1)]
    public async Task Inject_AtTheResultOfAStep_RunsItAgainUnlessItIsRecorded(string kind, int charges)
    {
        var charged = 0;
        await using var runner = DurableTestRunner.For<int, int>((_, context) =>
            context.StepAsync((_, _) => Task.FromResult(++charged), "charge"));
        var fault = runner.Inject(
            Enum.Parse<FaultKind>(kind), CheckpointPlace.Of("charge", OperationActions.Succeed));

        var result = (await runner.RunAsync(0)).EnsureSucceeded();

        Assert.True(fault.HasStruck);
        Assert.Equal(charges, charged);
        Assert.Single(result.Events, happened => happened.EventType == HistoryEventTypes.StepSucceeded);
    }

    [Fact]
    public async Task Inject_CrashAtAnAtMostOnceStep_RunsItOnce()
    {
        var charged = 0;
        await using var runner = DurableTestRunner.For<int, int>((_, context) => context.StepAsync(
            (_, _) => Task.FromResult(++charged),
            "charge",
            new StepConfig
            {
                Semantics = StepSemantics.AtMostOncePerRetry,
                RetryStrategy = RetryStrategy.None,
            }));
        runner.Inject(FaultKind.CrashBefore, CheckpointPlace.Of("charge", OperationActions.Succeed));

        var result = await runner.RunAsync(0);

        Assert.Equal(ExecutionStatus.Failed, result.Status);
        Assert.Equal(1, charged);
        Assert.Equal("Runtime.ExitError", result.Invocations[0].Error?.ErrorType);
        Assert.Equal(typeof(StepInterruptedException).FullName, result.Error?.ErrorType);
    }

    [Fact]
    public async Task Inject_SeveralTimes_EndsWithTheRetriesOfTheService()
    {
        await using var runner = DurableTestRunner.For<int, int>((_, context) =>
            context.StepAsync((_, _) => Task.FromResult(1), "charge"));
        runner.Inject(
            FaultKind.CrashBefore, CheckpointPlace.Of("charge", OperationActions.Succeed), times: 1000);

        var result = await runner.RunAsync(0);

        Assert.Equal(ExecutionStatus.Failed, result.Status);
        Assert.Equal(10, result.Invocations.Count);
    }

    [Fact]
    public async Task KillInvocation_WhileAStepRuns_NothingOfItIsSeen()
    {
        var (entered, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var runs = 0;
        await using var runner = DurableTestRunner.For<int, int>((_, context) => context.StepAsync(
            async (_, _) =>
            {
                var run = Interlocked.Increment(ref runs);
                if (run == 1)
                {
                    entered.SetResult();
                    await gate.Task;
                }

                return run;
            },
            "work"));
        var run = await runner.StartAsync(0, cancellationToken: TestContext.Current.CancellationToken);
        await entered.Task;

        run.KillInvocation();
        gate.SetResult();
        var result = await run.WaitForResultAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, result.EnsureSucceeded().Result);
        Assert.Equal("Runtime.ExitError", result.Invocations[0].Error?.ErrorType);
        Assert.Throws<InvalidOperationException>(run.KillInvocation);
    }

    [Fact]
    public async Task CrashPoints_WorkflowThatChargesOutsideASteps_IsFoundOut()
    {
        var charged = 0;
        var exception = await Assert.ThrowsAsync<CrashPointException>(() => CrashPoints.RunEachAsync(
            () =>
            {
                charged = 0;
                return DurableTestRunner.For<int, int>(async (_, context) =>
                {
                    charged++; // The fault: not inside a step, so a replay does it again.
                    return await context.StepAsync((_, _) => Task.FromResult(1), "work");
                });
            },
            0,
            _ => Assert.Equal(1, charged)));

        Assert.Equal(FaultKind.CrashBefore, exception.Fault.Kind);
        Assert.StartsWith("With CrashBefore at update 1 (START of work): ", exception.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task CrashPoints_SequentialWorkflow_AreTheSameEachTime()
    {
        for (var i = 0; i < 5; i++)
        {
            var crashes = await CrashPoints.RunEachAsync(
                () => DurableTestRunner.For<int, int>(async (_, context) =>
                {
                    var first = await context.StepAsync((_, _) => Task.FromResult(1), "first");
                    await context.WaitAsync(TimeSpan.FromDays(1), "night");
                    return first + await context.StepAsync((_, _) => Task.FromResult(2), "second");
                }),
                0,
                result => Assert.Equal(3, result.EnsureSucceeded().Result));

            // Two steps with a start and a result each, and the wait: before and after each of the five.
            Assert.Equal(10, crashes);
        }
    }

    [Fact]
    public async Task Run_SameSeedTwice_HappensTheSame()
    {
        Assert.Equal(await HistoryAsync(), await HistoryAsync());

        static async Task<IReadOnlyList<HistoryEvent>> HistoryAsync()
        {
            await using var runner = DurableTestRunner.For<int, int>(async (_, context) =>
            {
                await context.StepAsync((_, _) => Task.FromResult(1), "first");
                await context.WaitAsync(TimeSpan.FromDays(1), "night");
                await context.CreateCallbackAsync<int>("never");
                return 1;
            });
            return (await runner.RunAsync(0)).EnsureSucceeded().Events;
        }
    }
}
