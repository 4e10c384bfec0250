namespace Lungfish.Functions.Tests;

public sealed class AsyncInvocationTests
{
    private const int TestMilliseconds = 120_000; // Only to fail rather than hang.

    private static readonly InvokeOptions Event = new() { Type = InvocationType.Event };

    [Fact(Timeout = TestMilliseconds)]
    public async Task InvokeEvent_Accepted_AnswersWithoutAResultAndRunsTheFunction()
    {
        await using var host = await FunctionHost.StartAsync();
        _ = await host.CreatePythonAsync("def handler(event, context):\n    print('did', event)\n");

        var accepted = await host.InvokeAsync("5", Event);

        Assert.Equal(202, accepted.StatusCode);
        Assert.True(accepted.Payload.IsEmpty);
        Assert.Null(accepted.ExecutedVersion);
        Assert.Equal("did 5", await ReadUntilAsync(host, "did"));
    }

    [Fact(Timeout = TestMilliseconds)]
    public async Task InvokeEvent_FunctionFails_TriesTwiceMoreUnderTheSameRequestId()
    {
        await using var host = await FunctionHost.StartAsync(WithQuickRetries);
        _ = await host.CreatePythonAsync("def handler(event, context):\n    raise ValueError('no')\n");

        var accepted = await host.InvokeAsync("{}", Event);

        var starts = new List<string?>();
        await foreach (var line in host.Service.ReadLogsAsync(
            new("fn", null), new LogFilter { Follow = true }, FunctionHost.Cancellation))
        {
            if (line.Text.StartsWith("REPORT", StringComparison.Ordinal))
            {
                starts.Add(line.RequestId);
            }

            if (starts.Count == 3)
            {
                break;
            }
        }

        Assert.All(starts, id => Assert.Equal(accepted.RequestId, id));
        await UntilAsync(() => host.Store.Count("async-invocation") == 0);
    }

    [Fact(Timeout = TestMilliseconds)]
    public async Task InvokeEvent_ServiceEndsBeforeItIsDone_GoesOnAtTheNextStart()
    {
        await using var host = await FunctionHost.StartAsync();
        var gate = Path.Combine(host.Options.Directory, "gate");
        _ = await host.CreatePythonAsync(
            WaitFor(gate) + "    print('passed')\n");
        _ = await host.InvokeAsync("{}", Event);

        await host.RestartAsync();
        await File.WriteAllTextAsync(gate, "", FunctionHost.Cancellation);

        Assert.Equal("passed", await ReadUntilAsync(host, "passed"));
        await UntilAsync(() => host.Store.Count("async-invocation") == 0);
    }

    [Fact(Timeout = TestMilliseconds)]
    public async Task InvokeEvent_SameRequestIdWhileItWaits_RunsOnce()
    {
        await using var host = await FunctionHost.StartAsync();
        var gate = Path.Combine(host.Options.Directory, "gate");
        _ = await host.CreatePythonAsync(
            WaitFor(gate));
        var named = Event with { RequestId = "0b0b0b0b-0000-4000-8000-000000000000" };

        _ = await host.InvokeAsync("{}", named);
        _ = await host.InvokeAsync("{}", named);

        Assert.Equal(1, host.Store.Count("async-invocation"));
        await File.WriteAllTextAsync(gate, "", FunctionHost.Cancellation);
        await UntilAsync(() => host.Store.Count("async-invocation") == 0);
    }

    /// <summary>A function that runs until there is that file.</summary>
    private static string WaitFor(string file) =>
        "import os, time\ndef handler(event, context):\n"
        + $"    while not os.path.exists('{file}'): time.sleep(0.01)\n";

    private static FunctionOptions WithQuickRetries(FunctionOptions options) => options with
    {
        AsyncRetryDelays = [TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2)],
    };

    private static async Task<string> ReadUntilAsync(FunctionHost host, string beginning)
    {
        await foreach (var line in host.Service.ReadLogsAsync(
            new("fn", null), new LogFilter { Follow = true }, FunctionHost.Cancellation))
        {
            if (line.Text.StartsWith(beginning, StringComparison.Ordinal))
            {
                return line.Text;
            }
        }

        return "";
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
            FunctionHost.Cancellation.ThrowIfCancellationRequested();
        }
    }
}
