namespace Lungfish.DurableFunctions;

/// <summary>An invoked function brought no result.</summary>
public class InvokeException : DurableOperationException
{
    /// <summary>Makes one.</summary>
    public InvokeException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    public InvokeException(string message) : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    /// <param name="innerException">The original error.</param>
    public InvokeException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>The function, as it was named in the call.</summary>
    public string? FunctionName { get; init; }
}

/// <summary>The invoked function failed.</summary>
public sealed class InvokeFailedException : InvokeException
{
    /// <summary>Makes one.</summary>
    public InvokeFailedException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    public InvokeFailedException(string message) : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    /// <param name="innerException">The original error.</param>
    public InvokeFailedException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}

/// <summary>The invoked function took too long.</summary>
public sealed class InvokeTimedOutException : InvokeException
{
    /// <summary>Makes one.</summary>
    public InvokeTimedOutException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    public InvokeTimedOutException(string message) : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    /// <param name="innerException">The original error.</param>
    public InvokeTimedOutException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}

/// <summary>The invoked function was stopped.</summary>
public sealed class InvokeStoppedException : InvokeException
{
    /// <summary>Makes one.</summary>
    public InvokeStoppedException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    public InvokeStoppedException(string message) : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    /// <param name="innerException">The original error.</param>
    public InvokeStoppedException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
