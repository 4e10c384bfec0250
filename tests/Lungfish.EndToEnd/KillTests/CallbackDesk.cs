using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lungfish.EndToEnd.KillTests;

/// <summary>Where the functions of the kill test bring their task tokens, and those who answer them.</summary>
internal sealed class CallbackDesk : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, byte> _seenTokens = new(StringComparer.Ordinal);
    private readonly Channel<(string Token, string Name)> _waiting = Channel.CreateUnbounded<(string, string)>();

    private CallbackDesk(WebApplication application) => _application = application;

    public Uri Url => new(_application.Urls.First());

    public static async Task<CallbackDesk> OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var desk = new CallbackDesk(builder.Build());
        desk._application.MapPost("/", desk.TakeAsync);
        await desk._application.StartAsync();
        return desk;
    }

    /// <summary>Answers tokens until cancelled; one in three is answered twice at once, with different
    /// values.</summary>
    public async Task AnswerAsync(CrashingServer server, Ledger ledger, int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        await foreach (var (token, name) in _waiting.Reader.ReadAllAsync(cancellationToken))
        {
            var first = AnswerOnceAsync(server, ledger, token, name, "first", cancellationToken);
            if (random.Next(3) == 0)
            {
                await Task.WhenAll(first, AnswerOnceAsync(server, ledger, token, name, "second", cancellationToken));
            }
            else
            {
                await first;
            }
        }
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    // A function may be invoked again after a crash: the token is the same, and so is the answer.
    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        var body = await JsonNode.ParseAsync(request.Body);
        var token = body?["token"]?.GetValue<string>() ?? "";
        if (_seenTokens.TryAdd(token, 0))
        {
            await _waiting.Writer.WriteAsync((token, body?["name"]?.GetValue<string>() ?? ""));
        }

        return Results.Ok();
    }

    private static async Task AnswerOnceAsync(
        CrashingServer server,
        Ledger ledger,
        string token,
        string name,
        string answer,
        CancellationToken cancellationToken)
    {
        var output = new JsonObject { ["name"] = name, ["answer"] = answer };
        var body = new JsonObject { ["taskToken"] = token, ["output"] = output.ToJsonString() };
        var reply = await server.CallAsync("SendTaskSuccess", body, cancellationToken);
        switch (reply)
        {
            case { Answer.IsSuccess: true }:
                ledger.NoteResult(name, output);
                break;
            case { Answer.ErrorCode: "TaskTimedOut" }:
                break; // The other answer was first, or an earlier try of this one: the audit compares the output.
            default:
                ledger.Breach($"{name}: the answer was refused: {reply.Answer.Body.ToJsonString()}");
                break;
        }
    }
}
