namespace Lungfish.DurableFunctions;

/// <summary>How a child context runs.</summary>
public sealed class ChildContextConfig
{
    /// <summary>Shown in the history; null for <see cref="OperationSubTypes.RunInChildContext"/>.</summary>
    public string? SubType { get; set; }

    /// <summary>Turns the failure of the context into an exception of the author's own, also on replay.</summary>
    public Func<Exception, Exception>? ErrorMapping { get; set; }

    /// <summary>Whether the context has an operation of its own in the history.</summary>
    public NestingType NestingType { get; set; } = NestingType.Nested;

    /// <summary>Writes and reads this context's result; null for that of the function.</summary>
    public ICheckpointSerializer? Serializer { get; set; }
}

/// <summary>Whether a context has an operation of its own.</summary>
public enum NestingType
{
    /// <summary>It has: its result is kept, and its operations stand below it.</summary>
    Nested,

    /// <summary>
    /// It has none: fewer checkpoints; its operations stand below the context around it, its body is replayed.
    /// </summary>
    Flat,
}
