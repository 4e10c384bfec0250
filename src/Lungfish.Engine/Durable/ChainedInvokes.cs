using Lungfish.Durable;

namespace Lungfish.Engine.Durable;

/// <summary>Carries out chained invokes. They take no place of those who run: what they wait for may need it.</summary>
internal static class ChainedInvokes
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(ChainedInvokeRun run, ChainedInvoke invoke, DurableServices services)
    {
        try
        {
            run.Ended(await InvokeAsync(invoke, services, run.Cancelled));
        }
        catch (Exception) when (run.Cancelled.IsCancellationRequested)
        {
            // Nobody waits; how it ended tells nothing.
        }
        catch (Exception e)
        {
            Log.ChainedInvokeThrew(services.Logger, invoke.CallerArn, invoke.OperationId, e);
            run.Ended(new ChainedOutcome(
                OperationStatus.Failed,
                null,
                new ErrorObject
                {
                    ErrorType = e is ApiException refusal ? refusal.Code : "Server.InvocationFailed",
                    ErrorMessage = e.Message,
                }));
        }
    }

    private static async Task<ChainedOutcome> InvokeAsync(
        ChainedInvoke invoke, DurableServices services, CancellationToken cancelled)
    {
        while (true)
        {
            try
            {
                return await services.Functions.InvokeChainedAsync(invoke, cancelled);
            }
            catch (ApiException e) when (e.HttpStatus is 429 or >= 500)
            {
                // Whoever must start it is busy or recovers; the caller has all the time of its own time-out.
                await Task.Delay(RetryDelay, services.Time, cancelled);
            }
        }
    }
}
