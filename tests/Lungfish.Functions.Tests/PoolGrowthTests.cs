using Lungfish.Functions.Processes;

namespace Lungfish.Functions.Tests;

/// <summary>Pools get the processes that their invocations need, however busy the machine is.</summary>
public sealed class PoolGrowthTests
{
    private const int TestMilliseconds = 120_000; // Only to fail rather than hang.

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
        """;

    [Fact(Timeout = TestMilliseconds)]
    public async Task Invoke_InvocationsWaitForEachOtherOnASaturatedMachine_AllEnd()
    {
        var all = Environment.ProcessorCount + 2;
        await using var host = await FunctionHost.StartAsync(
            options => options with { ProcessorMeter = new SaturatedMachine() });
        _ = await host.CreatePythonAsync(WaitsForTheOthers);
        var folder = Directory.CreateDirectory(Path.Combine(host.Options.Directory, "arrived")).FullName;

        var results = await Task.WhenAll(Enumerable.Range(0, all).Select(number => host.InvokeAsync(
            $$"""{"folder": "{{folder}}", "number": {{number}}, "all": {{all}}}""")));

        Assert.All(results, result => Assert.Null(result.FunctionError));
    }

    private sealed class SaturatedMachine : IProcessorMeter
    {
        private readonly long _since = TimeProvider.System.GetTimestamp();

        public int Cores => 1;

        public TimeSpan ReadUsed() => TimeProvider.System.GetElapsedTime(_since);
    }
}
