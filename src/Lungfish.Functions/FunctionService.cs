using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace Lungfish.Functions;

/// <summary>Functions: their registry, code and processes.</summary>
public sealed class FunctionService : IAsyncDisposable
{
    private FunctionService() { }

    /// <summary>Opens the registry, goes on with asynchronous invocations that were not done, and is ready to invoke.</summary>
    public static Task<FunctionService> StartAsync(
        IStore store,
        FunctionOptions options,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => throw new NotSupportedException();
}

public sealed record FunctionOptions
{
    public AwsAccount Account { get; init; } = AwsAccount.Default;

    /// <summary>Where code, logs and working folders live.</summary>
    public required string Directory { get; init; }

    /// <summary>What functions get as <c>AWS_ENDPOINT_URL</c>: the server's own address.</summary>
    public required Uri Endpoint { get; init; }
}
