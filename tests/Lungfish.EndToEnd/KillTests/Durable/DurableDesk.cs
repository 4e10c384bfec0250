using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lungfish.EndToEnd.KillTests.Durable;

/// <summary>The world outside of the functions: steps have their effects here, callbacks are answered from here.
/// </summary>
internal sealed class DurableDesk : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly DurableLedger _ledger;
    private readonly ConcurrentDictionary<string, byte> _seenCallbacks = new(StringComparer.Ordinal);
    private readonly Channel<string> _waiting = Channel.CreateUnbounded<string>();
    private int _lastReceipt;

    private DurableDesk(WebApplication application, DurableLedger ledger)
    {
        _application = application;
        _ledger = ledger;
    }

    public Uri Url => new(_application.Urls.First());

    public static async Task<DurableDesk> OpenAsync(DurableLedger ledger)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var desk = new DurableDesk(builder.Build(), ledger);
        desk._application.MapPost("/effect", desk.TakeEffectAsync);
        desk._application.MapPost("/callback", desk.TakeCallbackAsync);
        await desk._application.StartAsync();
        return desk;
    }

    /// <summary>Answers callbacks until cancelled; one in three is answered twice at once, with different
    /// values.</summary>
    public async Task AnswerAsync(CrashingServer server, int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        await foreach (var callbackId in _waiting.Reader.ReadAllAsync(cancellationToken))
        {
            var first = AnswerOnceAsync(server, callbackId, "first", cancellationToken);
            if (random.Next(3) == 0)
            {
                await Task.WhenAll(first, AnswerOnceAsync(server, callbackId, "second", cancellationToken));
            }
            else
            {
                await first;
            }
        }
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private async Task<IResult> TakeEffectAsync(HttpRequest request)
    {
        var body = await JsonNode.ParseAsync(request.Body);
        var receipt = Interlocked.Increment(ref _lastReceipt).ToString(CultureInfo.InvariantCulture);
        _ledger.NoteEffect(Text(body, "execution"), Text(body, "step"), receipt);
        return Results.Text(receipt);
    }

    // A submitter may run again after a crash: the id is the same, and so is the answer.
    private async Task<IResult> TakeCallbackAsync(HttpRequest request)
    {
        var callbackId = Text(await JsonNode.ParseAsync(request.Body), "callbackId");
        if (_seenCallbacks.TryAdd(callbackId, 0))
        {
            await _waiting.Writer.WriteAsync(callbackId);
        }

        return Results.Ok();
    }

    private async Task AnswerOnceAsync(
        CrashingServer server, string callbackId, string answer, CancellationToken cancellationToken)
    {
        var result = new JsonObject { ["callbackId"] = callbackId, ["answer"] = answer };
        var path = $"/2025-12-01/durable-execution-callbacks/{Uri.EscapeDataString(callbackId)}/succeed";
        var reply = await server.CallAsync(
            api => api.RestAsync(HttpMethod.Post, path, result.ToJsonString(), cancellationToken), cancellationToken);
        switch (reply)
        {
            case { Answer.IsSuccess: true }:
                _ledger.NoteAnswer(callbackId, result);
                break;
            case { Answer.ErrorCode: "CallbackTimeoutException" }:
                break; // The other answer was first, or an earlier try of this one: the audit compares the result.
            default:
                _ledger.Breach($"{callbackId}: the answer was refused: {reply.Answer.Body.ToJsonString()}");
                break;
        }
    }

    private static string Text(JsonNode? json, string name) => json?[name]?.GetValue<string>() ?? "";
}
