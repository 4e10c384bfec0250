using Lungfish.DurableFunctions.Testing.Remote;

namespace Lungfish.DurableFunctions.Testing;

/// <summary>
/// Runs a durable function where it is deployed - on a Lungfish server, or on AWS - and inspects it through its
/// history. Time there is real.
/// </summary>
/// <remarks>Credentials and region come from the environment, as for the SDK itself.</remarks>
/// <typeparam name="TInput">What the function is given.</typeparam>
/// <typeparam name="TOutput">What it returns.</typeparam>
public sealed class RemoteDurableTestRunner<TInput, TOutput> : IDurableTestRunner<TInput, TOutput>
{
    private readonly string _functionName;
    private readonly RemoteDurableTestRunnerOptions _options;
    private readonly LambdaApi _api;
    private readonly RemoteCallbackHandlers _handlers = new();

    /// <summary>Makes a runner.</summary>
    /// <param name="functionName">The function's name or ARN.</param>
    /// <param name="options">Where it is and how to wait; null for the defaults.</param>
    public RemoteDurableTestRunner(string functionName, RemoteDurableTestRunnerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(functionName);
        _functionName = functionName;
        _options = options ?? new RemoteDurableTestRunnerOptions();
        var endpoint = ServiceEndpoint.OfEnvironment();
        _api = new LambdaApi(
            _options.Endpoint is { } given
                ? endpoint with { Base = given.AbsoluteUri.TrimEnd('/'), IsCustom = true }
                : endpoint,
            _options.HttpMessageHandler);
    }

    /// <summary>Answers each callback of a name, from now on, while the test waits for the execution.</summary>
    /// <param name="name">The name of the callback, or of the WaitForCallback around it.</param>
    /// <param name="answer">Completes it, fails it, sends a heartbeat, or leaves it be.</param>
    /// <param name="after">How long after the callback was first seen; null: at once.</param>
    public void OnCallback(string name, Func<TestCallback, Task> answer, TimeSpan? after = null) =>
        _handlers.Set(name, answer, after ?? TimeSpan.Zero);

    /// <summary>Starts an execution and waits for its end.</summary>
    /// <param name="input">What the function is given.</param>
    /// <param name="name">The execution's name; the same name and input again give the execution that there is. Null
    /// for a name that is new.</param>
    /// <param name="cancellationToken">Ends the waiting, not the execution.</param>
    /// <exception cref="TestRunStuckException">It does not end in <see cref="RemoteDurableTestRunnerOptions.Timeout"/>.
    /// </exception>
    /// <exception cref="DurableServiceException">The service refused, or could not be reached.</exception>
    public async Task<TestResult<TOutput>> RunAsync(
        TInput input, string? name = null, CancellationToken cancellationToken = default)
    {
        var run = await StartAsync(input, name, cancellationToken).ConfigureAwait(false);
        return await run.WaitForResultAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts an execution.</summary>
    /// <param name="input">What the function is given.</param>
    /// <param name="name">The execution's name; the same name and input again give the execution that there is. Null
    /// for a name that is new.</param>
    /// <param name="cancellationToken">Ends the waiting, not the execution.</param>
    /// <exception cref="DurableServiceException">The service refused, or could not be reached.</exception>
    public async Task<IDurableTestRun<TOutput>> StartAsync(
        TInput input, string? name = null, CancellationToken cancellationToken = default)
    {
        var payload = _options.Serializer.Serialize(input, new SerializationContext("", _functionName));
        var arn = await _api.StartAsync(_functionName, _options.Qualifier, name, payload, cancellationToken)
            .ConfigureAwait(false);
        return new RemoteDurableTestRun<TOutput>(arn, _api, _handlers, _options);
    }

    /// <summary>Closes the connections. The execution goes on.</summary>
    public ValueTask DisposeAsync()
    {
        _api.Dispose();
        return ValueTask.CompletedTask;
    }
}
