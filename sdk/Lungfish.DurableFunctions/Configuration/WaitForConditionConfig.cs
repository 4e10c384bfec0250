namespace Lungfish.DurableFunctions;

/// <summary>How a condition is polled.</summary>
/// <typeparam name="TState">What a check hands to the next.</typeparam>
public sealed class WaitForConditionConfig<TState>
{
    /// <summary>What the first check is given.</summary>
    public required TState InitialState { get; set; }

    /// <summary>When to check again, and when to stop.</summary>
    public required IWaitStrategy<TState> WaitStrategy { get; set; }

    /// <summary>Writes and reads the state; null for that of the function.</summary>
    public ICheckpointSerializer? Serializer { get; set; }
}
