using System.Net.Http.Json;
using System.Text.Json;
using Lungfish.Bench.Functions;
using Lungfish.DurableFunctions;

// The durable functions that are measured; those in Node (../js/durable.mjs) do the same.
using var http = new HttpClient();
var server = Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL_LAMBDA")
    ?? Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL");

await DurableFunction.RunAsync(new Dictionary<string, DurableEntryPoint>
{
    ["w1"] = new DurableEntryPoint<Order, Done>((order, context) =>
        context.StepAsync((_, _) => Task.FromResult(new Done(order.Number)), "work")),
    ["w2"] = new DurableEntryPoint<Order, int>(async (_, context) =>
    {
        var total = 0;
        for (var i = 0; i < 10; i++)
        {
            var number = i;
            total += await context.StepAsync((_, _) => Task.FromResult(number), $"step-{number}");
        }

        return total;
    }),
    ["w3"] = new DurableEntryPoint<Order, JsonElement>((order, context) =>
        context.WaitForCallbackAsync<JsonElement>(
            (callbackId, _, cancellationToken) => PostAsync(
                $"/2025-12-01/durable-execution-callbacks/{Uri.EscapeDataString(callbackId)}/succeed",
                new { approved = true },
                cancellationToken),
            "approval")),
    ["w3later"] = new DurableEntryPoint<Order, JsonElement>((order, context) =>
        context.WaitForCallbackAsync<JsonElement>(
            (callbackId, _, cancellationToken) =>
                PostAsync("/bench/handover", new { name = order.Name, token = callbackId }, cancellationToken),
            "approval")),
    ["w5"] = new DurableEntryPoint<Order, int>(async (_, context) =>
    {
        var branches = Enumerable.Range(0, 1_000)
            .Select<int, Func<IDurableContext, CancellationToken, Task<int>>>(i =>
                (branch, cancellationToken) => branch.StepAsync(
                    (_, _) => Task.FromResult(i), "work", cancellationToken: cancellationToken))
            .ToList();
        return (await context.ParallelAsync(branches, "branches")).SuccessCount;
    }),
    ["sleep"] = new DurableEntryPoint<Sleep, bool>(async (sleep, context) =>
    {
        await context.WaitAsync(TimeSpan.FromSeconds(sleep.Seconds), "sleep");
        return true;
    }),
});

async Task PostAsync<T>(string path, T body, CancellationToken cancellationToken)
{
    using var answer = await http.PostAsJsonAsync(server + path, body, cancellationToken);
    answer.EnsureSuccessStatusCode();
}
