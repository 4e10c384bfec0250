using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lungfish.Bench.Hosting;

/// <summary>A durable execution service that keeps nothing: it agrees to each checkpoint at once.</summary>
internal static class AtOnce
{
    public const string Path = "/bench/at-once";

    public static void Map(IEndpointRouteBuilder routes) => _ = routes.MapPost(Path + "/{**call}", AnswerAsync);

    private static async Task AnswerAsync(HttpContext context)
    {
        using var request = await JsonDocument.ParseAsync(context.Request.Body);
        var operations = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var update in request.RootElement.GetProperty("Updates").EnumerateArray())
        {
            operations[Text(update, "Id") ?? ""] = After(update);
        }

        var answer = JsonSerializer.SerializeToUtf8Bytes(new
        {
            CheckpointToken = Text(request.RootElement, "CheckpointToken"),
            NewExecutionState = new { Operations = operations.Values },
        });
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.BodyWriter.WriteAsync(answer);
    }

    private static object After(JsonElement update)
    {
        var isStart = Text(update, "Action") == "START";
        return new
        {
            Id = Text(update, "Id"),
            Name = Text(update, "Name"),
            Type = Text(update, "Type"),
            SubType = Text(update, "SubType"),
            Status = isStart ? "STARTED" : "SUCCEEDED",
            StartTimestamp = 1_700_000_000.125,
            EndTimestamp = isStart ? (double?)null : 1_700_000_000.25,
            StepDetails = new { Attempt = isStart ? 0 : 1, Result = Text(update, "Payload") },
        };
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
