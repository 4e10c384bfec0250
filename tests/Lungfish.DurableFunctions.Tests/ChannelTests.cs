using System.Text;
using System.Text.Json;

namespace Lungfish.DurableFunctions.Tests;

/// <summary>The one connection of a program that runs several invocations at once.</summary>
public sealed class ChannelTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly FakeRuntimeApi _api = new();

    public void Dispose() => _api.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CallAsync_SeveralCalls_EachGetsItsAnswer(bool isAlone)
    {
        _api.OnCall = call => (200 + call.Length, call + "!");
        using var channel = Channel.Open(_api.Address, () => isAlone);
        var ended = channel.ReadAsync(atOnceMax: 4, static _ => throw new InvalidOperationException());

        var calls = Enumerable.Range(1, 20).Select(length => new string('x', length)).ToList();
        var answers = await Task.WhenAll(calls.Select(call => channel.CallAsync(Encoding.UTF8.GetBytes(call))))
            .WaitAsync(s_patience, TestContext.Current.CancellationToken);

        Assert.Equal(
            calls.Select(call => (200 + call.Length, call + "!")),
            answers.Select(answer => (answer.Status, Encoding.UTF8.GetString(answer.Body.Span))));
        channel.Dispose();
        await ended.WaitAsync(s_patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task CallAsync_ChannelEnds_Fails()
    {
        var asked = new TaskCompletionSource();
        _api.OnCall = _ =>
        {
            asked.SetResult();
            throw new IOException("The server has gone.");
        };
        using var channel = Channel.Open(_api.Address, static () => true);
        var ended = channel.ReadAsync(atOnceMax: 4, static _ => throw new InvalidOperationException());

        var call = channel.CallAsync("{}"u8);
        await asked.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<HttpRequestException>(
            () => call.WaitAsync(s_patience, TestContext.Current.CancellationToken));
        await ended.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<HttpRequestException>(() => channel.CallAsync("{}"u8));
    }

    [Fact]
    public async Task Read_CodeKeepsTheThreadThatReads_AnotherReads()
    {
        _api.Give("r1", Envelope);
        _api.Give("r2", Envelope);
        using var second = new ManualResetEventSlim();
        var entryPoint = new DurableEntryPoint<int, bool>(
            (_, context) =>
            {
                // Without a pause before: on whichever thread the invocation has begun.
                var isFirst = context.LambdaContext.AwsRequestId == "r1";
                if (!isFirst)
                {
                    second.Set();
                }

                return Task.FromResult(second.Wait(s_patience));
            },
            new DurableFunctionOptions { ServiceClient = new FakeService() });

        await RuntimeLoop.RunAsync(
            _api.Address, hasChannel: true, atOnceMax: 2, "h", _ => entryPoint, CancellationToken.None)
            .WaitAsync(s_patience, TestContext.Current.CancellationToken);

        Assert.Equal(
            ["""invocation/r1/response {"Status":"SUCCEEDED","Result":"true"}""",
                """invocation/r2/response {"Status":"SUCCEEDED","Result":"true"}"""],
            _api.Posts.Order());
    }

    [Fact]
    public void TryRead_SplitAtEveryByte_WaitsForTheRest()
    {
        byte[] sent = [4, 0, 0, 0, (byte)FrameType.CallAnswer, 3, 2, 1, 0, (byte)'a', (byte)'b', (byte)'c', (byte)'d'];
        for (var length = 0; length < sent.Length; length++)
        {
            ReadOnlySpan<byte> part = sent.AsSpan(0, length);
            Assert.False(Frame.TryRead(ref part, out _));
            Assert.Equal(length, part.Length);
        }

        ReadOnlySpan<byte> all = [.. sent, 9];
        Assert.True(Frame.TryRead(ref all, out var frame));
        Assert.Equal((FrameType.CallAnswer, 0x010203u), (frame.Type, frame.Number));
        Assert.Equal("abcd"u8.ToArray(), frame.Body);
        Assert.Equal(1, all.Length);
    }

    private static readonly string Envelope = JsonSerializer.Serialize(new
    {
        DurableExecutionArn = FakeService.Arn,
        CheckpointToken = "0",
        InitialExecutionState = new
        {
            Operations = new[]
            {
                new { Id = "e", Type = "EXECUTION", Status = "STARTED", ExecutionDetails = new { InputPayload = "1" } },
            },
        },
    });
}
