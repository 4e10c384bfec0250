using System.IO.Pipes;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;

namespace Lungfish.Cli.Tests;

/// <summary>Ctrl-C, or a reader that leaves, while a command waits for something that does not come.</summary>
public sealed class InterruptTests
{
    [Theory]
    [InlineData("execution start m --input -")]
    [InlineData("eval $")]
    [InlineData("machine validate -")]
    public async Task Command_ReadsStandardInput_Ends(string commandLine)
    {
        using var never = new NeverEndingReader();
        using var interrupt = new CancellationTokenSource();
        var surroundings = SurroundingsOf(never, TextWriter.Null);

        var run = LungfishCommandLine.RunAsync(commandLine.Split(' '), surroundings, interrupt.Token);
        Assert.True(never.IsRead());
        await interrupt.CancelAsync();

        Assert.Equal((int)ExitCode.Interrupted, await run);
    }

    [Fact]
    public async Task Command_NobodyReadsItsOutput_Ends()
    {
        using var left = new CancellationTokenSource();
        var surroundings = SurroundingsOf(TextReader.Null, TextWriter.Null) with
        {
            OutIsClosed = left.Token,
            Handler = () => new SilentServer(),
        };

        string[] command = ["execution", "history", "arn:aws:states:us-east-1:000000000000:execution:m:e"];
        var run = LungfishCommandLine.RunAsync(command, surroundings, TestContext.Current.CancellationToken);
        await left.CancelAsync();

        Assert.Equal((int)ExitCode.Interrupted, await run);
    }

    [Fact]
    public async Task OutputPipe_ReaderLeaves_IsTold()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        var told = new TaskCompletionSource();
        var isClosed = OutputPipe.Watch((int)pipe.SafePipeHandle.DangerousGetHandle());
        await using var registration = isClosed.Register(told.SetResult);

        Assert.False(isClosed.IsCancellationRequested);
        pipe.DisposeLocalCopyOfClientHandle(); // The only end that reads.

        await told.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task LiveView_NothingHappens_EndsWhenTheEventsDo()
    {
        var events = new TaskCompletionSource();
        using var screen = new StringWriter();
        var surroundings = SurroundingsOf(TextReader.Null, screen);
        var watch = new ExecutionWatch(
            surroundings,
            new Output(surroundings, OutputFormat.Table),
            width => new TimelineLines(new StateTimeline(), glyphs: true, width));

        var follow = watch.FollowAsync(StepsAsync(), new CancellationToken(canceled: true));

        Assert.False(follow.IsCompleted);
        events.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => follow);

        async IAsyncEnumerable<TimelineStep> StepsAsync()
        {
            await events.Task;
            yield break;
        }
    }

    private static Surroundings SurroundingsOf(TextReader input, TextWriter output) => new()
    {
        Out = output,
        Error = TextWriter.Null,
        In = input,
        OutIsTerminal = true,
        ErrorIsTerminal = false,
        InIsTerminal = false,
        Environment = _ => null,
        Handler = () => new NoServer(),
    };

    /// <summary>Answers nothing until the request is given up.</summary>
    private sealed class SilentServer : StubHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return new HttpResponseMessage();
        }
    }

    private sealed class NeverEndingReader : TextReader
    {
        private readonly SemaphoreSlim _isRead = new(0);
        private readonly SemaphoreSlim _ends = new(0);

        public bool IsRead() => _isRead.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        public override string ReadToEnd()
        {
            _ = _isRead.Release();
            _ends.Wait(CancellationToken.None);
            return "";
        }

        protected override void Dispose(bool disposing)
        {
            _ = _ends.Release();
            base.Dispose(disposing);
        }
    }
}
