namespace Lungfish.DurableFunctions.Tests;

public sealed class ContextUseTests
{
    private readonly FakeService _service = new();

    [Fact]
    public async Task Branch_CallsTheOuterContext_FailsAndSaysWhichToUse()
    {
        var output = await _service.InvokeAsync<int>(async context =>
        {
            var result = await context.ParallelAsync<int>([(_, _) => context.StepAsync((_, _) => Task.FromResult(1))]);
            result.ThrowIfError();
            return 1;
        });

        Assert.Equal(typeof(InvalidOperationException).FullName, output.Error?.ErrorType);
        Assert.Contains("context that the branch or child was given", output.Error?.ErrorMessage);
    }

    [Fact]
    public async Task Step_CallsADurableOperation_FailsAndSaysWhy()
    {
        var output = await _service.InvokeAsync<int>(context => context.StepAsync<int>(
            async (_, _) =>
            {
                await context.WaitAsync(TimeSpan.FromSeconds(1));
                return 1;
            },
            config: new StepConfig { RetryStrategy = RetryStrategy.None }));

        Assert.Contains("inside a step", output.Error?.ErrorMessage);
        Assert.DoesNotContain(_service.Updates, update => update.StartsWith("WAIT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Branch_AwaitsACallbackOfTheOuterContext_SuspendsAndGoesOn()
    {
        async Task<string> Workflow(IDurableContext context)
        {
            var callback = await context.CreateCallbackAsync<string>();
            var result = await context.ParallelAsync<string>([(_, _) => callback.GetResultAsync()]);
            return result.GetResults()[0];
        }

        var first = await _service.InvokeAsync(Workflow);
        _service.CompleteCallback("1", "\"yes\"");
        var second = await _service.InvokeAsync(Workflow);

        Assert.Equal(InvocationStatus.Pending, first.Status);
        Assert.Equal("\"yes\"", second.Result);
    }

    [Fact]
    public async Task ItemNamer_Throws_FailsTheMap()
    {
        var output = await _service.InvokeAsync(async context => (await context.MapAsync(
            [1, 2],
            (_, item, _, _, _) => Task.FromResult(item),
            config: new MapConfig<int> { ItemNamer = (_, _) => throw new FormatException("no name") })).TotalCount);

        Assert.Equal(("System.FormatException", "no name"), (output.Error?.ErrorType, output.Error?.ErrorMessage));
    }
}
