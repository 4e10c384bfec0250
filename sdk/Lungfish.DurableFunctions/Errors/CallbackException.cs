namespace Lungfish.DurableFunctions;

/// <summary>A callback did not bring a result.</summary>
public class CallbackException : DurableOperationException
{
    /// <summary>Makes one.</summary>
    public CallbackException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    public CallbackException(string message) : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    /// <param name="innerException">The original error.</param>
    public CallbackException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>The callback.</summary>
    public string? CallbackId { get; init; }
}

/// <summary>The outside system reported a failure.</summary>
public sealed class CallbackFailedException : CallbackException
{
    /// <summary>Makes one.</summary>
    public CallbackFailedException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    public CallbackFailedException(string message) : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    /// <param name="innerException">The original error.</param>
    public CallbackFailedException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}

/// <summary>The outside system sent no answer, or no heartbeat, in time.</summary>
public sealed class CallbackTimeoutException : CallbackException
{
    /// <summary>Makes one.</summary>
    public CallbackTimeoutException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    public CallbackTimeoutException(string message) : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    /// <param name="innerException">The original error.</param>
    public CallbackTimeoutException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}

/// <summary>The callback id could not be handed out.</summary>
public sealed class CallbackSubmitterException : CallbackException
{
    /// <summary>Makes one.</summary>
    public CallbackSubmitterException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    public CallbackSubmitterException(string message) : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    /// <param name="innerException">The original error.</param>
    public CallbackSubmitterException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
