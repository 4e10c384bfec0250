using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Lungfish.Functions.Tests;

/// <summary>What a function has sent: the path as it stood in the request, and the body.</summary>
internal sealed record EndpointCall(string RawTarget, string Body);

/// <summary>Stands for the server: notes what functions call, and answers what it was given, else <c>{}</c>.
/// </summary>
internal sealed class FakeEndpoint : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly WebApplication _application;
    private Barrier? _together;

    private FakeEndpoint(WebApplication application) => _application = application;

    /// <summary>The <c>X-Amz-Target</c> of each call, in order.</summary>
    public ConcurrentQueue<string> Targets { get; } = new();

    public ConcurrentQueue<EndpointCall> Calls { get; } = new();

    public ConcurrentQueue<(int Status, string? ErrorType, string Body)> Answers { get; } = new();

    /// <summary>Answers that are given whenever the path has this word, with status 200.</summary>
    public ConcurrentDictionary<string, string> AnswersByPath { get; } = new();

    public Uri Url => new(_application.Urls.First());

    public static async Task<FakeEndpoint> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        _ = builder.WebHost.UseUrls("http://127.0.0.1:0");
        var endpoint = new FakeEndpoint(builder.Build());
        _ = endpoint._application.MapFallback(endpoint.AnswerAsync);
        await endpoint._application.StartAsync(FunctionHost.Cancellation);
        return endpoint;
    }

    /// <summary>From now on no call is answered before there are as many of them.</summary>
    public void AnswerTogether(int count) => _together = new Barrier(count);

    private async Task AnswerAsync(HttpContext http)
    {
        Targets.Enqueue(http.Request.Headers["X-Amz-Target"].ToString());
        using var body = new StreamReader(http.Request.Body);
        Calls.Enqueue(new(
            http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, await body.ReadToEndAsync()));
        var path = http.Request.Path.Value?.Split('/') ?? [];
        var (status, errorType, text) = Answers.TryDequeue(out var given) ? given
            : path.FirstOrDefault(AnswersByPath.ContainsKey) is { } word ? (200, null, AnswersByPath[word])
            : (200, null, "{}");
        if (_together is { } together && !await Task.Run(() => together.SignalAndWait(Patience)))
        {
            throw new TimeoutException("Fewer calls came at the same time than were to.");
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "application/x-amz-json-1.0";
        http.Response.ContentLength = text.Length;
        http.Response.Headers["x-amzn-ErrorType"] = errorType;
        await http.Response.WriteAsync(text);
    }

    public ValueTask DisposeAsync()
    {
        _together?.Dispose();
        return _application.DisposeAsync();
    }
}
