namespace Lungfish.DurableFunctions.Testing;

/// <summary>A callback that waits for the test to answer.</summary>
public sealed class TestCallback
{
    private readonly ICallbackPort _port;
    private readonly ICheckpointSerializer _serializer;
    private readonly SerializationContext _context;

    internal TestCallback(
        string id, string? name, ICallbackPort port, ICheckpointSerializer serializer, SerializationContext context)
    {
        Id = id;
        Name = name;
        (_port, _serializer, _context) = (port, serializer, context);
    }

    /// <summary>What it is completed by.</summary>
    public string Id { get; }

    /// <summary>Its name, or that of the WaitForCallback around it; null if it has none.</summary>
    public string? Name { get; }

    /// <summary>Completes it without a value.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DurableServiceException">It waits no more.</exception>
    public Task SendSuccessAsync(CancellationToken cancellationToken = default) =>
        _port.SucceedAsync(Id, null, cancellationToken);

    /// <summary>Completes it with a value, written with the serializer of the runner.</summary>
    /// <typeparam name="T">What the function reads it as.</typeparam>
    /// <param name="result">The value.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DurableServiceException">It waits no more.</exception>
    public Task SendSuccessAsync<T>(T result, CancellationToken cancellationToken = default) =>
        _port.SucceedAsync(Id, _serializer.Serialize(result, _context), cancellationToken);

    /// <summary>Completes it with a text as it is, such as an outside system would send.</summary>
    /// <param name="text">The body of the answer.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DurableServiceException">It waits no more.</exception>
    public Task SendSuccessTextAsync(string text, CancellationToken cancellationToken = default) =>
        _port.SucceedAsync(Id, text, cancellationToken);

    /// <summary>Fails it.</summary>
    /// <param name="error">Why; null: without a word.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DurableServiceException">It waits no more.</exception>
    public Task SendFailureAsync(ErrorObject? error = null, CancellationToken cancellationToken = default) =>
        _port.FailAsync(Id, error ?? new ErrorObject(), cancellationToken);

    /// <summary>Fails it.</summary>
    /// <param name="errorType">The name of the error.</param>
    /// <param name="errorMessage">What it says.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DurableServiceException">It waits no more.</exception>
    public Task SendFailureAsync(
        string errorType, string errorMessage, CancellationToken cancellationToken = default) =>
        SendFailureAsync(
            new ErrorObject { ErrorType = errorType, ErrorMessage = errorMessage }, cancellationToken);

    /// <summary>Says that its answer is still being worked on: its heartbeat time-out begins anew.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DurableServiceException">It waits no more.</exception>
    public Task SendHeartbeatAsync(CancellationToken cancellationToken = default) =>
        _port.HeartbeatAsync(Id, cancellationToken);
}

/// <summary>Takes answers to callbacks.</summary>
internal interface ICallbackPort
{
    Task SucceedAsync(string callbackId, string? text, CancellationToken cancellationToken);

    Task FailAsync(string callbackId, ErrorObject error, CancellationToken cancellationToken);

    Task HeartbeatAsync(string callbackId, CancellationToken cancellationToken);
}
