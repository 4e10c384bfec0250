using System.Globalization;
using System.Net.Http.Headers;

namespace Lungfish.DurableFunctions;

/// <summary>One invocation, as the Runtime API hands it out.</summary>
internal sealed record RuntimeInvocation(string RequestId, ILambdaContext Context, ReadOnlyMemory<byte> Event);

/// <summary>The client's side of the Lambda Runtime API, version 2018-06-01, wherever it is spoken.</summary>
internal sealed class RuntimeApiClient(string address) : IDisposable
{
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly Uri _next = new($"http://{address}/2018-06-01/runtime/invocation/next");
    private readonly string _base = $"http://{address}/2018-06-01/runtime/";
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, // An invocation may come in an hour.
    };

    /// <returns>Null when the platform has gone, or wants this program to end.</returns>
    public async Task<RuntimeInvocation?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(_next, cancellationToken).ConfigureAwait(false);
            return answer.IsSuccessStatusCode
                ? await ReadAsync(answer, cancellationToken).ConfigureAwait(false)
                : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public Task AnswerAsync(RuntimeInvocation invocation, byte[] answer, CancellationToken cancellationToken) =>
        PostAsync($"invocation/{invocation.RequestId}/response", answer, isError: false, cancellationToken);

    public Task ReportErrorAsync(RuntimeInvocation invocation, byte[] error, CancellationToken cancellationToken) =>
        PostAsync($"invocation/{invocation.RequestId}/error", error, isError: true, cancellationToken);

    public Task ReportInitErrorAsync(byte[] error, CancellationToken cancellationToken) =>
        PostAsync("init/error", error, isError: true, cancellationToken);

    public void Dispose() => _http.Dispose();

    private static async Task<RuntimeInvocation> ReadAsync(
        HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var requestId = Header(answer, "Lambda-Runtime-Aws-Request-Id") ?? "";
        var deadline = long.TryParse(
            Header(answer, "Lambda-Runtime-Deadline-Ms"), CultureInfo.InvariantCulture, out var milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : (DateTimeOffset?)null;
        var context = new LambdaContext
        {
            Deadline = deadline,
            AwsRequestId = requestId,
            InvokedFunctionArn = Header(answer, "Lambda-Runtime-Invoked-Function-Arn") ?? "",
            TenantId = Header(answer, "Lambda-Runtime-Aws-Tenant-Id"),
            TraceId = Header(answer, "Lambda-Runtime-Trace-Id"),
        };
        return new RuntimeInvocation(requestId, context, body);
    }

    private async Task PostAsync(string call, byte[] body, bool isError, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = s_json;
        if (isError)
        {
            content.Headers.Add("Lambda-Runtime-Function-Error-Type", "Unhandled");
        }

        // The platform may have given the invocation up meanwhile; then it says so, and the next one counts.
        var uri = new Uri(_base + call);
        using var answer = await _http.PostAsync(uri, content, cancellationToken).ConfigureAwait(false);
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
