using Lungfish.Functions.Invoking;
using Lungfish.Functions.RuntimeApi;
using Microsoft.AspNetCore.Http;

namespace Lungfish.Functions.Tests;

/// <summary>Several invocations at once in one process, and how one at a time is a case of it.</summary>
public sealed class PoolConcurrencyTests
{
    [Fact]
    public async Task Ask_AsOftenAsItMay_OneMoreIsRefused()
    {
        await using var pool = new PoolUnderTest(perProcess: 3);
        _ = pool.Invoke();

        var running = pool.Take();

        Assert.False(pool.Ask().IsCompleted);
        Assert.False(pool.Ask().IsCompleted);
        Assert.True(pool.Ask().IsFaulted);
        _ = pool.Answer(running, "1");
        Assert.False(pool.Ask().IsFaulted);
    }

    [Fact]
    public async Task Ask_OneAtATimeAndNotAnswered_IsRefused()
    {
        await using var pool = new PoolUnderTest(perProcess: 1);
        _ = pool.Invoke();

        _ = pool.Take();

        Assert.True(pool.Ask().IsFaulted);
    }

    [Fact]
    public async Task Ask_OneAtATimeAndTwice_TheSecondTakesTheFirstsPlace()
    {
        await using var pool = new PoolUnderTest(perProcess: 1);
        _ = pool.Invoke();
        _ = pool.Answer(pool.Take(), "1");

        var first = pool.Ask();
        var second = pool.Ask();
        var invocation = pool.Invoke();

        Assert.True(first.IsCanceled);
        Assert.Same(invocation, (await second).Invocation);
    }

    [Fact]
    public async Task Answer_InAnotherOrder_EachGoesToItsCaller()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        var (first, second) = (pool.Invoke(), pool.Invoke());
        var (one, other) = (pool.Take(), pool.Take());

        Assert.True(pool.Answer(other, "\"second\""));
        Assert.Null(PoolUnderTest.TextOf(first));
        Assert.True(pool.Answer(one, "\"first\""));
        Assert.False(pool.Answer(one, "\"again\""));

        Assert.Single(pool.Processes);
        Assert.Equal(
            ("\"first\"", "\"second\""), (PoolUnderTest.TextOf(first), PoolUnderTest.TextOf(second)));
    }

    [Fact]
    public async Task Run_TwoProcessesHaveRoom_FillsOneBeforeTheOther()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        _ = (pool.Invoke(), pool.Invoke(), pool.Invoke());
        Assert.Equal(2, pool.Processes.Count);
        foreach (var (process, running) in new[] { (0, pool.Take(0)), (0, pool.Take(0)), (1, pool.Take(1)) })
        {
            _ = pool.Answer(running, "1", process);
        }

        Task<RunningInvocation>[] asked = [pool.Ask(1), pool.Ask(1), pool.Ask(0), pool.Ask(0)];
        _ = (pool.Invoke(), pool.Invoke(), pool.Invoke());

        Assert.Equal([2, 1], pool.Processes.Select(process => process.Running.Count));
        Assert.Equal(3, asked.Count(a => a.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task Deadline_OthersRun_TellsOneCallerAndEndsNothing()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        var slow = pool.Invoke();
        var stuck = pool.Take();
        pool.Time.Advance(PoolUnderTest.Timeout / 2);
        var quick = pool.Invoke();
        var other = pool.Take();

        pool.Time.Advance(PoolUnderTest.Timeout / 2);

        Assert.Contains("Task timed out after 3.00 seconds", PoolUnderTest.TextOf(slow), StringComparison.Ordinal);
        Assert.Equal(EnvironmentStage.Serving, pool.Processes[0].Stage);
        Assert.True(pool.Answer(other, "\"quick\""));
        Assert.Equal("\"quick\"", PoolUnderTest.TextOf(quick));

        // The code that runs late keeps its place, and its answer is told to nobody.
        Assert.False(pool.Ask().IsFaulted);
        Assert.True(pool.Ask().IsFaulted);
        Assert.False(pool.Answer(stuck, "\"late\""));
        Assert.False(pool.Ask().IsFaulted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Deadline_OfAllThatItRuns_EndsTheProcess(int perProcess)
    {
        await using var pool = new PoolUnderTest(perProcess);
        var invocations = Enumerable.Range(0, perProcess).Select(_ => pool.Invoke()).ToList();
        invocations.ForEach(_ => pool.Take());

        pool.Time.Advance(PoolUnderTest.Timeout);

        Assert.All(invocations, i => Assert.Contains(
            "Sandbox.Timedout", PoolUnderTest.TextOf(i), StringComparison.Ordinal));
        Assert.Equal(EnvironmentStage.Ended, pool.Processes[0].Stage);
    }

    [Fact]
    public async Task Deadline_ItAsksForMore_GoesOnWithTheProcess()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        _ = pool.Invoke();
        _ = pool.Take();
        var asked = pool.Ask();

        pool.Time.Advance(PoolUnderTest.Timeout);
        var next = pool.Invoke();

        Assert.Same(next, (await asked).Invocation);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Deadline_AnsweredAndThenSilent_EndsTheProcess(int perProcess)
    {
        await using var pool = new PoolUnderTest(perProcess);
        _ = pool.Invoke();
        _ = pool.Answer(pool.Take(), "1");

        pool.Time.Advance(PoolUnderTest.Timeout);

        Assert.Equal(EnvironmentStage.Ended, pool.Processes[0].Stage);
    }

    [Fact]
    public async Task Deadline_AnsweredAndAsksForMore_GoesOn()
    {
        await using var pool = new PoolUnderTest(perProcess: 1);
        _ = pool.Invoke();
        _ = pool.Answer(pool.Take(), "1");
        _ = pool.Ask();

        pool.Time.Advance(PoolUnderTest.Timeout * 2);

        Assert.Equal(EnvironmentStage.Serving, pool.Processes[0].Stage);
    }

    [Fact]
    public async Task FindRunning_TriedAgainWhileTheFirstTryRuns_IsTheOneThatIsWaitedFor()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        _ = pool.Invoke("same");
        _ = (pool.Take(), pool.Ask());
        pool.Time.Advance(PoolUnderTest.Timeout);
        var again = pool.Invoke("same");

        var found = pool.Pool.FindRunning(pool.Processes[0], "same");

        Assert.Same(again, found?.Invocation);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ConnectionClosed_ItAskedForWork_IsGivenNone(int perProcess)
    {
        await using var pool = new PoolUnderTest(perProcess);
        _ = pool.Invoke();
        _ = pool.Answer(pool.Take(), "1");
        var connection = pool.Connect();
        var asked = pool.Ask(connection);

        pool.Pool.ConnectionClosed(connection);
        var next = pool.Invoke();

        Assert.True(asked.IsCanceled);
        Assert.Same(next, pool.Take().Invocation);
    }

    [Fact]
    public async Task ConnectionClosed_AndNothingComesAnyMore_EndsTheProcess()
    {
        await using var pool = new PoolUnderTest(perProcess: 1);
        _ = pool.Invoke();
        _ = pool.Answer(pool.Take(), "1");
        var connection = pool.Connect();
        _ = pool.Ask(connection);

        pool.Pool.ConnectionClosed(connection);
        pool.Time.Advance(PoolUnderTest.Timeout);

        Assert.Equal(EnvironmentStage.Ended, pool.Processes[0].Stage);
    }

    [Fact]
    public async Task NotDelivered_AnotherRequestWaits_GetsIt()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        var invocation = pool.Invoke();
        var running = pool.TakeUnsent();
        var asked = pool.Ask();

        pool.Pool.NotDelivered(pool.Processes[0], running);

        Assert.Same(invocation, (await asked).Invocation);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task NotDelivered_NoRequestWaits_TheNextGetsIt(int perProcess)
    {
        await using var pool = new PoolUnderTest(perProcess);
        var invocations = Enumerable.Range(0, perProcess).Select(_ => pool.Invoke()).ToList();
        var running = invocations.ConvertAll(_ => pool.TakeUnsent())[^1];

        pool.Pool.NotDelivered(pool.Processes[0], running);

        Assert.Same(running, pool.TakeUnsent());
        Assert.True(pool.Ask().IsFaulted);
    }

    [Fact]
    public async Task NotDelivered_ItsTimeIsUp_HoldsNoPlace()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        _ = pool.Invoke();
        var running = pool.TakeUnsent();
        pool.Pool.NotDelivered(pool.Processes[0], running);
        _ = pool.Invoke();
        Assert.Same(running, pool.TakeUnsent());
        pool.Pool.NotDelivered(pool.Processes[0], running);
        pool.Time.Advance(PoolUnderTest.Timeout / 2);

        pool.Time.Advance(PoolUnderTest.Timeout / 2);

        Assert.DoesNotContain(running, pool.Processes[0].Running);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ProcessExited_OneWasNotDelivered_AnotherProcessGetsItFirst(int perProcess)
    {
        await using var pool = new PoolUnderTest(perProcess);
        var invocation = pool.Invoke();
        var running = pool.TakeUnsent();
        var waits = perProcess == 1 ? pool.Invoke() : null;
        pool.Pool.NotDelivered(pool.Processes[0], running);

        pool.Pool.ProcessExited(pool.Processes[0], "gone");
        pool.Time.Advance(PoolUnderTest.Timeout); // Its time begins when a process has it.

        Assert.Null(PoolUnderTest.TextOf(invocation));
        var again = pool.Take(process: pool.Processes.Count - 1);
        Assert.Same(invocation, again.Invocation);
        Assert.True(pool.Answer(again, "done", process: pool.Processes.Count - 1));
        Assert.Equal("done", PoolUnderTest.TextOf(invocation));
        Assert.True(waits is null || PoolUnderTest.TextOf(waits) is null);
    }

    [Fact]
    public async Task ProcessExited_OneIsAboutToBeSent_AnotherProcessGetsIt()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        var sent = pool.Invoke();
        _ = pool.Take();
        var invocation = pool.Invoke();
        var unsent = pool.TakeUnsent();

        pool.Pool.ProcessExited(pool.Processes[0], "gone");

        Assert.False(unsent.TrySend());
        Assert.Contains("Error: gone", PoolUnderTest.TextOf(sent), StringComparison.Ordinal);
        Assert.Same(invocation, pool.Take(process: 1).Invocation);
    }

    [Fact]
    public async Task ProcessExited_JustBeforeTheRuntimeApiAnswers_AnotherProcessGetsIt()
    {
        await using var pool = new PoolUnderTest(perProcess: 1);
        _ = pool.Invoke();
        _ = pool.Answer(pool.Take(), "1");
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Path = "/2018-06-01/runtime/invocation/next";
        context.Features.Set<RuntimeConnection>(new ExitingConnection(pool));
        var answered = RuntimeApi.RuntimeApi.HandleAsync(context);

        var invocation = pool.Invoke();

        await answered;
        Assert.Empty(context.Response.Headers);
        Assert.Same(invocation, pool.Take(process: 1).Invocation);
    }

    [Fact]
    public async Task ProcessExited_NoProcessGetsIt_FailsInTheEnd()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        var invocation = pool.Invoke();
        for (var process = 0; process < 3; process++)
        {
            Assert.Null(PoolUnderTest.TextOf(invocation));
            pool.Pool.NotDelivered(pool.Processes[process], pool.TakeUnsent(process));

            pool.Pool.ProcessExited(pool.Processes[process], "gone");
        }

        Assert.Contains("Error: gone", PoolUnderTest.TextOf(invocation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProcessExited_SeveralRun_AllFail()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        Invocation[] invocations = [pool.Invoke(), pool.Invoke()];
        _ = (pool.Take(), pool.Take());

        pool.Pool.ProcessExited(pool.Processes[0], "Runtime exited with error: exit status 1");

        Assert.All(invocations, i => Assert.Equal(
            $$"""{"errorType":"Runtime.ExitError","errorMessage":"RequestId: {{i.RequestId}} """
            + """Error: Runtime exited with error: exit status 1"}""",
            PoolUnderTest.TextOf(i)));
    }

    [Fact]
    public async Task ProcessExited_OneWasToldThatItsTimeIsUp_IsNotToldAgain()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        var late = pool.Invoke();
        _ = pool.Take();
        var asked = pool.Ask();
        pool.Time.Advance(PoolUnderTest.Timeout);
        var other = pool.Invoke();
        Assert.True((await asked).TrySend());

        pool.Pool.ProcessExited(pool.Processes[0], "gone");

        Assert.Contains("Sandbox.Timedout", PoolUnderTest.TextOf(late), StringComparison.Ordinal);
        Assert.Contains("Error: gone", PoolUnderTest.TextOf(other), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retire_OneStillRuns_EndsTheProcessAfterItsAnswer()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        var invocation = pool.Invoke();
        var running = pool.Take();
        var asked = pool.Ask();

        pool.Pool.Retire();
        Assert.Equal((EnvironmentStage.Serving, false), (pool.Processes[0].Stage, asked.IsCanceled));
        _ = pool.Answer(running, "\"last\"");
        var next = pool.Ask();

        Assert.Equal("\"last\"", PoolUnderTest.TextOf(invocation));
        Assert.Equal((true, true), (next.IsCanceled, asked.IsCanceled));
        Assert.Equal(EnvironmentStage.Ended, pool.Processes[0].Stage);
    }

    [Fact]
    public async Task Retire_TheLastOnesTimeIsUp_EndsTheProcess()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        _ = pool.Invoke();
        _ = (pool.Take(), pool.Ask());

        pool.Pool.Retire();
        pool.Time.Advance(PoolUnderTest.Timeout);

        Assert.Equal(EnvironmentStage.Ended, pool.Processes[0].Stage);
    }

    [Fact]
    public async Task Run_MoreThanProcessesOnTheirWayWillTake_StartsAnother()
    {
        await using var pool = new PoolUnderTest(perProcess: 4);

        for (var i = 0; i < 4; i++)
        {
            _ = pool.Invoke();
        }

        Assert.Single(pool.Processes);
        _ = pool.Invoke();
        Assert.Equal(2, pool.Processes.Count);
    }

    /// <summary>Its process exits after it was chosen for an invocation, and before it is given that.</summary>
    private sealed class ExitingConnection(PoolUnderTest pool) : RuntimeConnection(pool.Pool, pool.Processes[0])
    {
        public override void Give(RunningInvocation running)
        {
            Pool.ProcessExited(Environment, "gone");
            base.Give(running);
        }
    }
}
