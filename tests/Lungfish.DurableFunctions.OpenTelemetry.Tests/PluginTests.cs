using System.Diagnostics;

namespace Lungfish.DurableFunctions.OpenTelemetry.Tests;

public sealed class PluginTests : IDisposable
{
    private readonly Traces _traces = new();

    public void Dispose() => _traces.Dispose();

    [Fact]
    public async Task Execution_OfSeveralInvocations_IsOneTraceWithoutDoubles()
    {
        var spans = await _traces.RunAsync(StepWaitStepAsync);

        Assert.Equal(
            ["first", "first attempt 1", "function-under-test", "invocation", "invocation", "pause", "second",
                "second attempt 1"],
            spans.Select(span => span.DisplayName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Spans_OfAnExecution_FormATree()
    {
        var spans = await _traces.RunAsync(async context => await context.RunInChildContextAsync(
            (child, token) => child.StepAsync((_, _) => Task.FromResult(1), "inner", cancellationToken: token),
            "outer"));

        var execution = Named(spans, "function-under-test");
        var outer = Named(spans, "outer");
        var inner = Named(spans, "inner");
        Assert.Equal(default, execution.ParentSpanId);
        Assert.Equal(execution.SpanId, Named(spans, "invocation").ParentSpanId);
        Assert.Equal(execution.SpanId, outer.ParentSpanId);
        Assert.Equal(outer.SpanId, inner.ParentSpanId);
        Assert.Equal(inner.SpanId, Named(spans, "inner attempt 1").ParentSpanId);
    }

    [Fact]
    public async Task Id_OfASpan_IsTheOneThatItsTextShows()
    {
        var spans = await _traces.RunAsync(StepWaitStepAsync);

        var step = Named(spans, "first");
        Assert.Equal($"00-{step.TraceId}-{step.SpanId}-01", step.Id);
    }

    [Fact]
    public async Task Wait_OfADay_IsASpanOfADay()
    {
        var spans = await _traces.RunAsync(StepWaitStepAsync);

        Assert.Equal(TimeSpan.FromDays(1), Named(spans, "pause").Duration);
        Assert.Equal("WAIT", Named(spans, "pause").GetTagItem("durable.operation.type"));
    }

    [Fact]
    public async Task Attempts_OfARetriedStep_AreSpansUnderOne()
    {
        var spans = await _traces.RunAsync(context => context.StepAsync(
            (step, _) => step.AttemptNumber < 2 ? throw new TimeoutException("late") : Task.FromResult(1), "flaky"));

        var step = Named(spans, "flaky");
        var (first, second) = (Named(spans, "flaky attempt 1"), Named(spans, "flaky attempt 2"));
        Assert.Equal([step.SpanId, step.SpanId], [first.ParentSpanId, second.ParentSpanId]);
        Assert.Equal((ActivityStatusCode.Error, "late"), (first.Status, first.StatusDescription));
        Assert.Equal("FAILED", first.GetTagItem("durable.attempt.outcome"));
        Assert.Equal("SUCCEEDED", second.GetTagItem("durable.attempt.outcome"));
        Assert.Equal(2, second.GetTagItem("durable.attempt.number"));
        Assert.Equal(ActivityStatusCode.Unset, step.Status);
    }

    [Fact]
    public async Task Execution_ThatFails_HasTheErrorOnItsSpan()
    {
        var spans = await _traces.RunAsync<int>(_ => throw new InvalidOperationException("no"));

        var execution = Named(spans, "function-under-test");
        Assert.Equal((ActivityStatusCode.Error, "no"), (execution.Status, execution.StatusDescription));
        Assert.Equal("FAILED", execution.GetTagItem("durable.execution.status"));
        Assert.Equal(_traces.Arn, execution.GetTagItem("durable.execution.arn"));
    }

    [Fact]
    public async Task Invocations_OfAnExecution_TellWhichWasFirst()
    {
        var spans = await _traces.RunAsync(StepWaitStepAsync);

        var invocations = spans.Where(span => span.DisplayName is "invocation").ToList();
        Assert.Equal([true, false], invocations.Select(span => span.GetTagItem("durable.invocation.first")));
        Assert.Equal(
            ["PENDING", "SUCCEEDED"], invocations.Select(span => span.GetTagItem("durable.invocation.status")));
    }

    [Fact]
    public async Task Spans_ThatAStepStarts_AreChildrenOfItsAttempt()
    {
        var spans = await _traces.RunAsync(context => context.StepAsync(
            async (_, _) =>
            {
                await Task.Yield();
                using var call = Traces.Source.StartActivity("call");
                return 1;
            },
            "charge"));

        Assert.Equal(Named(spans, "charge attempt 1").SpanId, Named(spans, "call").ParentSpanId);
    }

    [Fact]
    public async Task SampleRatio_OfZero_WritesNothing() =>
        Assert.Empty(await _traces.RunAsync(StepWaitStepAsync, new OpenTelemetryPluginOptions { SampleRatio = 0 }));

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void SampleRatio_OutOfRange_IsRefused(double ratio) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new OpenTelemetryPlugin(new OpenTelemetryPluginOptions { SampleRatio = ratio }));

    [Fact]
    public void Sample_OfAThird_TakesAboutAThirdAndAlwaysTheSame()
    {
        var sampled = Enumerable.Range(0, 3000)
            .Select(i => SpanIdentity.Sample($"arn:{i}", 1 / 3d))
            .Count(flags => flags is ActivityTraceFlags.Recorded);

        Assert.InRange(sampled, 850, 1150);
        Assert.Equal(SpanIdentity.Sample("arn:7", 0.5), SpanIdentity.Sample("arn:7", 0.5));
    }

    private static Activity Named(IEnumerable<Activity> spans, string name) =>
        Assert.Single(spans, span => string.Equals(span.DisplayName, name, StringComparison.Ordinal));

    private static async Task<int> StepWaitStepAsync(IDurableContext context)
    {
        var first = await context.StepAsync((_, _) => Task.FromResult(1), "first");
        await context.WaitAsync(TimeSpan.FromDays(1), "pause");
        return first + await context.StepAsync((_, _) => Task.FromResult(1), "second");
    }
}
