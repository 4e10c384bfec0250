using System.Text.Json;
using Lungfish.DurableFunctions;

namespace Lungfish.DurableConformance.Handlers;

/// <summary>Waiting for a condition: 6-x.</summary>
internal static class ConditionSuite
{
    // Whatever it holds is encoded backwards, to see that it is decoded before the next check.
    private static readonly ICheckpointSerializer s_backwards = CheckpointSerializer.FromDelegates<string>(
        value => $">{Reverse(value)}<", text => Reverse(text[1..^1]));

    public static Workflows Workflows { get; } = new()
    {
        { "6-1", (int threshold, IDurableContext context) => CountAsync(context, 0, threshold) },
        { "6-2", (int threshold, IDurableContext context) => context.WaitForConditionAsync(
            (state, _, _) => Task.FromResult(state), Until(5, (int state) => state >= threshold)) },
        { "6-3", (int threshold, IDurableContext context) => CountAsync(context, 0, threshold, name: "poll-status") },
        { "6-4", (int threshold, IDurableContext context) => CountAsync(context, 5, threshold) },
        { "6-5", (int threshold, IDurableContext context) => CountAsync(context, 0, threshold, seconds: 2) },
        { "6-6", (int _, IDurableContext context) => context.WaitForConditionAsync(
            (state, _, _) => Task.FromResult(state + 1),
            new WaitForConditionConfig<int>
            {
                InitialState = 0,
                WaitStrategy = WaitStrategy.Fixed<int>(TimeSpan.FromSeconds(1), maxAttempts: 3),
            }) },
        { "6-7", (JsonElement _, IDurableContext context) => ThrowAsync(context) },
        { "6-8", async (JsonElement _, IDurableContext context) =>
        {
            try
            {
                return $"{await ThrowAsync(context)}";
            }
            catch (DurableOperationException)
            {
                return "recovered";
            }
        } },
        { "6-9", (JsonElement _, IDurableContext context) => context.WaitForConditionAsync(
            (state, _, _) => Task.FromResult(
                new Job(state.Attempts + 1 < 2 ? "PENDING" : "DONE", state.Attempts + 1)),
            Until(new Job("PENDING", 0), state => state.Status != "PENDING")) },
        { "6-10", (JsonElement _, IDurableContext context) => context.WaitForConditionAsync(
            (_, _, _) => Task.FromResult<string?>(null), Until<string?>("", _ => true)) },
        { "6-11", (JsonElement _, IDurableContext context) => context.WaitForConditionAsync(
            (state, _, _) => Task.FromResult($"{state}x"),
            Until("", state => state.Length >= 2, serializer: s_backwards)) },
        { "6-12", async (int threshold, IDurableContext context) =>
        {
            var state = await CountAsync(context, 0, threshold);
            return await context.ReturnAsync(state * 10);
        } },
        { "6-13", async (JsonElement _, IDurableContext context) =>
        {
            var first = await CountAsync(context, 0, 2);
            return await CountAsync(context, first, 4);
        } },
    };

    private static Task<int> CountAsync(
        IDurableContext context, int start, int threshold, string? name = null, int seconds = 1) =>
        context.WaitForConditionAsync(
            (state, _, _) => Task.FromResult(state + 1), Until(start, state => state >= threshold, seconds), name);

    private static Task<int> ThrowAsync(IDurableContext context) => context.WaitForConditionAsync(
        (_, _, _) => throw new InvalidOperationException("check failed"), Until(0, _ => true));

    private static WaitForConditionConfig<T> Until<T>(
        T start, Func<T, bool> isDone, int seconds = 1, ICheckpointSerializer? serializer = null) => new()
        {
            InitialState = start,
            WaitStrategy = WaitStrategy.Fixed(TimeSpan.FromSeconds(seconds), isDone: isDone),
            Serializer = serializer,
        };

    private static string Reverse(string text) => string.Concat(text.Reverse());

    private sealed record Job(string Status, int Attempts);
}
