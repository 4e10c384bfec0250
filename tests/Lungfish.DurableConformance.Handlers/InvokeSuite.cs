using System.Text.Json;
using Lungfish.DurableFunctions;

namespace Lungfish.DurableConformance.Handlers;

/// <summary>Chained invokes: 5-x.</summary>
internal static class InvokeSuite
{
    // Near what an invocation's payload may have, below what a checkpoint keeps of it.
    private const int LargeLength = 200 * 1024;

    private static readonly ICheckpointSerializer s_upperCasePayload = CheckpointSerializer.FromDelegates<Message>(
        value => JsonSerializer.Serialize(value with { Data = value.Data.ToUpperInvariant() }),
        text => JsonSerializer.Deserialize<Message>(text) ?? throw new JsonException("No message."));

    private static readonly ICheckpointSerializer s_upperCaseResult =
        CheckpointSerializer.FromDelegates<string>(value => value, text => text.ToUpperInvariant());

    public static Workflows Workflows { get; } = new()
    {
        { "5-1", (string input, IDurableContext context) => EchoAsync(context, input) },
        { "5-2", (NamedPayload input, IDurableContext context) =>
            context.InvokeAsync<string, string>(EchoFunction, input.Payload, input.Name) },
        { "5-3", (JsonElement input, IDurableContext context) =>
            context.InvokeAsync<JsonElement, JsonElement>(EchoFunction, input) },
        { "5-4", (JsonElement _, IDurableContext context) =>
            context.InvokeAsync<string?, string?>(EchoFunction, payload: null) },
        { "5-5", (JsonElement _, IDurableContext context) => FailAsync(context) },
        { "5-6", async (JsonElement _, IDurableContext context) => await CatchAsync(context) },
        { "5-7", async (JsonElement _, IDurableContext context) =>
            (await EchoAsync(context, new string('z', LargeLength))).Length },
        { "5-8", (TenantPayload input, IDurableContext context) => context.InvokeAsync<string, string>(
            Environment.GetEnvironmentVariable("TENANT_FUNCTION") ?? "",
            input.Payload,
            config: new InvokeConfig { TenantId = input.TenantId }) },
        { "5-9", async (JsonElement _, IDurableContext context) =>
        {
            var result = await EchoAsync(context, "before the wait");
            await context.SecondsAsync(1);
            return result;
        } },
        { "5-10", async (JsonElement _, IDurableContext context) =>
        {
            var caught = await CatchAsync(context);
            await context.SecondsAsync(1);
            return caught;
        } },
        { "5-11", async (JsonElement _, IDurableContext context) =>
            await EchoAsync(context, await context.ReturnAsync("from the step")) },
        { "5-12", async (JsonElement _, IDurableContext context) =>
        {
            var result = await EchoAsync(context, "from the target");
            return await context.ReturnAsync($"{result}, seen by a step");
        } },
        { "5-13", (JsonElement _, IDurableContext context) =>
            context.RunInChildContextAsync((child, _) => EchoAsync(child, "in a child context")) },
        { "5-14", async (JsonElement _, IDurableContext context) =>
            (string[])[await EchoAsync(context, "one"), await EchoAsync(context, "two")] },
        { "5-15", (Message input, IDurableContext context) => context.InvokeAsync<Message, JsonElement>(
            EchoFunction, input, config: new InvokeConfig { PayloadSerializer = s_upperCasePayload }) },
        { "5-16", (string input, IDurableContext context) => context.InvokeAsync<string, string>(
            EchoFunction, input, config: new InvokeConfig { ResultSerializer = s_upperCaseResult }) },
    };

    private static string EchoFunction => Environment.GetEnvironmentVariable("ECHO_FUNCTION") ?? "";

    private static Task<string> EchoAsync(IDurableContext context, string payload) =>
        context.InvokeAsync<string, string>(EchoFunction, payload);

    private static Task<string> FailAsync(IDurableContext context) => context.InvokeAsync<string, string>(
        Environment.GetEnvironmentVariable("FAILING_FUNCTION") ?? "", "whatever");

    private static async Task<string> CatchAsync(IDurableContext context)
    {
        try
        {
            return await FailAsync(context);
        }
        catch (InvokeFailedException e)
        {
            return $"caught {e.Message}";
        }
    }

    private sealed record NamedPayload(string Name, string Payload);

    private sealed record TenantPayload(string TenantId, string Payload);

    private sealed record Message(string Data);
}
