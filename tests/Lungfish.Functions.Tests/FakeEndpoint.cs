using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lungfish.Functions.Tests;

/// <summary>Stands for the server: notes what functions call and answers <c>{}</c>.</summary>
internal sealed class FakeEndpoint : IAsyncDisposable
{
    private readonly WebApplication _application;

    private FakeEndpoint(WebApplication application) => _application = application;

    /// <summary>The <c>X-Amz-Target</c> of each call, in order.</summary>
    public ConcurrentQueue<string> Targets { get; } = new();

    public Uri Url => new(_application.Urls.First());

    public static async Task<FakeEndpoint> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        _ = builder.WebHost.UseUrls("http://127.0.0.1:0");
        var endpoint = new FakeEndpoint(builder.Build());
        _ = endpoint._application.MapFallback((HttpContext http) =>
        {
            endpoint.Targets.Enqueue(http.Request.Headers["X-Amz-Target"].ToString());
            return Results.Content("{}", "application/x-amz-json-1.0");
        });
        await endpoint._application.StartAsync(FunctionHost.Cancellation);
        return endpoint;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
