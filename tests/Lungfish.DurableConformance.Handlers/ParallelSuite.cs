using System.Text.Json;
using Lungfish.DurableFunctions;

namespace Lungfish.DurableConformance.Handlers;

/// <summary>Parallel branches: 8-x.</summary>
internal static class ParallelSuite
{
    private static readonly ICheckpointSerializer s_wrapped = CheckpointSerializer.FromDelegates<string>(
        value => JsonSerializer.Serialize(new Wrapper(value)),
        text => JsonSerializer.Deserialize<Wrapper>(text)?.wrapped ?? throw new JsonException("No wrapper."));

    public static Workflows Workflows { get; } = new()
    {
        { "8-1", (JsonElement _, IDurableContext context) => ResultsAsync(
            context, "parallel", OneAtATime(), Step("task-1"), Step("task-2")) },
        { "8-2", (JsonElement _, IDurableContext context) => ResultsAsync(
            context, name: null, OneAtATime(), Value("alpha"), Value("beta")) },
        { "8-3", async (JsonElement _, IDurableContext context) =>
        {
            DurableBranch<string>[] branches = [new("first", Value("one")), new("second", Value("two"))];
            return (await context.ParallelAsync(branches, "named", OneAtATime())).GetResults();
        } },
        { "8-4", async (JsonElement _, IDurableContext context) =>
        {
            Func<IDurableContext, CancellationToken, Task<object>>[] branches =
            [
                (_, _) => Task.FromResult<object>("hello"),
                (_, _) => Task.FromResult<object>(42),
                (_, _) => Task.FromResult<object>(new { k = "v" }),
            ];
            return (await context.ParallelAsync(branches, "hetero", OneAtATime())).GetResults();
        } },
        { "8-5", (JsonElement _, IDurableContext context) => ResultsAsync(context, "empty", OneAtATime()) },
        { "8-6", async (JsonElement _, IDurableContext context) => Batches.OutcomeOf(
            await RunAsync(context, CompletionConfig.AllSuccessful(), Value("ok"), Boom, Value("never"))) },
        { "8-7", async (JsonElement _, IDurableContext context) =>
        {
            var batch = await RunAsync(context, CompletionConfig.AllSuccessful(), Boom, Value("never"));
            batch.ThrowIfError();
            return batch.GetResults();
        } },
        { "8-8", async (JsonElement _, IDurableContext context) => Batches.SuccessesOf(await RunAsync(
            context, new CompletionConfig { MinSuccessful = 2 }, Value("a"), Value("b"), Value("c"), Value("d"))) },
        { "8-9", async (JsonElement _, IDurableContext context) => Batches.OutcomeOf(
            await RunAsync(context, Tolerate(1), Value("a"), Boom, Value("c"))) },
        { "8-10", async (JsonElement _, IDurableContext context) => Batches.CountsOf(
            await RunAsync(context, Tolerate(1), Boom, Boom, Value("never"))) },
        { "8-11", (JsonElement _, IDurableContext context) => ResultsAsync(
            context, "concurrent", new ParallelConfig { MaxConcurrency = 2 }, Value("r0"), Value("r1"), Value("r2")) },
        { "8-12", (JsonElement _, IDurableContext context) => ResultsAsync(
            context,
            "flat",
            new ParallelConfig { MaxConcurrency = 1, NestingType = NestingType.Flat },
            Step("fa"),
            Step("fb")) },
        { "8-13", async (JsonElement _, IDurableContext context) => Batches.CountsOf(await RunAsync(
            context,
            new CompletionConfig { ToleratedFailurePercentage = 0.25 },
            Boom,
            Boom,
            Value("never"),
            Value("never"))) },
        { "8-14", (JsonElement _, IDurableContext context) => ResultsAsync(
            context,
            "suspends",
            OneAtATime(),
            Step("b0"),
            async (branch, _) =>
            {
                await branch.SecondsAsync(2);
                return "b1";
            }) },
        { "8-15", (JsonElement _, IDurableContext context) => ResultsAsync(
            context,
            "serializer",
            new ParallelConfig { MaxConcurrency = 1, ItemSerializer = s_wrapped },
            Value("x"),
            Value("y")) },
        { "8-16", async (JsonElement _, IDurableContext context) => Batches.OutcomeOf(
            await RunAsync(context, Tolerate(3), Boom, Boom, Boom)) },
        { "8-17", async (JsonElement _, IDurableContext context) => Batches.OutcomeOf(await RunAsync(
            context, new CompletionConfig { MinSuccessful = 3 }, Value("a"), Boom, Value("c"))) },
        { "8-18", async (JsonElement _, IDurableContext context) => Batches.CountsOf(await RunAsync(
            context,
            new CompletionConfig { MinSuccessful = 3, ToleratedFailureCount = 1 },
            Boom,
            Boom,
            Value("never"),
            Value("never"))) },
        { "8-19", (JsonElement _, IDurableContext context) => ResultsAsync(
            context, "bad-concurrency", new ParallelConfig { MaxConcurrency = 0 }, Value("never"), Value("never")) },
        { "8-20", async (JsonElement _, IDurableContext context) =>
        {
            var batch = await RunAsync(context, Tolerate(1), Value("a"), Boom, Value("c"));
            return new
            {
                batch.HasFailure,
                SuccessCount = batch.Succeeded.Count,
                FailureCount = batch.Failed.Count,
                ErrorCount = batch.GetErrors().Count,
            };
        } },
        { "8-21", async (JsonElement _, IDurableContext context) =>
        {
            Func<IDurableContext, CancellationToken, Task<IReadOnlyList<string>>>[] outer =
                [(branch, _) => ResultsAsync(branch, "inner", OneAtATime(), Step("i1"), Step("i2"))];
            return (await context.ParallelAsync(outer, "outer", OneAtATime())).GetResults();
        } },
        { "8-22", async (JsonElement _, IDurableContext context) => Batches.OutcomeOf(await RunAsync(
            context,
            new CompletionConfig { ToleratedFailurePercentage = 0.25 },
            Boom,
            Value("b"),
            Value("c"),
            Value("d"))) },
    };

    private static ParallelConfig OneAtATime() => new() { MaxConcurrency = 1 };

    private static CompletionConfig Tolerate(int failures) => new() { ToleratedFailureCount = failures };

    private static Func<IDurableContext, CancellationToken, Task<string>> Value(string value) =>
        (_, _) => Task.FromResult(value);

    private static Func<IDurableContext, CancellationToken, Task<string>> Step(string value) =>
        (branch, _) => branch.ReturnAsync(value);

    private static Task<string> Boom(IDurableContext context, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("boom");

    private static Task<IBatchResult<string>> RunAsync(
        IDurableContext context,
        CompletionConfig completion,
        params Func<IDurableContext, CancellationToken, Task<string>>[] branches) => context.ParallelAsync(
            branches, "batch", new ParallelConfig { MaxConcurrency = 1, CompletionConfig = completion });

    private static async Task<IReadOnlyList<string>> ResultsAsync(
        IDurableContext context,
        string? name,
        ParallelConfig config,
        params Func<IDurableContext, CancellationToken, Task<string>>[] branches) =>
        (await context.ParallelAsync(branches, name, config)).GetResults();

    private sealed record Wrapper(string wrapped);
}
