using System.Text.Json;
using Lungfish.DurableFunctions;
using Microsoft.Extensions.Logging;

namespace Lungfish.DurableConformance.Handlers;

/// <summary>Steps and waits: 1-x, 2-x.</summary>
internal static partial class StepSuite
{
    private static readonly ICheckpointSerializer s_upperCase =
        CheckpointSerializer.FromDelegates<string>(value => value.ToUpperInvariant(), text => text);

    public static Workflows Workflows { get; } = new()
    {
        { "1-1", (string input, IDurableContext context) => context.ReturnAsync($"Hello, {input}!") },
        { "1-2", (string input, IDurableContext context) =>
            context.ReturnAsync($"Hello, {input}!", "custom_step_name") },
        { "1-3", async (JsonElement _, IDurableContext context) =>
        {
            var first = await context.ReturnAsync("first");
            return await context.ReturnAsync($"{first}_second");
        } },
        { "1-4", (User user, IDurableContext context) =>
            context.ReturnAsync(new Tagged(user, user.Tags.Length)) },
        { "1-5", (JsonElement _, IDurableContext context) => context.ReturnAsync<string?>(null) },
        { "1-6", (string input, IDurableContext context) => context.StepAsync(
            (_, _) => Task.FromResult(input), config: new StepConfig { Serializer = s_upperCase }) },
        { "1-7", (string input, IDurableContext context) => context.StepAsync((step, _) =>
        {
            LogStarted(step.Logger, input);
            var greeting = $"Hello, {input}!";
            LogCompleted(step.Logger, greeting);
            return Task.FromResult(greeting);
        }) },
        { "1-8", async (JsonElement _, IDurableContext context) =>
        {
            var value = await context.ReturnAsync("computed");
            await context.SecondsAsync(2);
            return value;
        } },
        { "1-9", async (JsonElement _, IDurableContext context) =>
        {
            var value = await context.ReturnAsync("cached_value");
            await context.SecondsAsync(1);
            return value;
        } },
        { "1-10", async (JsonElement _, IDurableContext context) =>
        {
            var caught = "nothing";
            try
            {
                await context.FailAsync(WorkflowSteps.NoRetry);
            }
            catch (StepException e)
            {
                caught = e.Message;
            }

            await context.SecondsAsync(1);
            return caught;
        } },
        { "1-11", (JsonElement _, IDurableContext context) =>
            context.FailFirstAsync(1, "Operation succeeded", WorkflowSteps.Attempts(2)) },
        { "1-12", (JsonElement _, IDurableContext context) => context.FailAsync(WorkflowSteps.Attempts(4)) },
        { "1-13", (JsonElement _, IDurableContext context) => context.FailFirstAsync(2, "done") },
        { "1-14", (JsonElement _, IDurableContext context) => context.FailFirstAsync(2, "done", new StepConfig
        {
            RetryStrategy = RetryStrategy.Exponential(
                maxAttempts: 5,
                initialDelay: TimeSpan.FromSeconds(2),
                backoffRate: 3,
                jitter: JitterStrategy.None),
        }) },
        { "1-15", (JsonElement _, IDurableContext context) => context.StepAsync(
            (_, _) => WorkflowSteps.TimesBefore(context) == 0 ? throw new TransientError() : Task.FromResult("done"),
            config: new StepConfig
            {
                RetryStrategy = RetryStrategy.Exponential(
                    initialDelay: TimeSpan.FromSeconds(1),
                    jitter: JitterStrategy.None,
                    retryableExceptions: [typeof(TransientError)]),
            }) },
        { "1-16", (JsonElement _, IDurableContext context) => context.StepAsync<string>(
            (_, _) => throw new TransientError(),
            config: new StepConfig
            {
                RetryStrategy = RetryStrategy.FromDelegate((exception, _) => exception is TransientError
                    ? RetryDecision.DoNotRetry()
                    : RetryDecision.RetryAfter(TimeSpan.FromSeconds(1))),
            }) },
        { "1-17", (string input, IDurableContext context) => context.StepAsync<string>(
            (step, _) =>
            {
                LogInput(step.Logger, input);
                Environment.Exit(1);
                throw new InvalidOperationException("unreachable");
            },
            "at_most_once_flaky_step",
            new StepConfig
            {
                Semantics = StepSemantics.AtMostOncePerRetry,
                RetryStrategy = RetryStrategy.None,
            }) },
        { "1-18", (string input, IDurableContext context) => context.StepAsync(
            (step, _) =>
            {
                LogInput(step.Logger, input);
                if (WorkflowSteps.TimesBefore(context) == 0)
                {
                    Environment.Exit(1);
                }

                return Task.FromResult("succeeded on second attempt");
            },
            config: new StepConfig
            {
                Semantics = StepSemantics.AtMostOncePerRetry,
                RetryStrategy = WorkflowSteps.Attempts(3).RetryStrategy,
            }) },
        { "1-19", (JsonElement _, IDurableContext context) => context.FailAsync(WorkflowSteps.NoRetry) },
        { "1-20", async (JsonElement _, IDurableContext context) =>
        {
            try
            {
                return await context.FailAsync(WorkflowSteps.NoRetry);
            }
            catch (StepException)
            {
                return await context.ReturnAsync("fallback_result");
            }
        } },

        { "2-1", (JsonElement _, IDurableContext context) => WaitAsync(context, TimeSpan.FromSeconds(2)) },
        { "2-2", (JsonElement _, IDurableContext context) =>
            WaitAsync(context, TimeSpan.FromSeconds(2), "custom_wait_name") },
        { "2-3", async (JsonElement _, IDurableContext context) =>
        {
            await context.SecondsAsync(2, "wait-1");
            await context.SecondsAsync(2, "wait-2");
            return new { CompletedWaits = 2 };
        } },
        { "2-4", (JsonElement _, IDurableContext context) => WaitAsync(context, TimeSpan.FromMinutes(1)) },
        { "2-5", (JsonElement _, IDurableContext context) => WaitAsync(context, TimeSpan.FromHours(1)) },
    };

    private static async Task<string> WaitAsync(IDurableContext context, TimeSpan duration, string? name = null)
    {
        await context.WaitAsync(duration, name);
        return "done";
    }

    [LoggerMessage(1, LogLevel.Information, "Greeting step started for: {Input}")]
    private static partial void LogStarted(ILogger logger, string input);

    [LoggerMessage(2, LogLevel.Information, "Greeting step completed with: {Greeting}")]
    private static partial void LogCompleted(ILogger logger, string greeting);

    [LoggerMessage(3, LogLevel.Information, "{Input}")]
    private static partial void LogInput(ILogger logger, string input);

    private sealed record User(string Name, string[] Tags);

    private sealed record Tagged(User User, int Count);
}
