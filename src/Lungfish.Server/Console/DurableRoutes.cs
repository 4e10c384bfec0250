using System.Collections.Immutable;
using System.Text.Json;
using Lungfish.Durable;
using Lungfish.Engine.Api;
using Lungfish.Functions.Durable;
using Lungfish.Server.Lambda.Durable;
using Lungfish.Server.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lungfish.Server.Console;

/// <summary>What the console and the CLI ask of durable executions beside the Lambda API, in the shapes of that
/// API.</summary>
internal sealed class DurableRoutes(IDurableExecutions executions, CancellationToken stopping)
{
    private const string Root = "/api/durable-executions";
    private const int WaitSecondsMax = 3600;

    private static readonly ImmutableDictionary<string, DurableStatus> Statuses =
        Enum.GetValues<DurableStatus>().ToImmutableDictionary(WireNames.Of, StringComparer.Ordinal);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapJson(Root, ListAsync);
        routes.MapLines($"{Root}/watch", WatchAsync, stopping);
        routes.MapJson($"{Root}/{{arn}}", DescribeAsync);
        routes.MapJson($"{Root}/{{arn}}/operations", ListOperationsAsync);
        routes.MapJson($"{Root}/{{arn}}/wait", WaitAsync);
        routes.MapLines($"{Root}/{{arn}}/events", SendEventsAsync, stopping);
    }

    private async Task ListAsync(HttpContext context, Utf8JsonWriter writer)
    {
        var status = context.Query("status");
        var page = await executions.ListAsync(
            new DurableQuery
            {
                FunctionArn = context.Query("function"),
                Version = context.Query("version"),
                Name = context.Query("name"),
                Statuses = status is null ? [] : [ReadStatus(status)],
                Reverse = true,
                CountMax = context.QueryNumber("limit", fallback: 100, min: 1, max: 1000),
                Marker = context.Query("marker"),
            },
            context.RequestAborted);
        writer.WriteStartArray("DurableExecutions"u8);
        foreach (var execution in page.Items)
        {
            writer.WriteStartObject();
            DurableSummaryJson.WriteMembers(writer, execution);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteText("NextMarker"u8, page.NextToken);
    }

    private async Task DescribeAsync(HttpContext context, Utf8JsonWriter writer) =>
        DurableSummaryJson.WriteDescription(
            writer, await executions.DescribeAsync(context.Route("arn"), context.RequestAborted));

    private async Task WaitAsync(HttpContext context, Utf8JsonWriter writer)
    {
        var seconds = context.QueryNumber("timeout", fallback: 60, min: 0, max: WaitSecondsMax);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            DurableSummaryJson.WriteDescription(
                writer,
                await executions.WaitAsync(context.Route("arn"), TimeSpan.FromSeconds(seconds), either.Token));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw ProtocolErrors.Unavailable("The server is stopping.");
        }
    }

    /// <summary>In the order of creation; <c>ParentId</c> makes a tree of them.</summary>
    private async Task ListOperationsAsync(HttpContext context, Utf8JsonWriter writer)
    {
        var operations = await executions.ReadOperationsAsync(context.Route("arn"), context.RequestAborted);
        writer.WriteStartArray("Operations"u8);
        foreach (var operation in operations)
        {
            writer.WriteStartObject();
            writer.WriteNumber("Sequence"u8, operation.Sequence);
            writer.WritePropertyName("Operation"u8);
            OperationJson.Write(writer, operation, JsonTime.WriteTime);
            WriteMore(operation, writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>What the API's Operation does not tell.</summary>
    private static void WriteMore(Operation operation, Utf8JsonWriter writer)
    {
        if (operation.Target is { } target)
        {
            writer.WriteStartObject("Target"u8);
            writer.WriteString("FunctionName"u8, target.FunctionName);
            writer.WriteText("FunctionArn"u8, target.FunctionArn);
            writer.WriteText("ExecutedVersion"u8, target.ExecutedVersion);
            writer.WriteText("DurableExecutionArn"u8, target.DurableExecutionArn);
            writer.WriteText("Input"u8, target.Input);
            writer.WriteEndObject();
        }

        if (operation.Callback is { } callback)
        {
            writer.WriteStartObject("Timers"u8);
            if (callback.TimeoutAt is { } timeoutAt)
            {
                writer.WriteTime("TimeoutTimestamp"u8, timeoutAt);
            }

            if (callback.HeartbeatAt is { } heartbeatAt)
            {
                writer.WriteTime("HeartbeatTimestamp"u8, heartbeatAt);
            }

            writer.WriteEndObject();
        }
    }

    /// <summary>The history, a line an event; with <c>follow=true</c> until the execution has closed.</summary>
    private async Task SendEventsAsync(HttpContext context, JsonLines lines, CancellationToken cancellationToken)
    {
        var arn = context.Route("arn");
        var after = context.QueryNumber("after", fallback: 0, min: 0, max: int.MaxValue);
        var withData = context.Query("data") is not "false";
        var description = await executions.DescribeAsync(arn, cancellationToken); // Refused before the headers go out.
        await lines.BeginAsync(cancellationToken);
        if (context.Query("follow") is "true" && description.Summary.Status == DurableStatus.Running)
        {
            await FollowAsync(arn, after, withData, lines, cancellationToken);
            return;
        }

        string? marker = null;
        do
        {
            var page = await executions.ReadHistoryAsync(arn, 1000, reverse: false, marker, cancellationToken);
            foreach (var happened in page.Items.Where(happened => happened.EventId > after))
            {
                lines.Add(writer => HistoryEventJson.Write(writer, happened, withData));
            }

            await lines.FlushAsync(cancellationToken);
            marker = page.NextToken;
        }
        while (marker is not null);
    }

    private async Task FollowAsync(
        string arn, long after, bool withData, JsonLines lines, CancellationToken cancellationToken)
    {
        await using var events =
            executions.FollowHistoryAsync(arn, after, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            var next = events.MoveNextAsync();
            if (!next.IsCompleted)
            {
                await lines.FlushAsync(cancellationToken); // Caught up; a burst goes out in one piece.
            }

            if (!await next)
            {
                return;
            }

            lines.Add(writer => HistoryEventJson.Write(writer, events.Current, withData));
        }
    }

    /// <summary>A line for each execution that starts, is redriven or closes from now on.</summary>
    private async Task WatchAsync(HttpContext context, JsonLines lines, CancellationToken cancellationToken)
    {
        await using var changes = executions.WatchStatusAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);

        // Asked for the first one before the headers go out: who has the headers misses nothing that comes later.
        var next = changes.MoveNextAsync().AsTask();
        try
        {
            await lines.BeginAsync(cancellationToken);
            while (await next)
            {
                var execution = changes.Current;
                lines.Add(writer =>
                {
                    writer.WriteStartObject();
                    DurableSummaryJson.WriteMembers(writer, execution);
                    writer.WriteEndObject();
                });
                next = changes.MoveNextAsync().AsTask();
                if (!next.IsCompleted)
                {
                    await lines.FlushAsync(cancellationToken);
                }
            }
        }
        finally
        {
            await Task.WhenAny(next); // An enumerator must not be disposed while it moves.
        }
    }

    private static DurableStatus ReadStatus(string name) => Statuses.TryGetValue(name, out var status)
        ? status
        : throw ProtocolErrors.Validation(
            $"'{name}' is no status; use RUNNING, SUCCEEDED, FAILED, TIMED_OUT or STOPPED.");
}
