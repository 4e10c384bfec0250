using Lungfish.Engine;
using Lungfish.Engine.Storage;
using Lungfish.Functions;

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

    /// <exception cref="StoreRefusedException">The data cannot be opened.</exception>
    /// <exception cref="ServerRefusedException">The settings are not acceptable, or the address is taken.</exception>
    public static Task<LungfishServer> StartAsync(ServerOptions options, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Drains: answers what is open, lets what is decided become durable, ends function processes, stops.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
