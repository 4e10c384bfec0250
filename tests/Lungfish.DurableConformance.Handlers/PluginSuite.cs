using System.Text.Json;
using Lungfish.DurableFunctions;
using Microsoft.Extensions.Logging;

namespace Lungfish.DurableConformance.Handlers;

/// <summary>Instrumentation plugins: 10-x.</summary>
internal static partial class PluginSuite
{
    public static Workflows Workflows { get; } = new()
    {
        { "10-1", (string input, IDurableContext context) => context.StepAsync((step, _) =>
        {
            LogRunning(step.Logger, input);
            return Task.FromResult($"Hello, {input}!");
        }) },
        { "10-2", (string input, IDurableContext context) => context.ReturnAsync($"Hello, {input}!") },
        { "10-3", (JsonElement _, IDurableContext context) =>
            context.FailFirstAsync(1, "Operation succeeded", WorkflowSteps.Attempts(2)) },
        { "10-4", (string input, IDurableContext context) => context.ReturnAsync($"Hello, {input}!") },
        { "10-5", (string input, IDurableContext context) => context.ReturnAsync($"Hello, {input}!") },
        { "10-6", (JsonElement _, IDurableContext context) => WaitAsync(context, "done") },
        { "10-7", (JsonElement _, IDurableContext context) => context.FailAsync(WorkflowSteps.NoRetry) },
        { "10-8", (string input, IDurableContext context) => context.ReturnAsync($"Hello, {input}!") },
        { "10-9", (JsonElement _, IDurableContext context) => WaitAsync(context, "done") },
        { "10-10", (JsonElement _, IDurableContext context) => WaitAsync(context, "done") },
        { "10-11", (string input, IDurableContext context) =>
            context.RunInChildContextAsync((child, _) => child.ReturnAsync($"Hello, {input}!")) },
        { "10-12", async (JsonElement _, IDurableContext context) =>
        {
            Func<IDurableContext, CancellationToken, Task<string>>[] branches =
                [(_, _) => Task.FromResult("task-1"), (_, _) => Task.FromResult("task-2")];
            return (await context.ParallelAsync(
                branches, "parallel", new ParallelConfig { MaxConcurrency = 1 })).GetResults();
        } },
        { "10-13", async (JsonElement _, IDurableContext context) =>
        {
            await context.ReturnAsync("a");
            return await context.FailFirstAsync(1, "Operation succeeded", WorkflowSteps.Attempts(2));
        } },
        { "10-14", async (JsonElement _, IDurableContext context) =>
        {
            await context.ReturnAsync("task-a");
            return await context.FailAsync(WorkflowSteps.NoRetry);
        } },
        { "10-15", (JsonElement _, IDurableContext context) => context.FailAsync(WorkflowSteps.Attempts(2)) },
        { "10-16", (JsonElement _, IDurableContext context) => WaitAsync(context, "done") },
        { "10-17", (string input, IDurableContext context) => context.ReturnAsync($"Hello, {input}!") },
        { "10-18", (JsonElement _, IDurableContext context) => ParallelAsync(
            context, "waits", 2, WaitingBranch("short", 2), WaitingBranch("long", 8)) },
        { "10-19", (string input, IDurableContext context) => WaitAsync(context, $"done-{input}") },
        { "10-20", (JsonElement _, IDurableContext context) => context.ReturnAsync("task-a", "greet") },
        { "10-21", (JsonElement _, IDurableContext context) =>
            context.FailFirstAsync(1, "ok", WorkflowSteps.Attempts(2), "flaky") },
        { "10-22", (JsonElement _, IDurableContext context) => context.ReturnAsync("task-a", "greet") },
        { "10-23", (JsonElement _, IDurableContext context) => ParallelAsync(
            context,
            "ctx",
            1,
            new("branch-a", async (branch, _) =>
            {
                await branch.ReturnAsync("x", "inner");
                await branch.SecondsAsync(2);
                return "a-done";
            }),
            new("branch-b", (_, _) => Task.FromResult("b-done"))) },
    };

    private static async Task<string> WaitAsync(IDurableContext context, string result)
    {
        await context.SecondsAsync(2);
        return result;
    }

    private static DurableBranch<string> WaitingBranch(string name, int seconds) => new(name, async (branch, _) =>
    {
        await branch.SecondsAsync(seconds, name);
        return $"{name}-done";
    });

    private static async Task<IReadOnlyList<string>> ParallelAsync(
        IDurableContext context, string name, int concurrency, params DurableBranch<string>[] branches) =>
        (await context.ParallelAsync(branches, name, new ParallelConfig { MaxConcurrency = concurrency })).GetResults();

    [LoggerMessage(1, LogLevel.Information, "Greeting step running for: {Input}")]
    private static partial void LogRunning(ILogger logger, string input);
}
