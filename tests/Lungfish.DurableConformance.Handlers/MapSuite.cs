using System.Text.Json;
using Lungfish.DurableFunctions;

namespace Lungfish.DurableConformance.Handlers;

/// <summary>Maps: 9-x.</summary>
internal static class MapSuite
{
    private const int LargeLength = 70 * 1024;
    private const string Wrapped = "wrapped:";
    private const string Whole = "OPSERDE:";

    private static readonly ICheckpointSerializer s_item = CheckpointSerializer.FromDelegates<string>(
        value => $"{Wrapped}{value}", text => text[Wrapped.Length..]);

    private static readonly ICheckpointSerializer s_whole = CheckpointSerializer.FromDelegates<IBatchResult<string>>(
        batch => $"{Whole}{string.Join(',', batch.GetResults())}",
        text => BatchResult.FromResults(text[Whole.Length..].Split(',')));

    public static Workflows Workflows { get; } = new()
    {
        { "9-1", (string[] items, IDurableContext context) => ResultsAsync(
            context, items, (child, item, _, _, _) => child.ReturnAsync($"Hello, {item}!"), "map") },
        { "9-2", (int[] items, IDurableContext context) => ResultsAsync(
            context, items, (_, item, _, _, _) => Task.FromResult(item * 2)) },
        { "9-3", (int[] items, IDurableContext context) => ResultsAsync(
            context, items, (_, item, index, _, _) => Task.FromResult(item + index), "indexed") },
        { "9-4", (string[] items, IDurableContext context) => ResultsAsync(context, items, UpperCaseAsync, "empty") },
        { "9-5", async (JsonElement _, IDurableContext context) => Batches.OutcomeOf(
            await RunAsync(context, CompletionConfig.AllSuccessful(), "ok", "fail", "ok")) },
        { "9-6", async (JsonElement _, IDurableContext context) =>
        {
            var batch = await RunAsync(context, CompletionConfig.AllSuccessful(), "fail", "ok");
            batch.ThrowIfError();
            return batch.GetResults();
        } },
        { "9-7", async (JsonElement _, IDurableContext context) => Batches.SuccessesOf(await RunAsync(
            context, new CompletionConfig { MinSuccessful = 2 }, "ok", "ok", "ok", "ok")) },
        { "9-8", async (JsonElement _, IDurableContext context) => Batches.OutcomeOf(
            await RunAsync(context, Tolerate(1), "ok", "fail", "ok")) },
        { "9-9", async (JsonElement _, IDurableContext context) => Batches.CountsOf(
            await RunAsync(context, Tolerate(1), "fail", "fail", "ok")) },
        { "9-10", async (JsonElement _, IDurableContext context) => Batches.CountsOf(await RunAsync(
            context, new CompletionConfig { ToleratedFailurePercentage = 0.25 }, "fail", "fail", "ok", "ok")) },
        { "9-11", (JsonElement _, IDurableContext context) => ResultsAsync(
            context,
            [0, 1, 2],
            (_, item, _, _, _) => Task.FromResult($"r{item}"),
            "concurrent",
            new MapConfig<int> { MaxConcurrency = 2 }) },
        { "9-12", (JsonElement _, IDurableContext context) => ResultsAsync(
            context,
            ["fa", "fb"],
            (child, item, _, _, _) => child.ReturnAsync(item),
            "flat",
            new MapConfig<string> { MaxConcurrency = 1, NestingType = NestingType.Flat }) },
        { "9-13", (int[] items, IDurableContext context) => ResultsAsync(
            context,
            items,
            (_, item, _, _, _) => Task.FromResult(item * 10),
            "named-items",
            new MapConfig<int> { MaxConcurrency = 1, ItemNamer = (item, _) => $"item-{item}" }) },
        { "9-14", (JsonElement _, IDurableContext context) => ResultsAsync(
            context,
            ["x", "y"],
            UpperCaseAsync,
            "item-serializer",
            new MapConfig<string> { MaxConcurrency = 1, ItemSerializer = s_item }) },
        { "9-15", (JsonElement _, IDurableContext context) => ResultsAsync(
            context,
            ["r0", "r1"],
            async (child, item, index, _, _) =>
            {
                if (index == 1)
                {
                    await child.SecondsAsync(1);
                }

                return await child.ReturnAsync(item);
            },
            "suspend") },
        { "9-16", async (JsonElement _, IDurableContext context) =>
        {
            var batch = await context.MapAsync(
                ["a", "b", "c", "d"],
                (_, item, _, _, _) => Task.FromResult(new string(item[0], LargeLength)),
                "large",
                new MapConfig<string> { MaxConcurrency = 1 });
            return new { batch.SuccessCount, batch.TotalCount };
        } },
        { "9-17", async (JsonElement _, IDurableContext context) =>
        {
            var results = await ResultsAsync(context, ["a", "b"], UpperCaseAsync, "then-wait");
            await context.SecondsAsync(1);
            return results;
        } },
        { "9-18", async (JsonElement _, IDurableContext context) =>
        {
            var batch = await RunAsync(context, Tolerate(1), "ok", "fail");
            await context.SecondsAsync(1);
            return Batches.OutcomeOf(batch);
        } },
        { "9-19", (JsonElement _, IDurableContext context) => ResultsAsync(
            context,
            ["x", "y"],
            UpperCaseAsync,
            "op-serde",
            new MapConfig<string> { MaxConcurrency = 1, Serializer = s_whole }) },
        { "9-20", async (JsonElement _, IDurableContext context) =>
        {
            var batch = await context.MapAsync(
                ["x", "y"],
                UpperCaseAsync,
                "op-serde-replay",
                new MapConfig<string> { MaxConcurrency = 1, Serializer = s_whole });
            await context.SecondsAsync(1);
            return batch.GetResults();
        } },
    };

    private static CompletionConfig Tolerate(int failures) => new() { ToleratedFailureCount = failures };

    private static Task<string> UpperCaseAsync(
        IDurableContext context, string item, int index, IReadOnlyList<string> items, CancellationToken cancel) =>
        Task.FromResult(item.ToUpperInvariant());

    /// <summary>One item after the other: "fail" fails, others are their own result.</summary>
    private static Task<IBatchResult<string>> RunAsync(
        IDurableContext context, CompletionConfig completion, params string[] items) => context.MapAsync(
            items,
            (_, item, _, _, _) => item == "fail"
                ? throw new InvalidOperationException("bad item")
                : Task.FromResult(item),
            "batch",
            new MapConfig<string> { MaxConcurrency = 1, CompletionConfig = completion });

    private static async Task<IReadOnlyList<TResult>> ResultsAsync<TItem, TResult>(
        IDurableContext context,
        IReadOnlyList<TItem> items,
        Func<IDurableContext, TItem, int, IReadOnlyList<TItem>, CancellationToken, Task<TResult>> func,
        string? name = null,
        MapConfig<TItem>? config = null) =>
        (await context.MapAsync(items, func, name, config ?? new MapConfig<TItem> { MaxConcurrency = 1 })).GetResults();
}
