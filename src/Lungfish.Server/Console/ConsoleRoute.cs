using System.Text.Json;
using Lungfish.Engine;
using Lungfish.Server.Protocol;
using Lungfish.Server.StepFunctions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lungfish.Server.Console;

/// <summary>How <c>/api</c> answers: JSON in the shapes of the AWS API, refusals as code and message.</summary>
internal static class ConsoleRoute
{
    private const string Json = "application/json";

    /// <param name="handle">Writes the members of the answer's object.</param>
    public static void MapJson(
        this IEndpointRouteBuilder routes, string pattern, Func<HttpContext, Utf8JsonWriter, Task> handle) =>
        routes.MapGet(pattern, async context =>
        {
            var answer = AnswerBuffer.Rent();
            try
            {
                answer.Writer.WriteStartObject();
                await handle(context, answer.Writer);
                answer.Writer.WriteEndObject();
            }
            catch (ApiException refusal)
            {
                answer.Clear();
                Refuse(context, answer.Writer, refusal);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                return;
            }

            context.Response.ContentType = Json;
            await answer.SendAsync(context.Response);
            answer.Return();
        });

    /// <param name="stream">Sends one JSON object a line for as long as it likes.</param>
    public static void MapLines(
        this IEndpointRouteBuilder routes, string pattern, Func<HttpContext, JsonLines, CancellationToken, Task> stream,
        CancellationToken stopping) =>
        routes.MapGet(pattern, async context =>
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            var lines = new JsonLines(context.Response);
            try
            {
                await stream(context, lines, either.Token);
                await lines.BeginAsync(either.Token); // Nothing came: an empty answer is an answer too.
            }
            catch (ApiException refusal) when (!context.Response.HasStarted)
            {
                context.Response.ContentType = Json;
                var answer = AnswerBuffer.Rent();
                Refuse(context, answer.Writer, refusal);
                await answer.SendAsync(context.Response);
                answer.Return();
            }
            catch (OperationCanceledException) when (either.IsCancellationRequested)
            {
                // The reader went away, or the server stops: the stream ends here.
            }
        });

    public static string Route(this HttpContext context, string name) =>
        Uri.UnescapeDataString(context.GetRouteValue(name) as string ?? "");

    public static string? Query(this HttpContext context, string name) =>
        context.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    /// <summary>The ARN in the parameter <c>machine</c>; null: all machines are meant.</summary>
    /// <exception cref="ApiException">InvalidArn.</exception>
    public static string? QueryMachine(this HttpContext context) =>
        context.Query("machine") is { } text ? StateMachineArn.Parse(text).Value : null;

    /// <exception cref="ApiException">ValidationException: no such number.</exception>
    public static int QueryNumber(this HttpContext context, string name, int fallback, int min, int max)
    {
        if (context.Query(name) is not { } text)
        {
            return fallback;
        }

        return int.TryParse(text, out var number) && number >= min && number <= max
            ? number
            : throw ProtocolErrors.Validation($"'{name}' must be a whole number from {min} to {max}; it is '{text}'.");
    }

    private static void Refuse(HttpContext context, Utf8JsonWriter writer, ApiException refusal)
    {
        context.Response.StatusCode = refusal.Code.EndsWith("DoesNotExist", StringComparison.Ordinal)
            || refusal.Code is "ResourceNotFoundException" or "ResourceNotFound"
                ? StatusCodes.Status404NotFound
                : refusal.HttpStatus;
        writer.WriteStartObject();
        writer.WriteString("code"u8, refusal.Code);
        writer.WriteString("message"u8, refusal.Message);
        writer.WriteEndObject();
    }
}
