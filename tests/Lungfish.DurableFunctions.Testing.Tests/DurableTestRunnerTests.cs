using Microsoft.Extensions.Logging;

namespace Lungfish.DurableFunctions.Testing.Tests;

/// <summary>Functions of the SDK, run in process.</summary>
public sealed class DurableTestRunnerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_WaitOfThirtyDays_TakesThirtyDaysOfTheClock()
    {
        await using var runner = DurableTestRunner.For<string, string>(async (name, context) =>
        {
            await context.WaitAsync(TimeSpan.FromDays(30), "sleep");
            return await context.StepAsync((_, _) => Task.FromResult($"hello {name}"), "greet");
        });

        var result = (await runner.RunAsync("you")).EnsureSucceeded();

        Assert.Equal("hello you", result.Result);
        Assert.Equal(TimeSpan.FromDays(30), result.Duration);
        Assert.Equal(TimeSpan.FromDays(30), result.GetStep("sleep").Timeout);
        Assert.Equal("hello you", result.GetStep("greet").GetResult<string>());
        Assert.Equal(2, result.Invocations.Count);
    }

    [Fact]
    public async Task Run_FunctionReturnsNothing_Succeeds()
    {
        await using var runner = DurableTestRunner.For<int>((_, context) =>
            context.WaitAsync(TimeSpan.FromSeconds(1), "pause"));

        var result = await runner.RunAsync(1);

        Assert.Equal(ExecutionStatus.Succeeded, result.Status);
        Assert.Null(result.Result);
    }

    [Theory]
    [InlineData("order 17")]
    [InlineData("")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task Run_NameThatTheServiceRefuses_IsRefused(string name)
    {
        await using var runner = DurableTestRunner.For<int, int>((input, _) => Task.FromResult(input));

        var refused = await Assert.ThrowsAsync<DurableServiceException>(() => runner.RunAsync(1, name));

        Assert.Equal("InvalidParameterValueException", refused.ErrorCode);
    }

    [Fact]
    public async Task GetStep_BranchOfTheSameName_IsTheStep()
    {
        await using var runner = DurableTestRunner.For<int, int>(async (_, context) =>
        {
            var both = await context.ParallelAsync<int>(
            [
                new("charge", (branch, token) => branch.StepAsync(
                    (_, _) => Task.FromResult(7), "charge", cancellationToken: token)),
            ]);
            return both.GetResults()[0];
        });

        var result = (await runner.RunAsync(1)).EnsureSucceeded();

        Assert.Equal(OperationTypes.Step, result.GetStep("charge").Type);
        Assert.Equal(OperationTypes.Context, result.GetOperation("charge").Type);
    }

    [Fact]
    public async Task GetStep_NameOfAWaitForCallback_IsThatAndNotItsSubmitter()
    {
        await using var runner = DurableTestRunner.For<int, int>((_, context) =>
            context.WaitForCallbackAsync<int>((_, _, _) => Task.CompletedTask, "approval"));
        runner.OnCallback("approval", callback => callback.SendSuccessAsync(1));

        var result = (await runner.RunAsync(1)).EnsureSucceeded();

        Assert.Equal(OperationSubTypes.WaitForCallback, result.GetStep("approval").SubType);
    }

    [Fact]
    public async Task Inspect_InvocationsFail_SaysHowTheLastOneDid()
    {
        await using var runner = DurableTestRunner.For<int, int>(
            async (_, context) =>
            {
                await context.StepAsync((_, _) => Task.CompletedTask, "first");
                return await context.StepAsync((_, _) => Task.FromResult(1), "second");
            },
            new DurableTestRunnerOptions { SkipTime = false });
        runner.Inject(FaultKind.CrashBefore, CheckpointPlace.Of("second"));

        var run = await runner.StartAsync(1);
        await run.WaitUntilSuspendedAsync();

        Assert.Contains(
            "1 invocation, the last of which failed with Runtime.ExitError",
            run.Inspect().ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_StepFailsTwice_KeepsTheDelaysOfItsStrategy()
    {
        var config = new StepConfig
        {
            RetryStrategy = RetryStrategy.Exponential(
                maxAttempts: 3, initialDelay: TimeSpan.FromSeconds(2), backoffRate: 3, jitter: JitterStrategy.None),
        };
        await using var runner = DurableTestRunner.For<int, int>((_, context) => context.StepAsync(
            (step, _) => step.AttemptNumber < 3
                ? throw new TimeoutException($"attempt {step.AttemptNumber}")
                : Task.FromResult(step.AttemptNumber),
            "flaky",
            config));

        var result = (await runner.RunAsync(0)).EnsureSucceeded();

        var step = result.GetStep("flaky");
        Assert.Equal(3, step.Attempts);
        Assert.Equal([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(6)], step.RetryDelays);
        Assert.Equal(TimeSpan.FromSeconds(8), step.Duration);
        Assert.Null(step.Error);
    }

    [Fact]
    public async Task EnsureSucceeded_ExecutionFailed_ShowsWhatHappened()
    {
        await using var runner = DurableTestRunner.For<int, int>((_, context) => context.RunInChildContextAsync<int>(
            (child, token) => child.StepAsync<int>(
                (_, _) => throw new InvalidDataException("no such card"),
                "charge",
                new StepConfig { RetryStrategy = RetryStrategy.None },
                token),
            "payment"));

        var result = await runner.RunAsync(0);
        var failed = Assert.Throws<TestExecutionFailedException>(() => result.EnsureSucceeded());

        Assert.Equal(ExecutionStatus.Failed, failed.Status);
        Assert.Equal("System.IO.InvalidDataException", result.Error?.ErrorType);
        Assert.Contains("Step 'charge': FAILED, System.IO.InvalidDataException: no such card", failed.Message,
            StringComparison.Ordinal);
        Assert.Same(result.GetStep("charge"), Assert.Single(result.GetStep("payment").Children));
    }

    [Fact]
    public async Task GetOperation_ThereIsNoneOfThatName_NamesThoseThatThereAre()
    {
        await using var runner = DurableTestRunner.For<int>((_, context) =>
            context.WaitAsync(TimeSpan.FromSeconds(1), "pause"));
        var result = await runner.RunAsync(0);

        var missing = Assert.Throws<InvalidOperationException>(() => result.GetStep("pauses"));

        Assert.Contains("Wait 'pause': SUCCEEDED", missing.Message, StringComparison.Ordinal);
        Assert.Null(result.FindStep("pauses"));
    }

    [Fact]
    public async Task OnCallback_OfAWaitForCallback_IsFoundByTheNameThatTheAuthorGave()
    {
        var submitted = "";
        await using var runner = DurableTestRunner.For<int, string>((_, context) =>
            context.WaitForCallbackAsync<string>(
                (id, _, _) =>
                {
                    submitted = id;
                    return Task.CompletedTask;
                },
                "approval"));
        runner.OnCallback("approval", callback => callback.SendSuccessAsync("yes"));

        var result = (await runner.RunAsync(0)).EnsureSucceeded();

        Assert.Equal("yes", result.Result);
        Assert.Equal(submitted, Assert.Single(result.GetOperationsOfType(OperationTypes.Callback)).CallbackId);
    }

    [Fact]
    public async Task WaitForCallback_LedByTheTest_HeartbeatsHoldItOpen()
    {
        await using var runner = DurableTestRunner.For<int, string>(async (_, context) =>
        {
            var config = new CallbackConfig { HeartbeatTimeout = TimeSpan.FromSeconds(10) };
            var callback = await context.CreateCallbackAsync<string>("slow", config);
            return await callback.GetResultAsync();
        });
        var run = await runner.StartAsync(0, cancellationToken: Cancelled);
        var callback = await run.WaitForCallbackAsync("slow", Cancelled);

        await run.AdvanceAsync(TimeSpan.FromSeconds(9), Cancelled);
        await callback.SendHeartbeatAsync(Cancelled);
        var before = await run.AdvanceAsync(TimeSpan.FromSeconds(9), Cancelled);
        await callback.SendSuccessTextAsync("\"done\"", Cancelled);
        var after = await run.WaitForResultAsync(Cancelled);

        Assert.Equal(ExecutionStatus.Running, before.Status);
        Assert.Equal("done", after.EnsureSucceeded().Result);
        Assert.Equal(TimeSpan.FromSeconds(18), after.Duration);
    }

    [Fact]
    public async Task Run_HeartbeatDoesNotCome_TimesOut()
    {
        await using var runner = DurableTestRunner.For<int, string>(async (_, context) =>
        {
            var config = new CallbackConfig { HeartbeatTimeout = TimeSpan.FromSeconds(10) };
            var callback = await context.CreateCallbackAsync<string>("slow", config);
            return await callback.GetResultAsync();
        });

        var result = await runner.RunAsync(0);

        Assert.Equal("Callback.Heartbeat", result.Error?.ErrorType);
        Assert.Equal(TimeSpan.FromSeconds(10), result.Duration);
    }

    [Fact]
    public async Task Invoke_PlainAndDurableFunctions_RunInProcess()
    {
        await using var runner = DurableTestRunner.For<int, int>(async (number, context) =>
        {
            var doubled = await context.InvokeAsync<int, int>("double", number, "plain");
            return await context.InvokeAsync<int, int>("later:$LATEST", doubled, "durable");
        });
        runner.RegisterFunction<int, int>("double", number => Task.FromResult(number * 2));
        runner.RegisterDurableFunction<int, int>("later", async (number, context) =>
        {
            await context.WaitAsync(TimeSpan.FromHours(1));
            return number + 1;
        });

        var result = (await runner.RunAsync(5)).EnsureSucceeded();

        Assert.Equal(11, result.Result);
        Assert.Equal(10, result.GetStep("plain").GetResult<int>());
        Assert.Null(result.GetStep("plain").InvokedExecutionArn);
        Assert.Equal(10, result.GetStep("durable").GetInput<int>());
        Assert.Contains("function:later:$LATEST/durable-execution/", result.GetStep("durable").InvokedExecutionArn,
            StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromHours(1), result.Duration);
    }

    [Theory]
    [InlineData("nobody", "ResourceNotFoundException")]
    [InlineData("later", "InvalidParameterValueException")]
    [InlineData("broken", "System.NotSupportedException")]
    public async Task Invoke_TargetCannotOrFails_FailsTheOperation(string function, string errorType)
    {
        await using var runner = DurableTestRunner.For<int, int>((number, context) =>
            context.InvokeAsync<int, int>(function, number, "call"));
        runner.RegisterFunction<int, int>("broken", _ => throw new NotSupportedException("not today"));
        runner.RegisterDurableFunction<int, int>("later", (number, _) => Task.FromResult(number));

        var result = await runner.RunAsync(5);

        Assert.Equal(ExecutionStatus.Failed, result.Status);
        Assert.Equal(errorType, result.GetStep("call").Error?.ErrorType);
    }

    [Fact]
    public async Task Map_ItemsWaitForDifferentTimes_EachGoesOnAtItsOwn()
    {
        await using var runner = DurableTestRunner.For<int[], int>(async (hours, context) =>
        {
            var batch = await context.MapAsync<int, int>(
                hours,
                async (child, hour, _, _, token) =>
                {
                    await child.WaitAsync(TimeSpan.FromHours(hour), $"wait {hour}", token);
                    return hour;
                },
                "all");
            return batch.GetResults().Sum();
        });

        var result = (await runner.RunAsync([3, 1, 2])).EnsureSucceeded();

        Assert.Equal(6, result.Result);
        Assert.Equal(TimeSpan.FromHours(3), result.Duration);
        Assert.Equal(TimeSpan.FromHours(1), result.GetStep("wait 1").Duration);
        Assert.Equal(3, result.GetStep("all").Children.Count);
    }

    [Fact]
    public async Task WaitForCondition_MetAtTheThirdLook_PollsOnTheClock()
    {
        await using var runner = DurableTestRunner.For<int, int>((_, context) =>
            context.WaitForConditionAsync<int>(
                (looks, _, _) => Task.FromResult(looks + 1),
                new WaitForConditionConfig<int>
                {
                    InitialState = 0,
                    WaitStrategy = WaitStrategy.Fixed<int>(TimeSpan.FromMinutes(1), isDone: looks => looks == 3),
                },
                "watch"));

        var result = (await runner.RunAsync(0)).EnsureSucceeded();

        Assert.Equal(3, result.Result);
        Assert.Equal(3, result.GetStep("watch").Attempts);
        Assert.Equal(TimeSpan.FromMinutes(2), result.Duration);
    }

    [Fact]
    public async Task Advance_InsideAStep_EndsTheWaitOfABranchBesideIt()
    {
        VirtualClock? clock = null;
        var gate = new TaskCompletionSource();
        await using var runner = DurableTestRunner.For<int, int>(async (_, context) =>
        {
            Func<IDurableContext, CancellationToken, Task<int>> waits = async (child, token) =>
            {
                await child.WaitAsync(TimeSpan.FromSeconds(2), "two seconds", token);
                return 1;
            };
            Func<IDurableContext, CancellationToken, Task<int>> works = (child, token) => child.StepAsync(
                async (_, _) =>
                {
                    await gate.Task;
                    clock?.Advance(TimeSpan.FromSeconds(5));
                    return 2;
                },
                "five seconds",
                cancellationToken: token);
            var batch = await context.ParallelAsync<int>([waits, works], "both");
            return batch.GetResults().Sum();
        });
        clock = runner.Clock;
        var run = await runner.StartAsync(0, cancellationToken: Cancelled);

        await run.WaitForOperationAsync("two seconds", OperationStatuses.Started, Cancelled);
        gate.SetResult();
        var result = (await run.WaitForResultAsync(Cancelled)).EnsureSucceeded();

        Assert.Equal(3, result.Result);
        Assert.Equal(TimeSpan.FromSeconds(5), result.Duration);
        Assert.Equal(TimeSpan.FromSeconds(2), result.GetStep("two seconds").Duration);
    }

    [Fact]
    public async Task WaitForOperation_NeverComes_SaysSo()
    {
        await using var runner = DurableTestRunner.For<int>((_, context) =>
            context.WaitAsync(TimeSpan.FromMinutes(10), "pause"));
        var run = await runner.StartAsync(0, cancellationToken: Cancelled);

        var stuck = await Assert.ThrowsAsync<TestRunStuckException>(
            () => run.WaitForOperationAsync("pauses", cancellationToken: Cancelled));

        Assert.Contains("'pauses'", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SkipTime_Off_TimeMovesOnlyByHand()
    {
        await using var runner = DurableTestRunner.For<int>(
            (_, context) => context.WaitAsync(TimeSpan.FromMinutes(10), "pause"),
            new DurableTestRunnerOptions { SkipTime = false });
        var run = await runner.StartAsync(0, cancellationToken: Cancelled);

        var stuck = await Assert.ThrowsAsync<TestRunStuckException>(() => run.WaitForResultAsync(Cancelled));
        var before = await run.AdvanceAsync(TimeSpan.FromMinutes(9), Cancelled);
        var after = await run.AdvanceAsync(TimeSpan.FromMinutes(1), Cancelled);

        Assert.Contains("AdvanceAsync", stuck.Message, StringComparison.Ordinal);
        Assert.Equal(ExecutionStatus.Running, before.Status);
        Assert.Equal(ExecutionStatus.Succeeded, after.Status);
    }

    [Fact]
    public async Task Run_LongerThanTheExecutionTimeout_TimesOut()
    {
        await using var runner = DurableTestRunner.For<int>(
            (_, context) => context.WaitAsync(TimeSpan.FromMinutes(10), "pause"),
            new DurableTestRunnerOptions { ExecutionTimeout = TimeSpan.FromMinutes(1) });

        var result = await runner.RunAsync(0);

        Assert.Equal(ExecutionStatus.TimedOut, result.Status);
        Assert.Equal(TimeSpan.FromMinutes(1), result.Duration);
    }

    [Fact]
    public async Task Run_InvocationLongerThanTheFunctionTimeout_IsInvokedAgain()
    {
        DurableTestRunner<int, int>? running = null;
        var runs = 0;
        await using var runner = DurableTestRunner.For<int, int>(
            (_, context) => context.StepAsync(
                (_, _) =>
                {
                    if (++runs == 1)
                    {
                        running?.Clock.Advance(TimeSpan.FromMinutes(1));
                    }

                    return Task.FromResult(runs);
                },
                "slow at first"),
            new DurableTestRunnerOptions { FunctionTimeout = TimeSpan.FromSeconds(30) });
        running = runner;

        var result = (await runner.RunAsync(0)).EnsureSucceeded();

        Assert.Equal(2, result.Result);
        Assert.Equal("Sandbox.Timedout", result.Invocations[0].Error?.ErrorType);
        Assert.Contains("Task timed out after 30.00 seconds", result.Invocations[0].Error?.ErrorMessage,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WhileItWaits_EndsIt()
    {
        await using var runner = DurableTestRunner.For<int>((_, context) =>
            context.WaitAsync(TimeSpan.FromMinutes(10), "pause"));
        var run = await runner.StartAsync(0, cancellationToken: Cancelled);
        await run.WaitUntilSuspendedAsync(Cancelled);

        await run.StopAsync(new ErrorObject { ErrorType = "Enough", ErrorMessage = "no more" }, Cancelled);
        var result = await run.WaitForResultAsync(Cancelled);

        Assert.Equal(ExecutionStatus.Stopped, result.Status);
        Assert.Equal("Enough", result.Error?.ErrorType);
    }

    [Fact]
    public async Task Redrive_AfterAFailure_GoesOnFromWhatFailed()
    {
        var (prepared, isMended) = (0, false);
        await using var runner = DurableTestRunner.For<int, int>(async (_, context) =>
        {
            await context.StepAsync((_, _) => Task.FromResult(++prepared), "prepare");
            return await context.StepAsync(
                (_, _) => isMended ? Task.FromResult(1) : throw new IOException("broken"),
                "deliver",
                new StepConfig { RetryStrategy = RetryStrategy.None });
        });
        var run = await runner.StartAsync(0, cancellationToken: Cancelled);
        var failed = await run.WaitForResultAsync(Cancelled);
        isMended = true;

        run.Redrive();
        var redriven = await run.WaitForResultAsync(Cancelled);

        Assert.Equal(ExecutionStatus.Failed, failed.Status);
        Assert.Equal(ExecutionStatus.Succeeded, redriven.Status);
        Assert.Equal(1, prepared);
    }

    [Fact]
    public async Task Logs_StepAndWorkflow_NameWhatTheyBelongTo()
    {
        await using var runner = DurableTestRunner.For<int, int>(async (number, context) =>
        {
            context.Logger.LogInformation("number {Number}", number);
            await context.WaitAsync(TimeSpan.FromSeconds(5));
            return await context.StepAsync(
                (step, _) =>
                {
                    step.Logger.LogWarning("in the step");
                    return Task.FromResult(1);
                },
                "work");
        });

        var first = await runner.RunAsync(1);
        var second = await runner.RunAsync(2);

        Assert.Equal(["number 1", "in the step"], first.Logs.Select(line => line.Message));
        Assert.Equal(["number 2", "in the step"], second.Logs.Select(line => line.Message));
        Assert.Equal(first.DurableExecutionArn, first.Logs[0].Properties["executionArn"]);
        Assert.Equal(first.GetStep("work").Id, first.Logs[1].Properties["operationId"]);
        Assert.Equal(LogLevel.Warning, first.Logs[1].Level);
        Assert.Equal(first.Events[0].Timestamp.AddSeconds(5), first.Logs[1].Timestamp);
    }

    [Fact]
    public async Task Run_StateOverManyPages_IsReadWhole()
    {
        await using var runner = DurableTestRunner.For<int, int>(
            async (_, context) =>
            {
                var sum = 0;
                for (var i = 0; i < 25; i++)
                {
                    var number = i;
                    sum += await context.StepAsync((_, _) => Task.FromResult(number), $"step {i}");
                }

                await context.WaitAsync(TimeSpan.FromSeconds(1));
                return sum;
            },
            new DurableTestRunnerOptions { OperationsPerPage = 4 });

        var result = (await runner.RunAsync(0)).EnsureSucceeded();

        Assert.Equal(300, result.Result);
        Assert.All(result.GetOperationsOfType(OperationTypes.Step), step => Assert.Equal(1, step.Attempts));
    }
}
