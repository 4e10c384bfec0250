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
        if (directory.FindInProcess(version.Name) is { } own)
        {
            return await own.RunAsync(invocation).WaitAsync(cancellationToken);
        }

        using var abandoning = cancellationToken.UnsafeRegister(
            static (invocation, cancelled) => ((Invocation?)invocation)?.Abandon(cancelled), invocation);
        return await pools.Run(version, invocation);
    }
}
