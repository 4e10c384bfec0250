namespace Lungfish.DurableFunctions;

/// <summary>The base of all that this SDK throws.</summary>
public class DurableExecutionException : Exception
{
    /// <summary>Makes one.</summary>
    public DurableExecutionException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What happened.</param>
    public DurableExecutionException(string message) : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public DurableExecutionException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}

/// <summary>On replay the code asked for another operation than the one it began with. The execution fails.</summary>
public sealed class NonDeterministicExecutionException : DurableExecutionException
{
    /// <summary>Makes one.</summary>
    /// <param name="message">The two operations, side by side.</param>
    public NonDeterministicExecutionException(string message) : base(message)
    {
    }
}

/// <summary>A value could not be written into a checkpoint, or read from one.</summary>
public sealed class CheckpointSerializationException : DurableExecutionException
{
    /// <summary>Makes one.</summary>
    /// <param name="message">Which value, and why.</param>
    /// <param name="innerException">What the serializer threw.</param>
    public CheckpointSerializationException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}

/// <summary>
/// An operation failed. What is known of the error is what the checkpoint keeps: the same live and on replay.
/// </summary>
public class DurableOperationException : DurableExecutionException
{
    /// <summary>Makes one.</summary>
    public DurableOperationException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    public DurableOperationException(string message) : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    /// <param name="innerException">The original error.</param>
    public DurableOperationException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>The full name of the original exception's type, or the name that an outside system gave.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Data that came with the error.</summary>
    public string? ErrorData { get; init; }

    /// <summary>Where the original exception was thrown, a frame per line.</summary>
    public IReadOnlyList<string>? OriginalStackTrace { get; init; }
}
