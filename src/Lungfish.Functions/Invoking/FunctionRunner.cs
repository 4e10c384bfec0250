using Lungfish.Functions.Registry;

namespace Lungfish.Functions.Invoking;

/// <summary>Runs the code of one version once: in this process, or in one of its pool.</summary>
internal sealed class FunctionRunner(FunctionDirectory directory, Pools pools)
{
    /// <param name="cancellationToken">Ends the waiting. As on AWS, a function that runs already runs to its
    /// end.</param>
    public async Task<FunctionOutcome> RunAsync(
        FunctionConfiguration version, Invocation invocation, CancellationToken cancellationToken)
    {
        var outcome = directory.FindInProcess(version.Name) is { } own
            ? own.RunAsync(invocation)
            : pools.Run(version, invocation);
        if (!cancellationToken.CanBeCanceled)
        {
            return await outcome;
        }

        await using var abandoning = cancellationToken.Register(() => invocation.IsAbandoned = true);
        return await outcome.WaitAsync(cancellationToken);
    }
}
