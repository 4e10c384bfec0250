using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lungfish.Server.Hosting;

/// <summary>Kestrel on loopback. It binds before the parts behind it exist, because functions need to know the real
/// port, and answers 503 until it is opened.</summary>
internal sealed class HttpEdge : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TimeSpan _drainMax;
    private volatile RequestDelegate _handler = AnswerNotReady;

    private HttpEdge(WebApplication app, Uri url, TimeSpan drainMax)
    {
        _app = app;
        _drainMax = drainMax;
        Url = url;
        app.Run(context => _handler(context));
    }

    /// <summary>The first address, with the real port.</summary>
    public Uri Url { get; private set; }

    public IServiceProvider Services => _app.Services;

    public ILoggerFactory Loggers => _app.Services.GetRequiredService<ILoggerFactory>();

    /// <summary>Cancelled when the server begins to stop: ends long polls and streams.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    /// <exception cref="ServerRefusedException">An address is not acceptable or taken.</exception>
    public static async Task<HttpEdge> BindAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        ListenAddress[] addresses = [.. options.Urls.Select(ListenAddress.Parse)];
        if (addresses.Length == 0)
        {
            throw new ServerRefusedException("There is no address to listen on; write --urls http://127.0.0.1:8083.");
        }

        var edge = new HttpEdge(Build(options, addresses), new Uri(addresses[0].Url), options.DrainMax);
        try
        {
            await edge._app.StartAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await edge._app.DisposeAsync();
            throw AddressTaken(addresses, e);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            await edge._app.DisposeAsync();
            throw new ServerRefusedException($"Cannot listen on {string.Join(", ", options.Urls)}: {e.Message}", e);
        }

        edge.Url = new Uri(edge._app.Urls.First());
        return edge;
    }

    /// <summary>From now on requests go there.</summary>
    public void Open(RequestDelegate handler) => _handler = handler;

    /// <summary>Takes no more requests, and gives those that are open some time to end.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(_drainMax);
        try
        {
            await _app.StopAsync(patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // Somebody did not end in time: the connection is cut, and what stands behind the edge stops in order.
        }

        await _app.DisposeAsync();
    }

    private static WebApplication Build(ServerOptions options, IReadOnlyList<ListenAddress> addresses)
    {
        // Empty: no configuration files, no environment variables of ASP.NET Core; what we do not set is not there.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowSynchronousIO = false;
            kestrel.Limits.MaxRequestBodySize = null; // Each API has its own limit.
            foreach (var address in addresses)
            {
                address.AddTo(kestrel);
            }
        });

        // A request goes on where its bytes arrived: a hand-over to another thread costs more than most of them do.
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;

            // 4 KiB for each idle connection, in place of one more look at the socket before each request.
            sockets.WaitForDataBeforeAllocatingBuffer = false;
        });
        builder.Services.AddRoutingCore();
        (options.ConfigureLogging ?? LogToStandardError)(builder.Logging);

        // While this category is on, ASP.NET Core makes an activity and a log scope for every request.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainMax);
        return builder.Build();
    }

    private static void LogToStandardError(ILoggingBuilder logging) => logging
        .SetMinimumLevel(LogLevel.Warning)
        .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None) // A start that fails is told in one sentence.
        .AddSimpleConsole(console => console.SingleLine = true)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

    private static ServerRefusedException AddressTaken(IReadOnlyList<ListenAddress> addresses, IOException e)
    {
        var taken =
            addresses.FirstOrDefault(address => e.Message.Contains($":{address.Port}:", StringComparison.Ordinal))
            ?? addresses[0];
        var owner = PortOwner.Find(taken.Port) ?? "another program";
        return new ServerRefusedException(
            $"Cannot listen on {taken.Url}: port {taken.Port} is taken by {owner}; stop it, or choose another port "
            + "with --urls.",
            e);
    }

    private static Task AnswerNotReady(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "1";
        return RequestPipeline.WriteErrorAsync(context, "ServiceUnavailable", "The server is starting. Try again.");
    }
}
