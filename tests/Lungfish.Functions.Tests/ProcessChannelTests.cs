using System.Text;
using Lungfish.Functions.Invoking;
using Lungfish.Functions.RuntimeApi;

namespace Lungfish.Functions.Tests;

/// <summary>A process that has all its invocations over one connection.</summary>
public sealed class ProcessChannelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Invoke_ProcessHasRoom_GetsItAndItsAnswerGoesToTheCaller()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        var (first, second) = (pool.Invoke(), pool.Invoke());
        await using var channel = await ChannelUnderTest.OpenAsync(pool);

        await channel.SayAsync(FrameType.Ready, 2);
        var (one, other) = (await channel.HearAsync(), await channel.HearAsync());
        Assert.Equal(
            ($"{first.RequestId} {{}}", $"{second.RequestId} {{}}"), (one.Text, other.Text));
        await channel.SayAsync(FrameType.Error, other.Number, "\"second\"");
        Assert.Equal("\"second\"", TextOf(await second.Outcome.WaitAsync(Patience)));
        await channel.SayAsync(FrameType.Answer, one.Number, "\"first\"");

        var outcome = await first.Outcome.WaitAsync(Patience);
        Assert.Equal(("\"first\"", false), (TextOf(outcome), outcome.IsError));
        Assert.True((await second.Outcome).IsError);
    }

    [Fact]
    public async Task Answer_OfOne_AsksForAnother()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        var running = pool.Invoke();
        await using var channel = await ChannelUnderTest.OpenAsync(pool);
        await channel.SayAsync(FrameType.Ready, 2);

        for (var i = 0; i < 5; i++)
        {
            await channel.SayAsync(FrameType.Answer, (await channel.HearAsync()).Number, "1");
            _ = await running.Outcome.WaitAsync(Patience); // Now its place is free.
            running = pool.Invoke();
        }

        Assert.Single(pool.Processes);
        _ = await channel.HearAsync();
    }

    [Fact]
    public async Task Ready_ForMoreThanItMay_EndsTheChannel()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        _ = pool.Invoke();
        await using var channel = await ChannelUnderTest.OpenAsync(pool);

        await channel.SayAsync(FrameType.Ready, 3);

        await channel.Served.WaitAsync(Patience);
        Assert.False(pool.Processes[0].HasRoom);
    }

    [Theory]
    [InlineData((int)FrameType.Answer, 9, "1")] // It does not run that one.
    [InlineData((int)FrameType.Ready, 1, "x")]
    [InlineData((int)FrameType.Invocation, 1, "x")]
    [InlineData(77, 1, "x")]
    public async Task Say_WhatThereMustNotBe_EndsTheChannel(int type, uint number, string body)
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        _ = pool.Invoke();
        await using var channel = await ChannelUnderTest.OpenAsync(pool);
        await channel.SayAsync(FrameType.Ready, 1);
        _ = await channel.HearAsync();

        await channel.SayAsync((FrameType)type, number, body);

        await channel.Served.WaitAsync(Patience);
    }

    [Fact]
    public async Task Answer_LongerThanAllowed_IsToldTheCallerAndTheChannelGoesOn()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        var (large, small) = (pool.Invoke(), pool.Invoke());
        await using var channel = await ChannelUnderTest.OpenAsync(pool);
        await channel.SayAsync(FrameType.Ready, 2);
        var (one, other) = (await channel.HearAsync(), await channel.HearAsync());

        await channel.SayAsync(FrameType.Answer, one.Number, new string('x', FunctionOutcome.ResponseBytesMax + 1));
        await channel.SayAsync(FrameType.Answer, other.Number, new string('y', FunctionOutcome.ResponseBytesMax));

        Assert.Equal(
            """{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size (6291557 bytes) """
            + """exceeded maximum allowed payload size (6291556 bytes)."}""",
            TextOf(await large.Outcome.WaitAsync(Patience)));
        Assert.Equal(FunctionOutcome.ResponseBytesMax, (await small.Outcome.WaitAsync(Patience)).Payload.Length);
    }

    [Fact]
    public async Task Answer_AfterItsTimeWasUp_IsDroppedAndGivesItsPlaceBack()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        var late = pool.Invoke();
        await using var channel = await ChannelUnderTest.OpenAsync(pool, new NotedCheckpoints("{}"));
        await channel.SayAsync(FrameType.Ready, 2);
        var (number, _) = await channel.HearAsync();
        await channel.SayAsync(FrameType.Checkpoint, 1, "{}");
        _ = await channel.HearAsync(); // Frames are taken in order: by now it waits for a second one.

        pool.Time.Advance(PoolUnderTest.Timeout);
        var (one, other) = (pool.Invoke(), pool.Invoke());
        Assert.StartsWith(one.RequestId, (await channel.HearAsync()).Text, StringComparison.Ordinal);
        await channel.SayAsync(FrameType.Answer, number, "\"late\"");

        // There was no place for the other one until the late one was answered.
        Assert.StartsWith(other.RequestId, (await channel.HearAsync()).Text, StringComparison.Ordinal);
        Assert.Contains("Sandbox.Timedout", PoolUnderTest.TextOf(late), StringComparison.Ordinal);
        Assert.Equal(EnvironmentStage.Serving, pool.Processes[0].Stage);
    }

    [Fact]
    public async Task Close_WhileOneRuns_ItFailsWithTheProcessAndTheNextGoesElsewhere()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        var running = pool.Invoke();
        await using var channel = await ChannelUnderTest.OpenAsync(pool);
        await channel.SayAsync(FrameType.Ready, 2);
        _ = await channel.HearAsync();

        channel.Close();
        await channel.Served.WaitAsync(Patience);
        Assert.False(pool.Processes[0].HasRoom);
        pool.Pool.ProcessExited(pool.Processes[0], "gone");
        _ = pool.Invoke();

        Assert.Contains("Error: gone", PoolUnderTest.TextOf(running), StringComparison.Ordinal);
        Assert.Equal(2, pool.Processes.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // Its end is known before that of the connection.
    public async Task ProcessExited_OneWasNotSent_AnotherProcessGetsIt(bool closesBefore)
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        var sent = pool.Invoke();
        var answer = new string('x', 64 * 1024 * 1024); // Far more than sockets hold.
        await using var channel = await ChannelUnderTest.OpenAsync(pool, new NotedCheckpoints(answer));
        await channel.SayAsync(FrameType.Ready, 2);
        _ = await channel.HearAsync();
        await channel.SayAsync(FrameType.Checkpoint, 1, "{}");
        await channel.HearSomethingAsync();
        var waits = pool.Invoke();
        if (closesBefore)
        {
            channel.Close();
            await channel.Served.WaitAsync(Patience);
        }

        pool.Pool.ProcessExited(pool.Processes[0], "gone");

        Assert.Contains("Error: gone", PoolUnderTest.TextOf(sent), StringComparison.Ordinal);
        Assert.Null(PoolUnderTest.TextOf(waits));
        var again = pool.Take(process: 1);
        Assert.Same(waits, again.Invocation);
        Assert.True(pool.Answer(again, "done", process: 1));
        Assert.Equal("done", PoolUnderTest.TextOf(waits));
    }

    [Fact]
    public async Task ProcessExited_NotAllOfOneWasSent_AnotherProcessGetsItAndWhatStoodBehindIt()
    {
        await using var pool = new PoolUnderTest(perProcess: 3);
        var large = new string('x', 64 * 1024 * 1024); // Far more than sockets hold.
        var sent = pool.Invoke(payload: large);
        await using var channel = await ChannelUnderTest.OpenAsync(pool);
        await channel.SayAsync(FrameType.Ready, 3);
        await channel.HearSomethingAsync();
        Invocation[] others = [pool.Invoke(payload: large), pool.Invoke()]; // They go together after the first.
        await channel.HearRestAsync();
        await channel.HearSomethingAsync();

        pool.Pool.ProcessExited(pool.Processes[0], "gone");

        Assert.Contains("Error: gone", PoolUnderTest.TextOf(sent), StringComparison.Ordinal);
        Assert.Equal(others, [pool.Take(process: 1).Invocation, pool.Take(process: 1).Invocation]);
    }

    [Fact]
    public async Task Give_TheProcessHasExited_SendsNothing()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        _ = pool.Invoke();
        await using var channel = await ChannelUnderTest.OpenAsync(pool);
        var chosen = pool.TakeUnsent();
        pool.Pool.ProcessExited(pool.Processes[0], "gone");

        channel.Server.Give(chosen);

        await channel.Served.WaitAsync(Patience);
        _ = await Assert.ThrowsAnyAsync<Exception>(channel.HearAsync);
    }

    [Fact]
    public async Task Stop_WhileOneRuns_ItsCallerIsToldSo()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        var running = pool.Invoke();
        await using var channel = await ChannelUnderTest.OpenAsync(pool);
        await channel.SayAsync(FrameType.Ready, 2);
        var (number, _) = await channel.HearAsync();

        await pool.Pool.CloseAsync();
        await channel.SayAsync(FrameType.Answer, number, "\"too late\"");

        _ = await Assert.ThrowsAsync<Lungfish.Engine.ApiException>(() => running.Outcome.WaitAsync(Patience));
    }

    [Fact]
    public async Task Checkpoint_SeveralInOneWrite_AreTakenTogetherAndEachIsAnswered()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        _ = pool.Invoke();
        var calls = new NotedCheckpoints(NotedCheckpoints.Arn);
        await using var channel = await ChannelUnderTest.OpenAsync(pool, calls);

        await channel.SayAsync(
        [
            .. Frames.Of(FrameType.Checkpoint, 5, """{"DurableExecutionArn":"a"}"""),
            .. Frames.Of(FrameType.Checkpoint, 4, """{"DurableExecutionArn":"b"}"""),
        ]);

        (uint, string)[] heard = [await channel.HearAsync(), await channel.HearAsync()];
        Assert.Equal([(4u, "200 b"), (5u, "200 a")], heard.Order());
        Assert.Equal(2, calls.Taken.Sum(together => together.Length));
    }

    [Fact]
    public async Task Checkpoint_AfterAnother_IsTakenByTheThreadThatReads()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        _ = pool.Invoke();
        var calls = new NotedCheckpoints("{}");
        await using var channel = await ChannelUnderTest.OpenAsync(pool, calls);

        for (uint number = 1; number <= 3; number++)
        {
            await channel.SayAsync(FrameType.Checkpoint, number, "{}");
            _ = await channel.HearAsync();
        }

        Assert.Equal(Enumerable.Repeat(channel.Thread, 3), calls.Threads);
    }

    [Fact]
    public async Task Checkpoint_TakingItFails_EndsTheChannelAndNothingElse()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        _ = pool.Invoke();
        await using var channel = await ChannelUnderTest.OpenAsync(pool, new FailingCheckpoints());

        await channel.SayAsync(FrameType.Checkpoint, 1, "{}");

        await channel.Served.WaitAsync(Patience); // And does not throw.
        Assert.False(pool.Processes[0].HasRoom);
    }

    [Fact]
    public async Task Checkpoint_LongerThanAllowed_IsRefusedAndTheNextIsTaken()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        _ = pool.Invoke();
        await using var channel = await ChannelUnderTest.OpenAsync(pool, new NotedCheckpoints(NotedCheckpoints.Arn));

        await channel.SayAsync(FrameType.Checkpoint, 1, new string('x', (16 * 1024 * 1024) + 1));
        await channel.SayAsync(FrameType.Checkpoint, 2, """{"DurableExecutionArn":"b"}""");

        Assert.StartsWith("413 {\"ErrorType\":\"RequestEntityTooLargeException\"", (await channel.HearAsync()).Text,
            StringComparison.Ordinal);
        Assert.Equal((2u, "200 b"), await channel.HearAsync());
    }

    [Fact]
    public async Task Checkpoint_ProcessDoesNotRead_NoMoreIsTakenThanThereIsRoomFor()
    {
        await using var pool = new PoolUnderTest(perProcess: 2);
        _ = pool.Invoke();
        const int AnswerBytes = 1024 * 1024;
        const int Sent = 200;
        var calls = new NotedCheckpoints(new string('x', AnswerBytes));
        await using var channel = await ChannelUnderTest.OpenAsync(pool, calls);

        // Each is read by itself: the next only when there is room for its answer.
        var saying = Task.Run(async () =>
        {
            for (uint number = 1; number <= Sent; number++)
            {
                await channel.SayAsync(FrameType.Checkpoint, number, $$"""{"x":"{{new string('x', 100_000)}}"}""");
            }
        });
        for (var heard = 1; heard <= Sent; heard++)
        {
            // What the sockets hold besides is the system's.
            Assert.InRange(calls.Taken.Count - heard, int.MinValue, 40);
            _ = await channel.HearAsync();
        }

        await saying;
    }

    [Fact]
    public async Task Say_AnyBytes_EndsTheChannelAtMost()
    {
        var random = new Random(16);
        for (var round = 0; round < 300; round++)
        {
            await using var pool = new PoolUnderTest(perProcess: 2);
            _ = pool.Invoke();
            await using var channel = await ChannelUnderTest.OpenAsync(pool, new NotedCheckpoints("{}"));
            await channel.SayAsync(FrameType.Ready, 1);
            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            for (var at = 0; at + 4 < bytes.Length && random.Next(3) > 0; at += bytes[at] + FrameHeader.Bytes)
            {
                // Some that are nearly right: a short length, a known type.
                (bytes[at + 1], bytes[at + 2], bytes[at + 3]) = (0, 0, 0);
                bytes[at + 4] = (byte)random.Next(7);
            }

            try
            {
                await channel.SayAsync(bytes);
            }
            catch (System.Net.Sockets.SocketException)
            {
                // It has ended before all were sent.
            }

            channel.Close();
            await channel.Served.WaitAsync(Patience); // And does not throw.
        }
    }

    private static string TextOf(FunctionOutcome outcome) => Encoding.UTF8.GetString(outcome.Payload.Span);
}
