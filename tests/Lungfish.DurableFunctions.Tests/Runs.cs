namespace Lungfish.DurableFunctions.Tests;

/// <summary>Invokes a workflow against the service in memory.</summary>
internal static class Runs
{
    public static Task<DurableExecutionInvocationOutput> InvokeAsync<T>(
        this FakeService service,
        Func<IDurableContext, Task<T>> workflow,
        Action<DurableFunctionOptions>? configure = null,
        params string[] updated)
    {
        var options = new DurableFunctionOptions
        {
            ServiceClient = service,
            TimeProvider = new ManualClock(service.Now),
        };
        configure?.Invoke(options);
        return DurableFunction.WrapAsync<object?, T>(
            (_, context) => workflow(context), service.Envelope("null", updated), options: options)
            .WaitAsync(TimeSpan.FromSeconds(30)); // A hang is a failure with a name, not a run without end.
    }

    /// <summary>Invokes again and again, as far ahead in time as each pause needs, until it is done.</summary>
    public static async Task<DurableExecutionInvocationOutput> RunToEndAsync<T>(
        this FakeService service,
        Func<IDurableContext, Task<T>> workflow,
        Action<DurableFunctionOptions>? configure = null)
    {
        for (var i = 0; i < 50; i++)
        {
            var output = await service.InvokeAsync(workflow, configure);
            if (output.Status != InvocationStatus.Pending)
            {
                return output;
            }

            service.Advance(TimeSpan.FromDays(1));
        }

        throw new InvalidOperationException("The workflow does not end.");
    }
}
