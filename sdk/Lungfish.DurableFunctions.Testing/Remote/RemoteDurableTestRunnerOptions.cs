namespace Lungfish.DurableFunctions.Testing;

/// <summary>Where a function is deployed, and how a test waits for it.</summary>
public sealed class RemoteDurableTestRunnerOptions
{
    /// <summary>The service: a Lungfish server, such as <c>http://127.0.0.1:8083</c>, or an AWS region's. Null for the
    /// one that the environment names, as for the SDK itself.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The version or alias to run.</summary>
    public string Qualifier { get; set; } = "$LATEST";

    /// <summary>How long a call may wait for the execution before the run is called stuck.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long to wait between two looks at the history.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Writes and reads input, results and states: the one that the function uses.</summary>
    public ICheckpointSerializer Serializer { get; set; } = JsonCheckpointSerializer.Default;

    /// <summary>The clock that the waiting goes by.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Sends the requests, once they are signed; null for the sockets of the system.</summary>
    public HttpMessageHandler? HttpMessageHandler { get; set; }
}
