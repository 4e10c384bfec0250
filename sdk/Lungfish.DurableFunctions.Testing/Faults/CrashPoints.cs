namespace Lungfish.DurableFunctions.Testing;

/// <summary>Runs a workflow once for each moment at which its process could die.</summary>
public static class CrashPoints
{
    // A workflow that reports more than this has no end.
    private const int UpdatesMax = 10_000;

    /// <summary>
    /// Runs the workflow with a crash before its first update, then with one after it, before its second, and so on
    /// through all that it reports, and has each result checked.
    /// </summary>
    /// <typeparam name="TInput">What the function is given.</typeparam>
    /// <typeparam name="TOutput">What it returns.</typeparam>
    /// <param name="newRunner">Makes the runner of one run, with all that belongs to it.</param>
    /// <param name="input">What the function is given.</param>
    /// <param name="verify">Throws, as the assertions of any test framework do, if the result is not as it should be.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>How many crashes there were.</returns>
    /// <exception cref="CrashPointException">A result was not as it should be; the message tells which crash it
    /// was.</exception>
    public static async Task<int> RunEachAsync<TInput, TOutput>(
        Func<DurableTestRunner<TInput, TOutput>> newRunner,
        TInput input,
        Action<TestResult<TOutput>> verify,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(newRunner);
        ArgumentNullException.ThrowIfNull(verify);
        var crashes = 0;
        for (var number = 1; number <= UpdatesMax; number++)
        {
            foreach (var kind in (FaultKind[])[FaultKind.CrashBefore, FaultKind.CrashAfter])
            {
                var runner = newRunner();
                await using (runner.ConfigureAwait(false))
                {
                    var fault = runner.Inject(kind, CheckpointPlace.Update(number));
                    var result = await RunAsync(runner, input, fault, cancellationToken).ConfigureAwait(false);
                    if (!fault.HasStruck)
                    {
                        return crashes;
                    }

                    crashes++;
                    Verify(verify, result, fault);
                }
            }
        }

        throw new TestRunStuckException($"The workflow reports more than {UpdatesMax} updates.");
    }

    private static async Task<TestResult<TOutput>> RunAsync<TInput, TOutput>(
        DurableTestRunner<TInput, TOutput> runner,
        TInput input,
        InjectedFault fault,
        CancellationToken cancellationToken)
    {
        try
        {
            return await runner.RunAsync(input, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (TestRunStuckException stuck)
        {
            throw new CrashPointException(fault, stuck);
        }
    }

    private static void Verify<TOutput>(
        Action<TestResult<TOutput>> verify, TestResult<TOutput> result, InjectedFault fault)
    {
        try
        {
            verify(result);
        }
        catch (Exception exception) // Of whatever test framework; it is handed on with what led to it.
        {
            throw new CrashPointException(fault, exception);
        }
    }
}
