namespace Lungfish.DurableFunctions.Testing;

/// <summary>An execution that should have succeeded has not.</summary>
public sealed class TestExecutionFailedException : Exception
{
    internal TestExecutionFailedException(string message, ExecutionStatus status, ErrorObject? error) : base(message) =>
        (Status, Error) = (status, error);

    /// <summary>Where the execution stands.</summary>
    public ExecutionStatus Status { get; }

    /// <summary>Why it failed, or null.</summary>
    public ErrorObject? Error { get; }
}

/// <summary>The run cannot go on, or not in the time that it has: it waits for something that does not come.</summary>
public sealed class TestRunStuckException : Exception
{
    internal TestRunStuckException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}

/// <summary>What a test asserts does not hold when the function crashes at a certain checkpoint.</summary>
public sealed class CrashPointException : Exception
{
    internal CrashPointException(InjectedFault fault, Exception innerException)
        : base($"With {fault}: {innerException.Message}", innerException) => Fault = fault;

    /// <summary>The crash.</summary>
    public InjectedFault Fault { get; }
}
