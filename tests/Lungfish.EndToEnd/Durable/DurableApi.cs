using System.Text;
using System.Text.Json.Nodes;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Durable;

/// <summary>Durable functions over plain HTTP, as SDKs speak it.</summary>
internal sealed class DurableApi(Uri endpoint) : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(90);

    private readonly HttpClient _client = new() { BaseAddress = endpoint, Timeout = TimeSpan.FromSeconds(150) };

    public Uri Endpoint => endpoint;

    /// <summary>Starts an execution, or finds it; the answer's ARN is empty if the server refused.</summary>
    public async Task<Started> StartAsync(string function, string qualifier, string name, string payload)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"/2015-03-31/functions/{function}/invocations?Qualifier={Uri.EscapeDataString(qualifier)}")
        {
            Content = new StringContent(payload, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Amz-Invocation-Type", "Event");
        request.Headers.Add("X-Amz-Durable-Execution-Name", name);
        using var answer = await _client.SendAsync(request);
        return new Started(
            (int)answer.StatusCode,
            answer.Headers.TryGetValues("X-Amz-Durable-Execution-Arn", out var arns) ? arns.Single() : "",
            answer.Headers.TryGetValues("x-amzn-ErrorType", out var types) ? types.Single() : "");
    }

    public Task<JsonObject> DescribeAsync(string arn) =>
        GetAsync($"/2025-12-01/durable-executions/{Uri.EscapeDataString(arn)}");

    /// <summary>The description once the execution has closed.</summary>
    public async Task<JsonObject> WaitForEndAsync(string arn)
    {
        var ended = await GetAsync($"/api/durable-executions/{Uri.EscapeDataString(arn)}/wait?timeout=90");
        Assert.NotEqual("RUNNING", ended["Status"]?.GetValue<string>());
        return ended;
    }

    public async Task<IReadOnlyList<JsonObject>> ReadHistoryAsync(string arn)
    {
        var page = await GetAsync(
            $"/2025-12-01/durable-executions/{Uri.EscapeDataString(arn)}/history?MaxItems=1000");
        return [.. (page["Events"] as JsonArray ?? []).OfType<JsonObject>()];
    }

    /// <summary>All executions of all functions, newest first.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync()
    {
        var page = await GetAsync("/api/durable-executions?limit=1000");
        return [.. (page["DurableExecutions"] as JsonArray ?? []).OfType<JsonObject>()];
    }

    /// <summary>The id of the callback that the execution waits for, once it does and no invocation runs.</summary>
    public async Task<string> WaitForCallbackAsync(string arn)
    {
        await Poll.UntilAsync(
            async () => (await ReadHistoryAsync(arn)) is [.., var last]
                && last["EventType"]?.GetValue<string>() == "InvocationCompleted",
            s_timeout,
            "the function to return");
        var page = await GetAsync($"/api/callbacks?execution={Uri.EscapeDataString(arn)}");
        var waiting = Assert.Single((page["callbacks"] as JsonArray ?? []).OfType<JsonObject>());
        return waiting["callbackId"]?.GetValue<string>() ?? "";
    }

    public async Task SucceedCallbackAsync(string callbackId, string result)
    {
        using var content = new StringContent(result, Encoding.UTF8, "application/octet-stream");
        using var answer = await _client.PostAsync(
            new Uri($"/2025-12-01/durable-execution-callbacks/{Uri.EscapeDataString(callbackId)}/succeed",
                UriKind.Relative),
            content);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Publishes the function with other variables.</summary>
    /// <returns>The version.</returns>
    public async Task<string> PublishAsync(string function, IReadOnlyDictionary<string, string> variables)
    {
        using var api = new AwsApi(endpoint);
        var named = new JsonObject(variables.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value)));
        var changed = await api.LambdaAsync(
            HttpMethod.Put,
            $"functions/{function}/configuration",
            new JsonObject { ["Environment"] = new JsonObject { ["Variables"] = named } });
        Assert.True(changed.IsSuccess, changed.ErrorMessage);
        var published = await api.LambdaAsync(HttpMethod.Post, $"functions/{function}/versions", new JsonObject());
        return published.Body["Version"]?.GetValue<string>() ?? throw new AwsApiException(published);
    }

    public async Task<string> ReadLogsAsync(string function) =>
        await _client.GetStringAsync(new Uri($"/api/functions/{function}/logs?limit=100000", UriKind.Relative));

    public void Dispose() => _client.Dispose();

    public async Task<JsonObject> GetAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(text) as JsonObject ?? []
            : throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode} {text}");
    }
}

/// <param name="Error">The code of the refusal, or empty.</param>
internal sealed record Started(int Status, string Arn, string Error);
