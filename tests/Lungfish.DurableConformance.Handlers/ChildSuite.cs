using System.Text.Json;
using Lungfish.DurableFunctions;
using Microsoft.Extensions.Logging;

namespace Lungfish.DurableConformance.Handlers;

/// <summary>Child contexts: 3-x.</summary>
internal static partial class ChildSuite
{
    // Just above what a checkpoint keeps of a context's result.
    private const int LargeLength = 300 * 1024;

    private static readonly ICheckpointSerializer s_upperCase =
        CheckpointSerializer.FromDelegates<string>(value => value.ToUpperInvariant(), text => text);

    public static Workflows Workflows { get; } = new()
    {
        { "3-1", (string input, IDurableContext context) =>
            context.RunInChildContextAsync((child, _) => child.ReturnAsync(input)) },
        { "3-2", (Named input, IDurableContext context) =>
            context.RunInChildContextAsync((child, _) => child.ReturnAsync(input.Value), input.Name) },
        { "3-3", (string input, IDurableContext context) => context.RunInChildContextAsync(
            async (child, _) => await child.ReturnAsync(await child.ReturnAsync(input)), "two-steps") },
        { "3-4", (JsonElement _, IDurableContext context) => context.RunInChildContextAsync(
            (child, _) => child.FailAsync(WorkflowSteps.NoRetry), "failing") },
        { "3-5", async (string input, IDurableContext context) =>
        {
            try
            {
                await context.RunInChildContextAsync((child, _) => child.FailAsync(WorkflowSteps.NoRetry));
            }
            catch (ChildContextException)
            {
                // The recovery step follows.
            }

            return await context.ReturnAsync(input);
        } },
        { "3-6", (string input, IDurableContext context) => context.RunInChildContextAsync(
            async (outer, _) =>
            {
                await outer.ReturnAsync(input);
                return await outer.RunInChildContextAsync((inner, _) => inner.ReturnAsync(input), "inner");
            },
            "outer") },
        { "3-7", (string input, IDurableContext context) => context.RunInChildContextAsync(
            (child, _) => child.FailFirstAsync(1, input, WorkflowSteps.Attempts(2)), "retrying") },
        { "3-8", (JsonElement _, IDurableContext context) => context.RunInChildContextAsync(
            (child, _) => child.FailAsync(WorkflowSteps.Attempts(2)), "exhausted") },
        { "3-9", async (string input, IDurableContext context) =>
        {
            var value = await context.RunInChildContextAsync((child, _) => child.ReturnAsync(input));
            await context.SecondsAsync(1);
            return value;
        } },
        { "3-10", (string input, IDurableContext context) => context.RunInChildContextAsync(
            (child, _) => StepThenWaitAsync(child, input), "mixed") },
        { "3-11", async (string input, IDurableContext context) =>
        {
            var large = await context.RunInChildContextAsync(
                async (child, _) =>
                {
                    LogAlways(child, input);
                    return await child.ReturnAsync(input) + new string('x', LargeLength);
                },
                "large");
            await context.SecondsAsync(1);
            return large.Length;
        } },
        { "3-12", (string input, IDurableContext context) => context.RunInChildContextAsync(
            (child, _) => child.StepAsync(async (_, cancellationToken) =>
            {
                if (WorkflowSteps.TimesBefore(context) == 0)
                {
                    // A step that runs at least once does not wait until its start is stored.
                    await Task.Delay(TimeSpan.FromSeconds(0.5), cancellationToken);
                    Environment.Exit(1);
                }

                return input;
            })) },
        { "3-13", async (string input, IDurableContext context) =>
        {
            var value = await context.RunInChildContextAsync(
                async (child, _) =>
                {
                    await child.SecondsAsync(1);
                    return input;
                },
                "waiting");
            return await context.ReturnAsync(value);
        } },
        { "3-14", (string input, IDurableContext context) => context.RunInChildContextAsync(
            (child, _) => child.ReturnAsync(input), "upper", new ChildContextConfig { Serializer = s_upperCase }) },
        { "3-15", (JsonElement _, IDurableContext context) => context.RunInChildContextAsync<string>(
            (_, _) => throw new InvalidOperationException("boom"), "thrower") },
        { "3-16", (JsonElement _, IDurableContext context) =>
            context.RunInChildContextAsync((_, _) => Task.FromResult<string?>(null), "nothing") },
        { "3-17", async (string input, IDurableContext context) =>
        {
            var value = await context.RunInChildContextAsync(
                (child, _) =>
                {
                    LogAlways(child, input);
                    return Task.FromResult(input);
                },
                "logging");
            await context.SecondsAsync(1);
            return value;
        } },
        { "3-18", async (string input, IDurableContext context) =>
        {
            var inner = await context.RunInChildContextAsync((child, _) => StepThenWaitAsync(child, input), "inside");
            return await StepThenWaitAsync(context, inner);
        } },
    };

    private static async Task<string> StepThenWaitAsync(IDurableContext context, string input)
    {
        var value = await context.ReturnAsync(input);
        await context.SecondsAsync(1);
        return value;
    }

    /// <summary>Also on replay, so that a body that runs again is seen.</summary>
    private static void LogAlways(IDurableContext context, string input)
    {
        context.ConfigureLogger(new LoggerConfig { ModeAware = false });
        LogInput(context.Logger, input);
    }

    [LoggerMessage(1, LogLevel.Information, "{Input}")]
    private static partial void LogInput(ILogger logger, string input);

    private sealed record Named(string Name, string Value);
}
