using Microsoft.Extensions.Logging;

namespace Lungfish.DurableFunctions;

/// <summary>
/// What a durable function uses around its workflow. The defaults serve a function on Lambda or Lungfish.
/// </summary>
public sealed class DurableFunctionOptions
{
    /// <summary>
    /// Writes and reads input, results and states. In a trimmed or ahead-of-time compiled function this must be a
    /// <see cref="JsonCheckpointSerializer"/> over a source-generated context, or an own one.
    /// </summary>
    public ICheckpointSerializer Serializer { get; set; } = JsonCheckpointSerializer.Default;

    /// <summary>Told of what happens, in this order.</summary>
    public IList<DurableInstrumentationPlugin> Plugins { get; } = [];

    /// <summary>Takes the lines of the workflow; null for JSON lines on standard output.</summary>
    public ILogger? Logger { get; set; }

    /// <summary>Takes checkpoints; null for the service that the environment names.</summary>
    public IDurableServiceClient? ServiceClient { get; set; }

    /// <summary>The clock of the SDK's own timers and time stamps.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
