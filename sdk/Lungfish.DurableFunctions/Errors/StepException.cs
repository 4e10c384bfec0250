namespace Lungfish.DurableFunctions;

/// <summary>A step failed, and is not tried again.</summary>
public class StepException : DurableOperationException
{
    /// <summary>Makes one.</summary>
    public StepException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    public StepException(string message) : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    /// <param name="innerException">The original error.</param>
    public StepException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}

/// <summary>The process died during an attempt of a step that runs at most once.</summary>
public sealed class StepInterruptedException : StepException
{
    /// <summary>Makes one.</summary>
    public StepInterruptedException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    public StepInterruptedException(string message) : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    /// <param name="innerException">The original error.</param>
    public StepInterruptedException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
