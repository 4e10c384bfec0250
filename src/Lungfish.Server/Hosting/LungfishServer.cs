using Lungfish.Engine;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Tasks;
using Lungfish.Functions;
using Microsoft.AspNetCore.Routing;

namespace Lungfish.Server.Hosting;

/// <summary>A running server: store, engine, functions and the HTTP edge put together.</summary>
public sealed class LungfishServer : IAsyncDisposable
{
    private LungfishServer(LungfishEngine engine, FunctionService functions, Uri url)
    {
        Engine = engine;
        Functions = functions;
        Url = url;
    }

    public LungfishEngine Engine { get; }

    public FunctionService Functions { get; }

    /// <summary>The first address that it listens on, with the real port.</summary>
    public Uri Url { get; }

    /// <exception cref="Lungfish.Engine.Storage.StoreRefusedException">The data cannot be opened.</exception>
    /// <exception cref="ServerRefusedException">The settings are not acceptable, or the address is taken.</exception>
    public static Task<LungfishServer> StartAsync(ServerOptions options, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Drains: answers what is open, lets what is decided become durable, ends function processes, stops.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}

public sealed record ServerOptions
{
    /// <summary>Holds the database, the token key, code and logs; made if it does not exist.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Loopback addresses only; port 0 picks a free one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8083"];

    public AwsAccount Account { get; init; } = AwsAccount.Default;

    /// <summary>More kinds of tasks than the server brings: embedded functions, benchmarks.</summary>
    public IReadOnlyList<ITaskHandler> MoreTaskHandlers { get; init; } = [];

    /// <summary>Adds routes to the edge, behind the same Host and Origin checks.</summary>
    public Action<IEndpointRouteBuilder>? MapMore { get; init; }
}

/// <summary>The server does not start that way; the message is one sentence that says why and what to do.</summary>
public sealed class ServerRefusedException(string message, Exception? innerException = null)
    : Exception(message, innerException);
