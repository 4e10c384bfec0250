namespace Lungfish.DurableFunctions;

/// <summary>How a step runs.</summary>
public sealed class StepConfig
{
    /// <summary>When a failed attempt is repeated; null for <see cref="RetryStrategy.Default"/>.</summary>
    public IRetryStrategy? RetryStrategy { get; set; }

    /// <summary>What happens to an attempt whose process died.</summary>
    public StepSemantics Semantics { get; set; } = StepSemantics.AtLeastOncePerRetry;

    /// <summary>Writes and reads this step's result; null for that of the function.</summary>
    public ICheckpointSerializer? Serializer { get; set; }
}

/// <summary>What happens to an attempt of a step whose process died in the middle.</summary>
public enum StepSemantics
{
    /// <summary>It runs again. The body should be idempotent.</summary>
    AtLeastOncePerRetry,

    /// <summary>
    /// It counts as failed with a <see cref="StepInterruptedException"/>; the strategy decides on a retry.
    /// </summary>
    AtMostOncePerRetry,
}
