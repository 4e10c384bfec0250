using System.Collections.Concurrent;
using System.Diagnostics;
using Lungfish.DurableFunctions.Testing;

namespace Lungfish.DurableFunctions.OpenTelemetry.Tests;

/// <summary>Runs a workflow and keeps the spans of its trace.</summary>
internal sealed class Traces : IDisposable
{
    private readonly ConcurrentQueue<Activity> _stopped = new();
    private readonly ActivityListener _listener;

    public Traces()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is OpenTelemetryPlugin.SourceName or "Test",
            Sample = (ref options) => options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
                ? ActivitySamplingResult.AllDataAndRecorded
                : ActivitySamplingResult.None,
            ActivityStopped = _stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public static ActivitySource Source { get; } = new("Test");

    /// <summary>The spans of the execution's trace, in the order in which they ended; tests run side by side.</summary>
    public async Task<IReadOnlyList<Activity>> RunAsync<T>(
        Func<IDurableContext, Task<T>> workflow, OpenTelemetryPluginOptions? options = null)
    {
        var runnerOptions = new DurableTestRunnerOptions();
        runnerOptions.Plugins.Add(new OpenTelemetryPlugin(options));
        await using var runner = DurableTestRunner.For<string, T>((_, context) => workflow(context), runnerOptions);
        var run = await runner.StartAsync("input");
        await run.WaitForResultAsync();
        Arn = run.DurableExecutionArn;
        return [.. _stopped.Where(span => span.TraceId == SpanIdentity.TraceOf(Arn))];
    }

    public string Arn { get; private set; } = "";

    public void Dispose() => _listener.Dispose();
}
