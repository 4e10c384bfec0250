using Lungfish.Functions.Processes;
using Lungfish.Tests.Shared;

namespace Lungfish.Functions.Tests;

/// <summary>Pools get the processes that their invocations need, however busy the machine is.</summary>
public sealed class PoolGrowthTests
{
    private const int TestMilliseconds = 120_000; // Only to fail rather than hang.

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Each invocation ends when as many as it was told have begun, as those do that invoke their own
    /// function and wait for its answer.</summary>
    private const string WaitsForTheOthers =
        """
        import os, time

        def handler(event, context):
            folder = event['folder']
            open(os.path.join(folder, str(event['number'])), 'w').close()
            while len(os.listdir(folder)) < event['all']:
                time.sleep(0.01)
            return os.getpid()
        """;

    [Fact(Timeout = TestMilliseconds)]
    public async Task Invoke_InvocationsWaitForEachOtherOnASaturatedMachine_AllEnd()
    {
        var all = Environment.ProcessorCount + 2;
        await using var host = await FunctionHost.StartAsync(
            options => options with { ProcessorMeter = new SaturatedMachine() });
        _ = await host.CreatePythonAsync(WaitsForTheOthers);

        await InvokeTogetherAsync(host, all);
    }

    [Fact(Timeout = TestMilliseconds)]
    public async Task Invoke_AfterEveryProcessHasEnded_GrowsAsBefore()
    {
        await using var host = await FunctionHost.StartAsync(
            options => options with { ProcessorMeter = new SaturatedMachine(), IdleMax = TimeSpan.Zero });
        _ = await host.CreatePythonAsync(WaitsForTheOthers);
        var process = await InvokeTogetherAsync(host, 1);
        await Poll.UntilAsync(
            () => Task.FromResult(!Directory.Exists($"/proc/{process}")), s_patience, "the end of the idle process");

        await InvokeTogetherAsync(host, Environment.ProcessorCount + 2);
    }

    /// <returns>The process of one of them.</returns>
    private static async Task<string> InvokeTogetherAsync(FunctionHost host, int all)
    {
        var folder = Directory.CreateDirectory(Path.Combine(host.Options.Directory, $"arrived-{all}")).FullName;
        var results = await Task.WhenAll(Enumerable.Range(0, all).Select(number => host.InvokeAsync(
            $$"""{"folder": "{{folder}}", "number": {{number}}, "all": {{all}}}""")));
        Assert.All(results, result => Assert.Null(result.FunctionError));
        return FunctionHost.TextOf(results[0]);
    }

    private sealed class SaturatedMachine : IProcessorMeter
    {
        private readonly long _since = TimeProvider.System.GetTimestamp();

        public int Cores => 1;

        public TimeSpan ReadUsed() => TimeProvider.System.GetElapsedTime(_since);
    }
}
