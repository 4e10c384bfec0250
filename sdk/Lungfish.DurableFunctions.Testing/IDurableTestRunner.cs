namespace Lungfish.DurableFunctions.Testing;

/// <summary>
/// Runs a durable function for a test. <see cref="DurableTestRunner{TInput,TOutput}"/> runs it in process,
/// <see cref="RemoteDurableTestRunner{TInput,TOutput}"/> where it is deployed: a test written against this interface
/// serves both.
/// </summary>
/// <typeparam name="TInput">What the function is given.</typeparam>
/// <typeparam name="TOutput">What it returns.</typeparam>
public interface IDurableTestRunner<TInput, TOutput> : IAsyncDisposable
{
    /// <summary>Answers each callback of a name, from now on.</summary>
    /// <param name="name">The name of the callback, or of the WaitForCallback around it.</param>
    /// <param name="answer">Completes it, fails it, sends a heartbeat, or leaves it be.</param>
    /// <param name="after">How long after the callback began to wait; null: at once.</param>
    void OnCallback(string name, Func<TestCallback, Task> answer, TimeSpan? after = null);

    /// <summary>Starts an execution and waits for its end.</summary>
    /// <param name="input">What the function is given.</param>
    /// <param name="name">The execution's name; the same name and input again give the execution that there is. Null
    /// for a name that is new.</param>
    /// <param name="cancellationToken">Ends the waiting, not the execution.</param>
    /// <exception cref="TestRunStuckException">It does not end.</exception>
    /// <exception cref="DurableServiceException">The name is that of an execution of another input, or no name: 1 to 64
    /// letters, digits, - and _.</exception>
    Task<TestResult<TOutput>> RunAsync(
        TInput input, string? name = null, CancellationToken cancellationToken = default);

    /// <summary>Starts an execution.</summary>
    /// <param name="input">What the function is given.</param>
    /// <param name="name">The execution's name; the same name and input again give the execution that there is. Null
    /// for a name that is new.</param>
    /// <param name="cancellationToken">Ends the waiting, not the execution.</param>
    /// <exception cref="DurableServiceException">The name is that of an execution of another input, or no name: 1 to 64
    /// letters, digits, - and _.</exception>
    Task<IDurableTestRun<TOutput>> StartAsync(
        TInput input, string? name = null, CancellationToken cancellationToken = default);
}

/// <summary>An execution that a test has started.</summary>
/// <typeparam name="TOutput">What the function returns.</typeparam>
public interface IDurableTestRun<TOutput>
{
    /// <summary>The execution.</summary>
    string DurableExecutionArn { get; }

    /// <summary>Waits until a callback waits for its answer.</summary>
    /// <param name="name">The name of the callback, or of the WaitForCallback around it; null for any.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="TestRunStuckException">No such callback comes.</exception>
    Task<TestCallback> WaitForCallbackAsync(string? name = null, CancellationToken cancellationToken = default);

    /// <summary>Waits for the end of the execution.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="TestRunStuckException">It does not end.</exception>
    Task<TestResult<TOutput>> WaitForResultAsync(CancellationToken cancellationToken = default);

    /// <summary>Stops the execution; one that has ended stays as it is.</summary>
    /// <param name="error">Why; null: for no reason given.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task StopAsync(ErrorObject? error = null, CancellationToken cancellationToken = default);

    /// <summary>The execution as it is now.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task<TestResult<TOutput>> InspectAsync(CancellationToken cancellationToken = default);
}
