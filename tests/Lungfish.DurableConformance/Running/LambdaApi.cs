using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Lungfish.DurableConformance.Running;

/// <summary>Speaks the Lambda protocol over plain HTTP, so that answers are seen as they were sent.</summary>
internal sealed class LambdaApi(Uri endpoint) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = endpoint, Timeout = TimeSpan.FromMinutes(3) };

    public async Task<JsonObject> CreateFunctionAsync(JsonObject function)
    {
        using var content = new StringContent(function.ToJsonString(), Encoding.UTF8, "application/json");
        return await GetJsonAsync(HttpMethod.Post, "/2015-03-31/functions", content);
    }

    /// <param name="function">Invoked at <c>$LATEST</c>.</param>
    /// <param name="executionName">Of the durable execution that it starts.</param>
    /// <param name="isAsync">Do not wait for the end.</param>
    /// <param name="payload">JSON text.</param>
    public async Task<InvokeAnswer> InvokeAsync(string function, string executionName, bool isAsync, string payload)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, UriOf($"/2015-03-31/functions/{function}/invocations?Qualifier=%24LATEST"));
        request.Headers.Add("X-Amz-Invocation-Type", isAsync ? "Event" : "RequestResponse");
        request.Headers.Add("X-Amz-Durable-Execution-Name", executionName);
        request.Content = new StringContent(payload, Encoding.UTF8, "application/json");
        using var response = await _client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        return new InvokeAnswer(
            (int)response.StatusCode,
            Find(response.Headers, "X-Amz-Durable-Execution-Arn"),
            Find(response.Headers, "X-Amz-Function-Error"),
            body);
    }

    /// <summary>All pages.</summary>
    public async Task<JsonArray> GetHistoryAsync(string executionArn)
    {
        var events = new JsonArray();
        string? marker = null;
        do
        {
            var from = marker is null ? "" : $"&Marker={Uri.EscapeDataString(marker)}";
            var page = await GetJsonAsync(
                HttpMethod.Get, $"{PathOf(executionArn)}/history?IncludeExecutionData=true{from}", content: null);
            foreach (var item in page["Events"]?.AsArray() ?? throw new LambdaApiException("A page without Events."))
            {
                events.Add(item?.DeepClone());
            }

            marker = page["NextMarker"]?.GetValue<string>();
        }
        while (!string.IsNullOrEmpty(marker));
        return events;
    }

    public Task<JsonObject> GetExecutionAsync(string executionArn) =>
        GetJsonAsync(HttpMethod.Get, PathOf(executionArn), content: null);

    public Task StopAsync(string executionArn) =>
        GetJsonAsync(HttpMethod.Post, $"{PathOf(executionArn)}/stop", content: null);

    /// <param name="callbackId">As the history tells it.</param>
    /// <param name="operation"><c>succeed</c>, <c>fail</c> or <c>heartbeat</c>.</param>
    /// <param name="body">Null: none.</param>
    public Task SendCallbackAsync(string callbackId, string operation, string? body)
    {
        var path = $"/2025-12-01/durable-execution-callbacks/{Uri.EscapeDataString(callbackId)}/{operation}";
        var content = body is null
            ? null
            : new StringContent(body, Encoding.UTF8, "application/octet-stream"); // Results are bytes to the API.
        return GetJsonAsync(HttpMethod.Post, path, content);
    }

    /// <summary>What a function has written until now.</summary>
    public async Task<IReadOnlyList<string>> GetLogAsync(string function)
    {
        var text = await _client.GetStringAsync(UriOf($"/api/functions/{function}/logs"));
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)?["message"]?.GetValue<string>() ?? "")];
    }

    public void Dispose() => _client.Dispose();

    private async Task<JsonObject> GetJsonAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, UriOf(path)) { Content = content };
        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text.Length == 0 ? "{}" : text)?.AsObject() ?? []
            : throw new LambdaApiException(
                $"{method} {path.Split('?')[0]} answered {(int)response.StatusCode} "
                + $"{Find(response.Headers, "x-amzn-ErrorType")} {text}");
    }

    private static string PathOf(string executionArn) =>
        $"/2025-12-01/durable-executions/{Uri.EscapeDataString(executionArn)}";

    private static Uri UriOf(string path) => new(path, UriKind.Relative);

    private static string? Find(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}

/// <param name="Status">HTTP's.</param>
/// <param name="ExecutionArn">Null if no durable execution was started.</param>
/// <param name="FunctionError">Null if the function has not failed.</param>
/// <param name="Body">The result, or what is told of the failure.</param>
internal sealed record InvokeAnswer(int Status, string? ExecutionArn, string? FunctionError, string Body);

internal sealed class LambdaApiException(string message) : Exception(message);
