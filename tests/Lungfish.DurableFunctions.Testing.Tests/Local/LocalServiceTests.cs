using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.DurableFunctions.Testing.Local;

namespace Lungfish.DurableFunctions.Testing.Tests.Local;

/// <summary>The shell around the decider, with functions that speak checkpoints themselves.</summary>
public sealed class LocalServiceTests
{
    private readonly Script _script = new();

    [Fact]
    public async Task Wait_OfThirtyDays_MovesTheClockThereAndInvokesAgain()
    {
        var execution = _script.Start(async turn =>
        {
            if (turn.Seen("sleep") is { Status: Durable.OperationStatus.Succeeded })
            {
                return new ReturnedSuccess("\"awake\"");
            }

            await turn.ReportAsync(Script.Wait("sleep", 30 * 24 * 3600));
            return new ReturnedPending();
        });
        var start = _script.Clock.GetUtcNow();

        await _script.RunToEndAsync(execution);

        Assert.Equal("\"awake\"", execution.State.Result);
        Assert.Equal(TimeSpan.FromDays(30), _script.Clock.GetUtcNow() - start);
        Assert.Equal(
            ["ExecutionStarted", "WaitStarted", "InvocationCompleted", "WaitSucceeded", "InvocationCompleted",
                "ExecutionSucceeded"],
            _script.EventsOf(execution));
    }

    [Theory]
    [InlineData(nameof(FaultKind.CrashBefore), 2)]
    [InlineData(nameof(FaultKind.CrashAfter), 1)]
    [InlineData(nameof(FaultKind.LoseRequest), 2)]
    [InlineData(nameof(FaultKind.LoseAnswer), 1)]
    [InlineData(nameof(FaultKind.DeliverTwice), 1)]
    public async Task Report_FaultAtTheResultOfAStep_RunsItAsOftenAsItIsNotRecorded(string kind, int runs)
    {
        var fault = _script.Inject(
            Enum.Parse<FaultKind>(kind), CheckpointPlace.Of("charge", OperationActions.Succeed));
        var ran = 0;
        var execution = _script.Start(async turn =>
        {
            if (turn.Seen("charge") is not { Status: Durable.OperationStatus.Succeeded })
            {
                ran++;
                var result = Script.StepSucceed("charge", "1");
                await (turn.Seen("charge") is null
                    ? turn.ReportAsync(Script.StepStart("charge"), result)
                    : turn.ReportAsync(result));
            }

            return new ReturnedSuccess("1");
        });

        await _script.RunToEndAsync(execution);

        Assert.True(fault.HasStruck);
        Assert.Equal(runs, ran);
        Assert.Equal(DurableStatus.Succeeded, execution.State.Status);
        Assert.Single(_script.EventsOf(execution), "StepSucceeded");
    }

    [Fact]
    public async Task Report_CrashBetweenUpdatesOfOneRequest_RecordsThoseBefore()
    {
        _script.Inject(FaultKind.CrashBefore, CheckpointPlace.Update(2));
        var seen = new List<bool>();
        var execution = _script.Start(async turn =>
        {
            seen.Add(turn.Seen("charge") is { Status: Durable.OperationStatus.Started });
            if (seen.Count == 1)
            {
                await turn.ReportAsync(Script.StepStart("charge"), Script.StepSucceed("charge", "1"));
            }

            return new ReturnedSuccess("1");
        });

        await _script.RunToEndAsync(execution);

        Assert.Equal([false, true], seen);
        Assert.Contains(
            _script.Service.Read(execution).History,
            happened => happened.Details.Error?.ErrorType is "Runtime.ExitError");
    }

    [Fact]
    public async Task Report_AfterTheInvocationDied_NeverComesBack()
    {
        var gate = new TaskCompletionSource();
        var wentOn = false;
        var first = true;
        var execution = _script.Start(async turn =>
        {
            if (first)
            {
                first = false;
                await gate.Task;
                await turn.ReportAsync(Script.StepStart("late"));
                wentOn = true;
            }

            return new ReturnedSuccess("1");
        });

        _script.Service.RunningInvocation(execution)?.Kill();
        gate.SetResult();
        await _script.RunToEndAsync(execution);

        Assert.False(wentOn);
        Assert.DoesNotContain("StepStarted", _script.EventsOf(execution));
        Assert.Equal(DurableStatus.Succeeded, execution.State.Status);
    }

    [Fact]
    public async Task Start_SameNameAndInput_IsTheSameExecution()
    {
        var runs = 0;
        Func<Script.Turn, Task<InvocationOutcome>> body = _ =>
        {
            runs++;
            return Task.FromResult<InvocationOutcome>(new ReturnedSuccess("1"));
        };
        var execution = _script.Start(body, "order-1", "{\"id\":1}");
        await _script.RunToEndAsync(execution);

        var again = _script.Service.Start(execution.Function, "order-1", "{\"id\":1}", FaultPlan.None);
        var refused = Assert.Throws<DurableServiceException>(
            () => _script.Service.Start(execution.Function, "order-1", "{\"id\":2}", FaultPlan.None));

        Assert.Same(execution, again);
        Assert.Equal(1, runs);
        Assert.Equal("DurableExecutionAlreadyStartedException", refused.ErrorCode);
    }

    [Fact]
    public async Task Callback_NobodyAnswers_TimesOutOnTheClock()
    {
        var execution = _script.Start(async turn =>
        {
            if (turn.Seen("approval") is { } approval)
            {
                return new ReturnedFailure(approval.Error);
            }

            await turn.ReportAsync(Script.Callback("approval", timeoutSeconds: 180));
            return new ReturnedPending();
        });
        var start = _script.Clock.GetUtcNow();

        await _script.RunToEndAsync(execution);

        Assert.Equal("Callback.Timeout", execution.State.Error?.ErrorType);
        Assert.Equal(TimeSpan.FromMinutes(3), _script.Clock.GetUtcNow() - start);
    }

    [Fact]
    public async Task Callback_WithoutTimeout_IsToldToWaitForEver()
    {
        var execution = _script.Start(async turn =>
        {
            await turn.ReportAsync(Script.Callback("approval"));
            return new ReturnedPending();
        });

        var stuck = await Assert.ThrowsAsync<TestRunStuckException>(() => _script.RunToEndAsync(execution));

        Assert.Contains("callback 'approval'", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callback_AnsweredTwice_IsRefusedAsTheServerRefusesIt()
    {
        var execution = _script.Start(async turn =>
        {
            if (turn.Seen("approval") is { } approval)
            {
                return new ReturnedSuccess(approval.Payload);
            }

            await turn.ReportAsync(Script.Callback("approval"));
            return new ReturnedPending();
        });
        await _script.Driver.SettleAsync(TestContext.Current.CancellationToken);
        var callback = _script.Driver.FindCallback(execution, "approval");
        Assert.NotNull(callback);

        await callback.SendSuccessAsync("yes", TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<DurableServiceException>(() => callback.SendSuccessAsync("no"));
        await _script.RunToEndAsync(execution);

        Assert.Equal("CallbackTimeoutException", refused.ErrorCode);
        Assert.Equal("\"yes\"", execution.State.Result);
    }

    [Theory]
    [InlineData("worker", "Succeeded")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:worker:$LATEST", "Succeeded")]
    [InlineData("nobody", "Failed")]
    public async Task Invoke_PlainFunction_IsFoundByAnyFormOfAddress(string function, string status)
    {
        _script.Service.Functions.Register(
            new PlainLocalFunction("worker", input => Task.FromResult<string?>($"[{input}]")));
        Durable.Operation? seen = null;
        var execution = _script.Start(async turn =>
        {
            seen = turn.Seen("call");
            if (seen is null)
            {
                seen = (await turn.ReportAsync(Script.Invoke("call", function, "5")))[0];
            }

            return seen.IsOpen ? new ReturnedPending() : new ReturnedSuccess(seen.Payload);
        });

        await _script.RunToEndAsync(execution);

        Assert.Equal(status, seen?.Status.ToString());
        Assert.Equal(status is "Succeeded" ? "[5]" : null, execution.State.Result);
    }

    [Fact]
    public async Task Run_FunctionThatNeverReturns_IsToldToBeStuck()
    {
        var script = new Script(realTimeLimit: TimeSpan.FromMilliseconds(1));
        var execution = script.Start(_ => new TaskCompletionSource<InvocationOutcome>().Task);

        var stuck = await Assert.ThrowsAsync<TestRunStuckException>(() => script.RunToEndAsync(execution));

        Assert.Contains("has not returned", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SeedIsTheSame_GivesTheSameIdsAndTimes()
    {
        var first = await HistoryOfAsync(new Script());
        var second = await HistoryOfAsync(new Script());

        Assert.Equal(first, second);

        static async Task<string> HistoryOfAsync(Script script)
        {
            var execution = script.Start(async turn =>
            {
                if (turn.Seen("sleep") is not null)
                {
                    return new ReturnedSuccess("1");
                }

                await turn.ReportAsync(Script.Wait("sleep", 5), Script.Callback("open"));
                return new ReturnedPending();
            });
            await script.RunToEndAsync(execution);
            return string.Join('\n', script.Service.Read(execution).History);
        }
    }
}
