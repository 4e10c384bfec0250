using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using Lungfish.Json;

namespace Lungfish.Cli.Client;

/// <summary>Durable executions: the Lambda API for what it has, the server's own under <c>/api</c> for the
/// rest.</summary>
internal sealed class DurableClient(ServerConnection connection)
{
    private const string Console = "/api/durable-executions";
    private const string Api = "/2025-12-01/durable-executions";
    private const string Callbacks = "/2025-12-01/durable-execution-callbacks";

    /// <summary>Newest first.</summary>
    /// <param name="functionArn">Unqualified; null: of all functions.</param>
    /// <param name="version">Null: of all versions.</param>
    public async Task<IReadOnlyList<DurableExecution>> ListAsync(
        string? functionArn, string? version, string? status, int countMax, CancellationToken cancellationToken)
    {
        var query = new QueryText(Console)
            .Add("function", functionArn).Add("version", version).Add("status", status).Add("limit", $"{countMax}");
        var found = await connection.GetAsync(query.ToString(), cancellationToken);
        return [.. found.Objects("DurableExecutions").Select(e => new DurableExecution(e))];
    }

    public async Task<DurableExecution> DescribeAsync(string arn, CancellationToken cancellationToken) =>
        new(await connection.GetAsync($"{Console}/{Uri.EscapeDataString(arn)}", cancellationToken));

    /// <summary>In the order of creation, the execution's own first.</summary>
    public async Task<IReadOnlyList<DurableOperation>> ListOperationsAsync(
        string arn, CancellationToken cancellationToken)
    {
        var found = await connection.GetAsync(
            $"{Console}/{Uri.EscapeDataString(arn)}/operations", cancellationToken);
        return [.. found.Objects("Operations").Select(o => new DurableOperation(o))];
    }

    /// <summary>The history so far and, when following, what is added until the execution closes.</summary>
    public async IAsyncEnumerable<DurableEvent> ReadHistoryAsync(
        string arn, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = $"{Console}/{Uri.EscapeDataString(arn)}/events?follow={(follow ? "true" : "false")}";
        await foreach (var line in connection.ReadLinesAsync(path, cancellationToken))
        {
            yield return new DurableEvent(line);
        }
    }

    /// <summary>How the latest invocation ended; null: none of the latest events tells.</summary>
    public async Task<DurableEvent?> FindLastInvocationAsync(string arn, CancellationToken cancellationToken)
    {
        var page = await connection.GetAsync(
            $"{Api}/{Uri.EscapeDataString(arn)}/history?ReverseOrder=true&MaxItems=100&IncludeExecutionData=true",
            cancellationToken);
        return page.Objects("Events").Select(e => new DurableEvent(e)).FirstOrDefault(e => e.IsInvocationEnd);
    }

    public Task StopAsync(string arn, string? error, string? cause, CancellationToken cancellationToken) =>
        connection.SendJsonAsync(
            HttpMethod.Post, $"{Api}/{Uri.EscapeDataString(arn)}/stop", ErrorOf(error, cause), cancellationToken);

    public Task RedriveAsync(string arn, CancellationToken cancellationToken) =>
        connection.SendJsonAsync(
            HttpMethod.Post, $"{Api}/{Uri.EscapeDataString(arn)}/redrive", JsonObject.Empty, cancellationToken);

    /// <param name="payload">Sent as it is.</param>
    public async Task SucceedAsync(string callbackId, string payload, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"{Callbacks}/{Uri.EscapeDataString(callbackId)}/succeed")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(payload)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await connection.SendAsync(request, cancellationToken);
    }

    public Task FailAsync(string callbackId, string? error, string? cause, CancellationToken cancellationToken) =>
        connection.SendJsonAsync(
            HttpMethod.Post,
            $"{Callbacks}/{Uri.EscapeDataString(callbackId)}/fail",
            ErrorOf(error, cause),
            cancellationToken);

    public Task HeartbeatAsync(string callbackId, CancellationToken cancellationToken) =>
        connection.SendJsonAsync(
            HttpMethod.Post,
            $"{Callbacks}/{Uri.EscapeDataString(callbackId)}/heartbeat",
            JsonObject.Empty,
            cancellationToken);

    private static JsonObject ErrorOf(string? type, string? message)
    {
        var error = JsonObject.Empty;
        error = type is null ? error : error.With("ErrorType", type);
        return message is null ? error : error.With("ErrorMessage", message);
    }
}
