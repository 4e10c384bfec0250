using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Lungfish.Bench.Hosting;

/// <summary>The floor: the least that any durable engine on this machine and stack must do for an execution. It
/// parses the request, makes the bytes of the history durable before each effect that somebody could see, and
/// answers.</summary>
internal static class FloorCommand
{
    private const int EventBytes = 400; // A history event as JSON, on average.

    public static async Task<int> RunAsync(string logFile)
    {
        using var log = new GroupLog(logFile);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        await using var app = builder.Build();

        // How many events become durable before each effect: the start, then what happens, then the end.
        Map(app, "/w1", log, 2, 2); // started and scheduled; the result and the end
        Map(app, "/w2", log, [2, .. Enumerable.Repeat(2, 10), 2]); // the start; ten steps; the end
        Map(app, "/w3", log, 2, 1, 2); // the same with the hand-over between
        Map(app, "/w5", log, 2, 4_000, 2); // the start; 1,000 branches with a step each; the end
        Map(app, "/w7", log, 1, 201); // the start; 100 states entered and left, and the end
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses;
        var address = addresses?.FirstOrDefault() ?? throw new InvalidOperationException("Kestrel has no address.");
        await ChildProtocol.SayReadyAndWaitAsync(new Uri(address));
        await app.StopAsync();
        return 0;
    }

    private static void Map(WebApplication app, string path, GroupLog log, params int[] eventCounts)
    {
        var commits = eventCounts.Select(count => new byte[count * EventBytes]).ToArray();
        app.MapPost(path, async context =>
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            foreach (var commit in commits)
            {
                await log.AppendAsync(commit);
            }

            context.Response.ContentLength = 2;
            await context.Response.WriteAsync("{}");
        });
    }
}
