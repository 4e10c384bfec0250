namespace Lungfish.DurableFunctions.Tests;

public sealed class ChildContextTests
{
    private readonly FakeService _service = new();

    [Fact]
    public async Task RunInChildContext_WithAStep_NumbersAndParentsItBelow()
    {
        var output = await _service.InvokeAsync(context => context.RunInChildContextAsync(
            (child, _) => child.StepAsync((_, _) => Task.FromResult("x")), "outer"));

        Assert.Equal("\"x\"", output.Result);
        Assert.Equal(
            ["CONTEXT START 1", "STEP START 1-1", "STEP SUCCEED 1-1", "CONTEXT SUCCEED 1"], _service.Updates);
        Assert.Equal("1", _service["1-1"].ParentId);
        Assert.Equal("\"x\"", _service["1"].ContextDetails?.Result);
    }

    [Fact]
    public async Task RunInChildContext_CompletedOnReplay_IsNotRunAgain()
    {
        var runs = 0;
        async Task<int> Workflow(IDurableContext context)
        {
            var value = await context.RunInChildContextAsync((_, _) => Task.FromResult(++runs));
            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return value;
        }

        var output = await _service.RunToEndAsync(Workflow);

        Assert.Equal("1", output.Result);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task RunInChildContext_Fails_KeepsTheOriginalErrorLiveAndOnReplay()
    {
        var caught = new List<string>();
        async Task<int> Workflow(IDurableContext context)
        {
            try
            {
                await context.RunInChildContextAsync(
                    (child, _) => child.StepAsync<int>(
                        (_, _) => throw new FormatException("bad"),
                        config: new StepConfig { RetryStrategy = RetryStrategy.None }),
                    config: new ChildContextConfig { SubType = "Booking" });
            }
            catch (ChildContextException e)
            {
                caught.Add($"{e.SubType} {e.ErrorType} {e.Message}");
            }

            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return 1;
        }

        await _service.RunToEndAsync(Workflow);

        Assert.Equal(["Booking System.FormatException bad", "Booking System.FormatException bad"], caught);
        Assert.Contains("CONTEXT FAIL 1", _service.Updates);
    }

    [Fact]
    public async Task RunInChildContext_ErrorMapping_MapsLiveAndOnReplay()
    {
        var caught = new List<string>();
        async Task<int> Workflow(IDurableContext context)
        {
            try
            {
                await context.RunInChildContextAsync<int>(
                    (_, _) => throw new FormatException("bad"),
                    config: new ChildContextConfig { ErrorMapping = e => new TimeoutException(e.Message) });
            }
            catch (TimeoutException e)
            {
                caught.Add(e.Message);
            }

            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return 1;
        }

        await _service.RunToEndAsync(Workflow);

        Assert.Equal(["bad", "bad"], caught);
    }

    [Fact]
    public async Task RunInChildContext_ResultOver256KiloBytes_IsRebuiltOnReplay()
    {
        var runs = 0;
        async Task<int> Workflow(IDurableContext context)
        {
            var big = await context.RunInChildContextAsync(async (child, _) =>
            {
                runs++;
                var letter = await child.StepAsync((_, _) => Task.FromResult("x"));
                return string.Concat(Enumerable.Repeat(letter, 300_000));
            });
            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return big.Length;
        }

        var output = await _service.RunToEndAsync(Workflow);

        Assert.Equal("300000", output.Result);
        Assert.Equal(2, runs);
        Assert.True(_service["1"].ContextDetails?.ReplayChildren);
        Assert.Equal("", _service["1"].ContextDetails?.Result);
        Assert.Single(_service.Updates, "CONTEXT SUCCEED 1");
    }

    [Fact]
    public async Task RunInChildContext_Flat_HasNoOperationOfItsOwn()
    {
        async Task<string> Workflow(IDurableContext context)
        {
            var value = await context.RunInChildContextAsync(
                (child, _) => child.StepAsync((_, _) => Task.FromResult("x")),
                config: new ChildContextConfig { NestingType = NestingType.Flat });
            await context.WaitAsync(TimeSpan.FromSeconds(1));
            return value;
        }

        var output = await _service.RunToEndAsync(Workflow);

        Assert.Equal("\"x\"", output.Result);
        Assert.Equal(["STEP START 1-1", "STEP SUCCEED 1-1", "WAIT START 2"], _service.Updates);
        Assert.Null(_service["1-1"].ParentId);
    }

    [Fact]
    public async Task RunInChildContext_WaitInside_SuspendsAndGoesOn()
    {
        var output = await _service.RunToEndAsync(context => context.RunInChildContextAsync(async (child, _) =>
        {
            var first = await child.StepAsync((_, _) => Task.FromResult(1));
            await child.WaitAsync(TimeSpan.FromSeconds(3));
            return first + await child.StepAsync((_, _) => Task.FromResult(2));
        }));

        Assert.Equal("3", output.Result);
        Assert.Equal("1", _service["1-2"].ParentId);
    }

    [Fact]
    public async Task RunInChildContext_NestedVeryDeep_IdsStayWithinTheLimit()
    {
        static Task<int> Nest(IDurableContext context, int depth) => depth == 0
            ? context.StepAsync((_, _) => Task.FromResult(1))
            : context.RunInChildContextAsync((child, _) => Nest(child, depth - 1));

        var output = await _service.InvokeAsync(context => Nest(context, 60));

        Assert.Equal("1", output.Result);
        Assert.All(_service.Operations, operation => Assert.Matches("^[A-Za-z0-9_-]{1,64}$", operation.Id));
        Assert.Equal(61, _service.Operations.Select(operation => operation.Id).Distinct().Count());
    }
}
