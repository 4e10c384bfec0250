using System.Net;
using Lungfish.Functions.Invoking;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lungfish.Functions.RuntimeApi;

/// <summary>The endpoint that function processes get their work from: Kestrel with nothing between it and the
/// work.</summary>
internal sealed class RuntimeApiServer : IAsyncDisposable
{
    private readonly KestrelServer _kestrel;
    private readonly ProcessPorts _ports;

    private RuntimeApiServer(KestrelServer kestrel, ProcessPorts ports)
    {
        _kestrel = kestrel;
        _ports = ports;
    }

    /// <param name="calls">Takes the checkpoints that come over channels; null as long as the engine starts.</param>
    public static async Task<RuntimeApiServer> StartAsync(
        Func<ICheckpointCalls?> calls, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var options = new KestrelServerOptions
        {
            AddServerHeader = false,
            ApplicationServices = new ServiceCollection().AddSingleton(loggers).BuildServiceProvider(),
        };
        options.Limits.MaxRequestBodySize = null; // Counted while reading, to answer as AWS does.
        // A process may be silent for as long as it loads or works. Kestrel's arithmetic does not stand "infinite".
        options.Limits.KeepAliveTimeout = TimeSpan.FromDays(365);
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Listen(IPAddress.Loopback, port: 0, listen => listen.Protocols = HttpProtocols.Http1);
        var sockets = new SocketConnectionFactoryOptions
        {
            // What comes goes on where it came, as at the server's own edge; and a process has no more connections than
            // invocations, so that a buffer for each costs little, and one more look at the socket before each much.
            UnsafePreferInlineScheduling = true,
            WaitForDataBeforeAllocatingBuffer = false,
        };
        var logger = loggers.CreateLogger<RuntimeApiServer>();
        var ports = new ProcessPorts(
            new SocketConnectionContextFactory(sockets, logger),
            (from, socket) => new ProcessChannel(from, socket, calls, logger));
        var kestrel = new KestrelServer(Options.Create(options), ports, loggers);
        await kestrel.StartAsync(new Application(), cancellationToken);
        return new(kestrel, ports);
    }

    /// <summary>Gives a process the port that it finds its work at.</summary>
    public ProcessPort Open(FunctionPool pool, ExecutionEnvironment environment) => _ports.Open(pool, environment);

    public async ValueTask DisposeAsync()
    {
        // Processes that wait for work are gone by now; nobody else is connected.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _kestrel.StopAsync(now.Token);
        _kestrel.Dispose();
    }

    private sealed class Application : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => RuntimeApi.HandleAsync(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
