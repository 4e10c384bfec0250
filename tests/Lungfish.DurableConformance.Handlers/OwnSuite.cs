using System.Text.Json;
using Lungfish.DurableFunctions;

namespace Lungfish.DurableConformance.Handlers;

/// <summary>Requirements of our own: 20-x.</summary>
internal static class OwnSuite
{
    private const int Steps = 150;
    private const int StepLength = 60_000;
    private const int Waits = 40;
    private const int LargeLength = 6_291_430;

    public static Workflows Workflows { get; } = new()
    {
        { "20-1", async (JsonElement _, IDurableContext context) =>
        {
            var done = new List<string>();
            try
            {
                done.Add(await context.ReturnAsync("reserve", "reserve"));
                done.Add(await context.ReturnAsync("charge", "charge"));
                await context.StepAsync<string>(
                    (_, _) => throw new InvalidOperationException("boom"), "ship", WorkflowSteps.NoRetry);
            }
            catch (StepException)
            {
                done.Add(await context.ReturnAsync("refund", "refund"));
                done.Add(await context.ReturnAsync("release", "release"));
            }

            return done;
        } },
        { "20-2", (JsonElement _, IDurableContext context) => ParallelAsync(
            context,
            async (branch, _) =>
            {
                await branch.SecondsAsync(1);
                return "waited";
            },
            (branch, _) => branch.StepAsync(async (_, cancellationToken) =>
            {
                await Task.Delay(TimeSpan.FromSeconds(3), cancellationToken);
                return "worked";
            })) },
        { "20-3", async (JsonElement _, IDurableContext context) =>
        {
            var seen = 0;
            for (var i = 0; i < Steps; i++)
            {
                seen += (await context.ReturnAsync(new string('z', StepLength))).Length;
            }

            await context.SecondsAsync(1);
            return seen;
        } },
        { "20-4", async (Texts input, IDurableContext context) =>
        {
            var text = await context.ReturnAsync(input.Text);
            await context.SecondsAsync(1);
            return new Texts(text, await context.ReturnAsync(input.Empty));
        } },
        { "20-5", (JsonElement _, IDurableContext context) => context.InvokeAsync<string?, string>(
            Environment.GetEnvironmentVariable("NAPPING_FUNCTION") ?? "", payload: null, "napping") },
        { "20-6", async (JsonElement _, IDurableContext context) => (await ParallelAsync(
            context,
            [.. Enumerable.Repeat<Func<IDurableContext, CancellationToken, Task<string>>>(
                async (branch, _) =>
                {
                    await branch.SecondsAsync(2);
                    return "waited";
                },
                Waits)])).Count },
        { "20-7", async (JsonElement _, IDurableContext context) =>
        {
            await context.SecondsAsync(60);
            return "too late";
        } },
        { "20-8", (JsonElement _, IDurableContext context) => context.StepAsync(async (_, cancellationToken) =>
        {
            if (WorkflowSteps.TimesBefore(context) == 0)
            {
                await Task.Delay(TimeSpan.FromMinutes(1), cancellationToken);
            }

            return "in time";
        }) },
        { "20-10", (JsonElement _, IDurableContext context) =>
            ParallelAsync(context, FailOnce("soon", 1), FailOnce("late", 3)) },
        { "20-11", (JsonElement input, IDurableContext _) => Task.FromResult(input) },
        { "20-12", (JsonElement _, IDurableContext _) => Task.FromException<string>(new FormatException("boom")) },
        { "20-13", async (JsonElement _, IDurableContext context) =>
        {
            try
            {
                return await (await context.CreateCallbackAsync<string>("whoever")).GetResultAsync();
            }
            catch (CallbackFailedException)
            {
                return "caught";
            }
        } },
        { "20-14", async (JsonElement _, IDurableContext context) =>
        {
            for (var i = 0; i < 5; i++)
            {
                await context.SecondsAsync(1);
            }

            return "rested";
        } },
        { "20-15", (JsonElement _, IDurableContext _) => Task.FromResult(new string('z', LargeLength)) },
    };

    /// <summary>The target of a chained invoke.</summary>
    public static async Task<string> NapAsync(JsonElement input, IDurableContext context)
    {
        await context.SecondsAsync(1);
        return "rested";
    }

    private static async Task<IReadOnlyList<string>> ParallelAsync(
        IDurableContext context, params Func<IDurableContext, CancellationToken, Task<string>>[] branches) =>
        (await context.ParallelAsync(branches)).GetResults();

    /// <summary>A step that fails at first and is retried after so many seconds.</summary>
    private static Func<IDurableContext, CancellationToken, Task<string>> FailOnce(string value, int seconds) =>
        (branch, cancellationToken) => branch.StepAsync(
            (step, _) => step.AttemptNumber == 1
                ? throw new InvalidOperationException("not yet")
                : Task.FromResult(value),
            config: new StepConfig
            {
                RetryStrategy = RetryStrategy.FromDelegate(
                    (_, _) => RetryDecision.RetryAfter(TimeSpan.FromSeconds(seconds))),
            },
            cancellationToken: cancellationToken);

    private sealed record Texts(string Text, string Empty);
}
