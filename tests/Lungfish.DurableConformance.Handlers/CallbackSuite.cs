using System.Globalization;
using System.Text.Json;
using Lungfish.DurableFunctions;
using Microsoft.Extensions.Logging;

namespace Lungfish.DurableConformance.Handlers;

/// <summary>Callbacks: 4-x and 7-x.</summary>
internal static partial class CallbackSuite
{
    private static readonly ICheckpointSerializer s_received = CheckpointSerializer.FromDelegates<Received>(
        value => JsonSerializer.Serialize(value, JsonSerializerOptions.Web),
        text => JsonSerializer.Deserialize<Received>(text, JsonSerializerOptions.Web)
            ?? throw new JsonException("The callback sent null."));

    private static readonly ICheckpointSerializer s_number = CheckpointSerializer.FromDelegates<int>(
        value => value.ToString(CultureInfo.InvariantCulture),
        text => int.Parse(text, CultureInfo.InvariantCulture));

    private static readonly ICheckpointSerializer s_approval = CheckpointSerializer.FromDelegates<Approval>(
        value => JsonSerializer.Serialize(value, JsonSerializerOptions.Web),
        text => JsonSerializer.Deserialize<Approval>(text, JsonSerializerOptions.Web)
            ?? throw new JsonException("The callback sent null."));

    public static Workflows Workflows { get; } = new()
    {
        { "4-1", (string name, IDurableContext context) => AwaitAsync(context, name) },
        { "4-2", (JsonElement _, IDurableContext context) => AwaitAsync(context, "approval") },
        { "4-3", (string name, IDurableContext context) => AwaitAsync(context, name, Timeout(5)) },
        { "4-4", (string name, IDurableContext context) => AwaitAsync(context, name, Heartbeat(5)) },
        { "4-5", (string name, IDurableContext context) => AwaitAsync(context, name, Heartbeat(10)) },
        { "4-6", (string name, IDurableContext context) => AwaitAsync(context, name) },
        { "4-7", (string name, IDurableContext context) =>
            AwaitAsync(context, name, between: () => context.ReturnAsync("between")) },
        { "4-8", (string name, IDurableContext context) =>
            AwaitAsync(context, name, Timeout(5), () => context.ReturnAsync("between")) },
        { "4-9", (string name, IDurableContext context) =>
            AwaitAsync(context, name, between: () => context.SecondsAsync(5)) },
        { "4-10", (string name, IDurableContext context) =>
            AwaitAsync(context, name, between: () => context.SecondsAsync(5)) },
        { "4-11", (string name, IDurableContext context) =>
            AwaitAsync(context, name, Timeout(3), () => context.SecondsAsync(6)) },
        { "4-12", async (string name, IDurableContext context) =>
        {
            var value = await AwaitAsync(context, name);
            await context.SecondsAsync(2);
            return value;
        } },
        { "4-13", (string name, IDurableContext context) => CatchThenWaitAsync(context, name) },
        { "4-14", (string name, IDurableContext context) => CatchThenWaitAsync(context, name, Timeout(3)) },
        { "4-15", async (string name, IDurableContext context) =>
        {
            var callback = await context.CreateCallbackAsync<Received>(
                name, new CallbackConfig { Serializer = s_received });
            var received = await callback.GetResultAsync();
            return new
            {
                Received = new { received.Id, received.Message, Timestamp = received.Timestamp.ToUnixTimeSeconds() },
            };
        } },
        { "4-16", async (string name, IDurableContext context) =>
        {
            var callback = await context.CreateCallbackAsync<int>(name, new CallbackConfig { Serializer = s_number });
            var count = await callback.GetResultAsync();
            return new { Count = count, Doubled = count * 2 };
        } },
        { "4-17", async (string[] names, IDurableContext context) =>
            (string[])[await AwaitAsync(context, names[0]), await AwaitAsync(context, names[1])] },
        { "4-18", async (string[] names, IDurableContext context) =>
        {
            var a = await context.CreateCallbackAsync<string>(names[0]);
            var b = await context.CreateCallbackAsync<string>(names[1]);
            return (string[])[await a.GetResultAsync(), await b.GetResultAsync()];
        } },
        { "4-19", async (string[] names, IDurableContext context) =>
        {
            var a = await context.CreateCallbackAsync<string>(names[0]);
            var b = await context.CreateCallbackAsync<string>(names[1]);
            var second = await b.GetResultAsync();
            return (string[])[await a.GetResultAsync(), second];
        } },

        { "7-1", (string name, IDurableContext context) => context.WaitForCallbackAsync<string>(SubmitAsync, name) },
        { "7-2", (JsonElement _, IDurableContext context) =>
            context.WaitForCallbackAsync<string>(SubmitAsync, "approval") },
        { "7-3", (JsonElement _, IDurableContext context) => context.WaitForCallbackAsync<string>(SubmitAsync) },
        { "7-4", (string name, IDurableContext context) => context.WaitForCallbackAsync<string>(SubmitAsync, name) },
        { "7-5", (string name, IDurableContext context) =>
            context.WaitForCallbackAsync<string>(SubmitAsync, name, Until(timeout: 3)) },
        { "7-6", async (string name, IDurableContext context) =>
        {
            try
            {
                return await context.WaitForCallbackAsync<string>(SubmitAsync, name);
            }
            catch (CallbackException)
            {
                return "recovered";
            }
        } },
        { "7-7", (string name, IDurableContext context) => context.WaitForCallbackAsync<string>(
            (_, _, _) => throw new InvalidOperationException("submitter down"),
            name,
            new WaitForCallbackConfig { RetryStrategy = WorkflowSteps.Attempts(2).RetryStrategy }) },
        { "7-8", (string name, IDurableContext context) => context.RunInChildContextAsync(
            (child, _) => child.WaitForCallbackAsync<string>(SubmitAsync, name), "wrapper") },
        { "7-9", async (JsonElement _, IDurableContext context) =>
        {
            await context.WaitForCallbackAsync<string>(SubmitAsync, "first");
            return await context.WaitForCallbackAsync<string>(SubmitAsync, "second");
        } },
        { "7-10", async (string name, IDurableContext context) =>
        {
            await context.SecondsAsync(1);
            await context.ReturnAsync("fixed data");
            return await context.WaitForCallbackAsync<string>(SubmitAsync, name);
        } },
        { "7-11", async (string name, IDurableContext context) =>
        {
            var config = new WaitForCallbackConfig { Serializer = s_approval };
            return (await context.WaitForCallbackAsync<Approval>(SubmitAsync, name, config)).Status;
        } },
        { "7-12", (string name, IDurableContext context) =>
            context.WaitForCallbackAsync<string>(SubmitAsync, name, Until(heartbeat: 5)) },
        { "7-13", (string name, IDurableContext context) =>
            context.WaitForCallbackAsync<string>(SubmitAsync, name, Until(heartbeat: 10)) },
        { "7-14", async (string name, IDurableContext context) =>
        {
            try
            {
                return await context.WaitForCallbackAsync<string>(SubmitAsync, name, Until(timeout: 3));
            }
            catch (CallbackException)
            {
                return "timed-out-handled";
            }
        } },
        { "7-15", (string name, IDurableContext context) => context.WaitForCallbackAsync<string?>(SubmitAsync, name) },
    };

    private static async Task<string> AwaitAsync(
        IDurableContext context, string name, CallbackConfig? config = null, Func<Task>? between = null)
    {
        var callback = await context.CreateCallbackAsync<string>(name, config);
        if (between is not null)
        {
            await between();
        }

        return await callback.GetResultAsync();
    }

    private static async Task<string> CatchThenWaitAsync(
        IDurableContext context, string name, CallbackConfig? config = null)
    {
        string message;
        try
        {
            message = await AwaitAsync(context, name, config);
        }
        catch (CallbackException e)
        {
            message = $"caught {e.Message}";
        }

        await context.SecondsAsync(2);
        return message;
    }

    private static Task SubmitAsync(
        string callbackId, IWaitForCallbackContext context, CancellationToken cancellationToken)
    {
        LogSubmitted(context.Logger, callbackId);
        return Task.CompletedTask;
    }

    private static CallbackConfig Timeout(int seconds) => new() { Timeout = TimeSpan.FromSeconds(seconds) };

    private static CallbackConfig Heartbeat(int seconds) => new() { HeartbeatTimeout = TimeSpan.FromSeconds(seconds) };

    private static WaitForCallbackConfig Until(int timeout = 0, int heartbeat = 0) => new()
    {
        Timeout = TimeSpan.FromSeconds(timeout),
        HeartbeatTimeout = TimeSpan.FromSeconds(heartbeat),
    };

    [LoggerMessage(1, LogLevel.Information, "submitted {CallbackId}")]
    private static partial void LogSubmitted(ILogger logger, string callbackId);

    private sealed record Received(string Id, string Message, DateTimeOffset Timestamp);

    private sealed record Approval(string Status);
}
