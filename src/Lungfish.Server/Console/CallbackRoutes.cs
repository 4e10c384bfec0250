using System.Text.Json;
using Lungfish.Engine.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lungfish.Server.Console;

/// <summary>Everything that waits for somebody's answer: tasks with a token, tasks of activities, and callbacks of
/// durable executions, oldest first.</summary>
internal sealed class CallbackRoutes(
    IStateMachines machines, IExecutions executions, IDurableExecutions durable)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapJson("/api/callbacks", ListAsync);

    private async Task ListAsync(HttpContext context, Utf8JsonWriter writer)
    {
        var count = context.QueryNumber("limit", fallback: 100, min: 1, max: 1000);
        var machine = context.QueryMachine();
        var tasks = context.Query("function") is null
            ? await executions.ListCallbacksAsync(
                machine, context.Query("execution"), count, context.RequestAborted)
            : [];
        if (tasks.Count == 0 && machine is not null)
        {
            _ = await machines.DescribeAsync(machine, context.RequestAborted); // That there is none is said.
        }

        var callbacks = machine is null
            ? await ListDurableAsync(context, count)
            : [];
        var all = tasks
            .Select(task => (task.Since, Write: (Action)(() => task.WriteTo(writer))))
            .Concat(callbacks.Select(callback => (callback.Since, Write: (Action)(() => callback.WriteTo(writer)))))
            .OrderBy(waiting => waiting.Since)
            .Take(count);
        writer.WriteStartArray("callbacks"u8);
        foreach (var (_, write) in all)
        {
            writer.WriteStartObject();
            write();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>The parameter <c>execution</c> is a name, as of state machines, or the ARN of a durable
    /// execution.</summary>
    private async Task<IReadOnlyList<PendingDurableCallback>> ListDurableAsync(HttpContext context, int count)
    {
        var execution = context.Query("execution");
        var isArn = execution?.StartsWith("arn:", StringComparison.Ordinal) ?? false;
        var found = await durable.ListCallbacksAsync(
            context.Query("function"), isArn ? execution : null, count, context.RequestAborted);
        return execution is null || isArn
            ? found
            : [.. found.Where(c => Functions.Durable.DurableExecutionArn.Parse(c.ExecutionArn).Name == execution)];
    }
}
