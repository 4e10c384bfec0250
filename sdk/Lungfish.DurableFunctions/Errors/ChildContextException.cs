namespace Lungfish.DurableFunctions;

/// <summary>A child context, a branch or an item failed.</summary>
public class ChildContextException : DurableOperationException
{
    /// <summary>Makes one.</summary>
    public ChildContextException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    public ChildContextException(string message) : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">The message of the original error.</param>
    /// <param name="innerException">The original error.</param>
    public ChildContextException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>What kind of context it was; one of <see cref="OperationSubTypes"/> or the author's own.</summary>
    public string? SubType { get; init; }
}
