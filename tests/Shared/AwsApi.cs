using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Lungfish.Tests.Shared;

/// <summary>Speaks the AWS protocols over plain HTTP: answers are seen as they were sent, with no SDK in
/// between.</summary>
internal sealed class AwsApi(Uri endpoint) : IDisposable
{
    private readonly HttpClient _client = new()
    {
        BaseAddress = endpoint,
        Timeout = TimeSpan.FromSeconds(150), // GetActivityTask holds a call open for a minute.
    };

    public Uri Endpoint => endpoint;

    /// <summary>Calls a Step Functions action.</summary>
    public async Task<ApiAnswer> CallAsync(string action, JsonNode? body, CancellationToken cancellationToken = default)
    {
        using var content = new StringContent(body?.ToJsonString() ?? "{}", Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.0");
        using var request =
            new HttpRequestMessage(HttpMethod.Post, new Uri("/", UriKind.Relative)) { Content = content };
        request.Headers.Add("X-Amz-Target", $"AWSStepFunctions.{action}");
        return await SendAsync(request, action, cancellationToken);
    }

    /// <summary>Calls a Step Functions action that must succeed.</summary>
    public async Task<JsonObject> GetAsync(string action, JsonNode? body, CancellationToken cancellationToken = default)
    {
        var answer = await CallAsync(action, body, cancellationToken);
        return answer.IsSuccess ? answer.Body : throw new AwsApiException(answer);
    }

    /// <summary>Calls the Lambda API at a path such as <c>functions/NAME</c>.</summary>
    public async Task<ApiAnswer> LambdaAsync(
        HttpMethod method, string path, JsonNode? body = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(method, new Uri($"/2015-03-31/{path}", UriKind.Relative));
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        return await SendAsync(request, $"{method} {path}", cancellationToken);
    }

    /// <summary>Calls a REST API at a whole path, which is sent as it is written.</summary>
    public async Task<ApiAnswer> RestAsync(
        HttpMethod method,
        string path,
        string? body = null,
        CancellationToken cancellationToken = default,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return await SendAsync(request, $"{method} {path}", cancellationToken);
    }

    /// <summary>Polls until the execution is not running any more.</summary>
    public Task<JsonObject> WaitForEndAsync(string executionArn) => Poll.ForAsync(
        async () =>
        {
            var execution = await GetAsync("DescribeExecution", new JsonObject { ["executionArn"] = executionArn });
            return execution["status"]?.GetValue<string>() is "RUNNING" ? null : execution;
        },
        TimeSpan.FromSeconds(90),
        $"the end of {executionArn}");

    public void Dispose() => _client.Dispose();

    private async Task<ApiAnswer> SendAsync(
        HttpRequestMessage request, string what, CancellationToken cancellationToken)
    {
        using var response = await _client.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var body = text.Length == 0 ? [] : JsonNode.Parse(text) as JsonObject ?? [];
        return new ApiAnswer(what, (int)response.StatusCode, body)
        {
            Headers = response.Headers.ToDictionary(
                header => header.Key, header => header.Value.First(), StringComparer.OrdinalIgnoreCase),
        };
    }
}

internal sealed record ApiAnswer(string What, int Status, JsonObject Body)
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The code that SDKs match on: the part after the namespace.</summary>
    public string ErrorCode =>
        (Body["__type"]?.GetValue<string>() ?? Headers.GetValueOrDefault("x-amzn-ErrorType") ?? "").Split('#')[^1];

    public string ErrorMessage => (Body["message"] ?? Body["Message"])?.GetValue<string>() ?? "";
}

internal sealed class AwsApiException(ApiAnswer answer)
    : Exception($"{answer.What} answered {answer.Status} {answer.Body.ToJsonString()}")
{
    public ApiAnswer Answer => answer;
}
