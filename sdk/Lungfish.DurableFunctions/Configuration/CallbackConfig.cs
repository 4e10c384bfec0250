namespace Lungfish.DurableFunctions;

/// <summary>How a callback behaves.</summary>
public class CallbackConfig
{
    /// <summary>
    /// How long the outside system has; <see cref="TimeSpan.Zero"/> for no limit. At least 1 second otherwise.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or a fraction of a second.</exception>
    public TimeSpan Timeout { get; set => field = Checked(value); }

    /// <summary>
    /// How long it may go without a heartbeat; <see cref="TimeSpan.Zero"/> for no limit. At least 1 second otherwise.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or a fraction of a second.</exception>
    public TimeSpan HeartbeatTimeout { get; set => field = Checked(value); }

    /// <summary>Reads what the callback is completed with; null for that of the function.</summary>
    public ICheckpointSerializer? Serializer { get; set; }

    private static TimeSpan Checked(TimeSpan value) => value == TimeSpan.Zero || value >= TimeSpan.FromSeconds(1)
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, "A timeout is zero or at least 1 second.");
}

/// <summary>How a callback with its submitter behaves.</summary>
public sealed class WaitForCallbackConfig : CallbackConfig
{
    /// <summary>When a failed submitter is repeated; null for <see cref="RetryStrategy.Default"/>.</summary>
    public IRetryStrategy? RetryStrategy { get; set; }
}
