using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Engine.Storage;
using Lungfish.Server.Hosting;
using Lungfish.Server.Protocol;
using Lungfish.Server.StepFunctions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lungfish.Server.Console;

/// <summary>The routes of the console and the CLI, beside what the AWS APIs offer: see <c>docs/api.md</c>.</summary>
internal sealed class ConsoleApi(
    ServerFacts facts,
    IStateMachines machines,
    IExecutions executions,
    ExecutionSearch search,
    Resolver resolver,
    CancellationToken stopping)
{
    private const int WaitSecondsMax = 3600;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", GreetAsync);
        routes.MapJson("/api/info", WriteInfoAsync);
        routes.MapJson("/api/resolve", ResolveAsync);
        routes.MapJson("/api/executions", ListExecutionsAsync);
        routes.MapLines("/api/executions/watch", WatchAsync, stopping);
        routes.MapJson("/api/executions/{arn}", DescribeAsync);
        routes.MapJson("/api/executions/{arn}/wait", WaitAsync);
        routes.MapLines("/api/executions/{arn}/events", new HistoryStream(executions).SendAsync, stopping);
    }

    private Task GreetAsync(HttpContext context)
    {
        context.Response.ContentType = RequestPipeline.PlainText;
        return context.Response.WriteAsync(
            $"""
            Lungfish {ServerFacts.Version}

            AWS_ENDPOINT_URL={facts.Url.GetLeftPart(UriPartial.Authority)} aims the aws command and the AWS SDKs here.

            """,
            context.RequestAborted);
    }

    private Task WriteInfoAsync(HttpContext context, Utf8JsonWriter writer)
    {
        writer.WriteString("version"u8, ServerFacts.Version);
        writer.WriteString("url"u8, facts.Url.GetLeftPart(UriPartial.Authority));
        writer.WriteString("dataDirectory"u8, facts.DataDirectory);
        writer.WriteString("accountId"u8, facts.Account.AccountId);
        writer.WriteString("region"u8, facts.Account.Region);
        writer.WriteString("storage"u8, "sqlite"u8);
        writer.WriteTime("startDate"u8, facts.StartedAt);
        if (facts.Trouble is { } trouble)
        {
            writer.WriteString("trouble"u8, trouble);
        }

        writer.WriteStartArray("setAside"u8);
        foreach (var execution in facts.SetAside())
        {
            writer.WriteStartObject();
            writer.WriteString("executionArn"u8, execution.ExecutionArn);
            writer.WriteString("reason"u8, execution.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("memory"u8);
        writer.WriteNumber("processBytes"u8, Environment.WorkingSet);
        writer.WriteNumber("heapBytes"u8, GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes);
        writer.WriteEndObject();
        return Task.CompletedTask;
    }

    private async Task ResolveAsync(HttpContext context, Utf8JsonWriter writer)
    {
        var text = context.Query("text") ?? throw ProtocolErrors.Validation("'text' is missing.");
        var found = await resolver.ResolveAsync(text, context.Query("kind"), context.RequestAborted);
        writer.WriteStartArray("matches"u8);
        foreach (var match in found)
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, match.Kind);
            writer.WriteString("id"u8, match.Id);
            writer.WriteString("name"u8, match.Name);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private async Task ListExecutionsAsync(HttpContext context, Utf8JsonWriter writer)
    {
        var query = new ExecutionQuery
        {
            StateMachineArn = context.QueryMachine(),
            NamePrefix = context.Query("prefix"),
            Status = ReadStatus(context.Query("status")),
            CountMax = context.QueryNumber("limit", fallback: 100, min: 1, max: 1000),
        };
        var found = await search.FindAsync(query, context.RequestAborted);
        if (found.Count == 0 && query.StateMachineArn is { } machine)
        {
            // Executions are kept when their machine is deleted: only where there are none it is asked for.
            _ = await machines.DescribeAsync(machine, context.RequestAborted);
        }

        writer.WriteStartArray("executions"u8);
        foreach (var execution in found)
        {
            writer.WriteStartObject();
            execution.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private async Task DescribeAsync(HttpContext context, Utf8JsonWriter writer)
    {
        var arn = ExecutionArn.Parse(context.Route("arn"));
        WriteExecution(await executions.DescribeAsync(arn.Value, context.RequestAborted), writer);
    }

    private async Task WaitAsync(HttpContext context, Utf8JsonWriter writer)
    {
        var arn = ExecutionArn.Parse(context.Route("arn"));
        var seconds = context.QueryNumber("timeout", fallback: 60, min: 0, max: WaitSecondsMax);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        ExecutionDescription execution;
        try
        {
            execution = await executions.WaitAsync(arn.Value, TimeSpan.FromSeconds(seconds), either.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw ProtocolErrors.Unavailable("The server is stopping.");
        }

        WriteExecution(execution, writer);
    }

    private async Task WatchAsync(HttpContext context, JsonLines lines, CancellationToken cancellationToken)
    {
        var machine = context.QueryMachine();
        if (machine is not null)
        {
            _ = await machines.DescribeAsync(machine, cancellationToken); // Refused before the headers go out.
        }

        await using var closed = executions.WatchClosedAsync(machine, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);

        // Asked for the first one before the headers go out: who has the headers misses nothing that closes later.
        var next = closed.MoveNextAsync().AsTask();
        try
        {
            await lines.BeginAsync(cancellationToken);
            while (await next)
            {
                var execution = closed.Current;
                lines.Add(writer =>
                {
                    writer.WriteStartObject();
                    execution.WriteTo(writer);
                    writer.WriteEndObject();
                });
                next = closed.MoveNextAsync().AsTask();
                if (!next.IsCompleted)
                {
                    await lines.FlushAsync(cancellationToken); // Caught up; a burst goes out in one piece.
                }
            }
        }
        finally
        {
            await Task.WhenAny(next); // An enumerator must not be disposed while it moves.
        }
    }

    private static void WriteExecution(ExecutionDescription execution, Utf8JsonWriter writer) =>
        new DescribeExecutionOutput(execution, new IncludedData(WithPayloads: true)).WriteTo(writer);

    private static States.Deciding.ExecutionStatus? ReadStatus(string? name)
    {
        if (name is null)
        {
            return null;
        }

        return ExecutionMembers.StatusOf(name)
            ?? throw ProtocolErrors.Validation(
                $"'{name}' is no status; use RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED.");
    }
}
