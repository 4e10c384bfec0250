namespace Lungfish.DurableFunctions;

/// <summary>A condition was not met within the attempts allowed.</summary>
public sealed class WaitForConditionException : DurableOperationException
{
    /// <summary>Makes one.</summary>
    public WaitForConditionException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    public WaitForConditionException(string message) : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    /// <param name="innerException">The original error.</param>
    public WaitForConditionException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>How many attempts were made.</summary>
    public int AttemptsExhausted { get; init; }

    /// <summary>The state that the last check returned; null on replay if the checkpoint kept none.</summary>
    public object? LastState { get; init; }
}
