using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Lungfish.DurableFunctions;

/// <summary>The service over HTTP: AWS Lambda's, or whatever the environment names in its place.</summary>
internal sealed class HttpDurableServiceClient : IDurableServiceClient
{
    private const int CallsMax = 3;
    private const string ErrorTypeHeader = "x-amzn-ErrorType";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private static readonly MediaTypeHeaderValue s_json = new("application/json");
    private static readonly UriCreationOptions s_asWritten = new()
    {
        DangerousDisablePathAndQueryCanonicalization = true,
    };

    private static readonly Lazy<HttpDurableServiceClient> s_shared =
        new(static () => new HttpDurableServiceClient(ServiceEndpoint.OfEnvironment()));

    // Of this process; each has a number behind it. Dice from the system cost more than all else in a request's body.
    private static readonly string s_clientTokens = Guid.NewGuid().ToString("N")[..16];
    private static long s_clientTokensGiven;

    private readonly ServiceEndpoint _endpoint;
    private readonly HttpClient _http;
    private readonly DirectClient? _direct;
    private readonly string _headers;
    private readonly string _target;
    private volatile Channel? _channel;

    public HttpDurableServiceClient(ServiceEndpoint endpoint, HttpMessageHandler? handler = null)
    {
        _endpoint = endpoint;
        var server = new Uri(endpoint.Base);
        _direct = handler is null && DirectConnection.LeadsTo(endpoint.Base)
            ? new DirectClient(server, s_patience)
            : null;
        _headers = $"Host: {server.Authority}\r\nContent-Type: application/json\r\n";
        _target = server.AbsolutePath.TrimEnd('/');

        // One connection stays open between invocations; the function is frozen on AWS meanwhile, which may end it.
        _http = new HttpClient(handler ?? new SocketsHttpHandler
        {
            UseProxy = !endpoint.IsCustom,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10),
        })
        {
            Timeout = s_patience,
        };
    }

    /// <summary>The one that the environment names; made when it is first needed.</summary>
    public static HttpDurableServiceClient Shared => s_shared.Value;

    /// <summary>Brings checkpoints over a channel from now on, if its server is the one that is called.</summary>
    public void CallOver(Channel channel) => _channel = _direct is null ? null : channel;

    public async Task<CheckpointResult> CheckpointAsync(
        string durableExecutionArn,
        string checkpointToken,
        IReadOnlyList<OperationUpdate> updates,
        CancellationToken cancellationToken)
    {
        // The same token in each try: a call whose answer was lost is not applied twice.
        var channel = _channel;
        var body = EnvelopeJson.WriteCheckpoint(
            channel is null ? null : durableExecutionArn, checkpointToken, updates, NextClientToken()).WrittenMemory;
        if (channel is not null)
        {
            var told = await TryAsync(() => CallOverAsync(channel, body), cancellationToken).ConfigureAwait(false);
            return EnvelopeJson.ReadCheckpointResult(told.Span);
        }

        var path = PathOf(durableExecutionArn) + "/checkpoint";
        var answer = await CallAsync(HttpMethod.Post, path, query: "", body, cancellationToken).ConfigureAwait(false);
        return EnvelopeJson.ReadCheckpointResult(answer);
    }

    public async Task<OperationPage> GetStateAsync(
        string durableExecutionArn, string checkpointToken, string marker, CancellationToken cancellationToken)
    {
        // Sorted by name, as the signature wants it.
        var query = $"CheckpointToken={Uri.EscapeDataString(checkpointToken)}"
            + $"&Marker={Uri.EscapeDataString(marker)}&MaxItems=1000";
        var path = PathOf(durableExecutionArn) + "/state";
        var answer = await CallAsync(HttpMethod.Get, path, query, default, cancellationToken).ConfigureAwait(false);
        return EnvelopeJson.ReadStatePage(answer);
    }

    private static string NextClientToken() => string.Create(
        CultureInfo.InvariantCulture, $"{s_clientTokens}{Interlocked.Increment(ref s_clientTokensGiven):x16}");

    private string PathOf(string durableExecutionArn) =>
        $"/2025-12-01/durable-executions/{Uri.EscapeDataString(durableExecutionArn)}";

    private Task<byte[]> CallAsync(
        HttpMethod method, string path, string query, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        TryAsync(
            () => _direct is null
                ? CallGenerallyAsync(method, path, query, body, cancellationToken)
                : CallDirectly(_direct, method, path, query, body.Span),
            cancellationToken);

    private async Task<T> TryAsync<T>(Func<Task<T>> callOnce, CancellationToken cancellationToken)
    {
        for (var call = 1; ; call++)
        {
            try
            {
                return await TryOnceAsync(callOnce, cancellationToken).ConfigureAwait(false);
            }
            catch (DurableServiceException e) when (e.IsTransient && call < CallsMax)
            {
                // Spread, so that functions that were throttled together do not come back together.
                var delay = TimeSpan.FromMilliseconds(100 * call * (0.5 + Random.Shared.NextDouble()));
                await Task.Delay(delay, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<T> TryOnceAsync<T>(Func<Task<T>> callOnce, CancellationToken cancellationToken)
    {
        try
        {
            return await callOnce().ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new DurableServiceException(
                $"The durable execution service at {_endpoint.Base} did not answer: {e.Message}", innerException: e);
        }
        catch (Exception e) when (e is TimeoutException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new DurableServiceException(
                $"The durable execution service at {_endpoint.Base} took too long to answer.", innerException: e);
        }
    }

    private async Task<byte[]> CallGenerallyAsync(
        HttpMethod method, string path, string query, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var uri = new Uri(_endpoint.Base + path + (query.Length == 0 ? "" : "?" + query), s_asWritten);
        using var request = new HttpRequestMessage(method, uri);
        if (method == HttpMethod.Post)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = s_json;
        }

        _endpoint.Sign(request, path, query, body.Span, DateTimeOffset.UtcNow);
        using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode
            ? answer
            : throw Refusal(
                (int)response.StatusCode,
                response.Headers.TryGetValues(ErrorTypeHeader, out var types) ? types.First() : null,
                answer);
    }

    private static async Task<ReadOnlyMemory<byte>> CallOverAsync(Channel channel, ReadOnlyMemory<byte> body)
    {
        var answer = await channel.CallAsync(body.Span).ConfigureAwait(false);
        return answer.Status is >= 200 and < 300
            ? answer.Body
            : throw Refusal(answer.Status, errorType: null, answer.Body.ToArray());
    }

    private Task<byte[]> CallDirectly(
        DirectClient direct, HttpMethod method, string path, string query, ReadOnlySpan<byte> body)
    {
        // Without a signature: a server that wanted one would not have said where it is.
        var target = $"{method.Method} {_target}{path}{(query.Length == 0 ? "" : "?")}{query} HTTP/1.1";
        var answer = direct.Call(DirectConnection.Request(target, _headers, body));
        return answer.Status is >= 200 and < 300
            ? Task.FromResult(answer.Body)
            : throw Refusal(answer.Status, answer.Header(ErrorTypeHeader), answer.Body);
    }

    private static DurableServiceException Refusal(int status, string? errorType, byte[] body)
    {
        var (code, message) = ((string?)null, (string?)null);
        try
        {
            using var document = JsonDocument.Parse(body);
            message = Member(document.RootElement, "message") ?? Member(document.RootElement, "Message");
            code = Member(document.RootElement, "__type") ?? Member(document.RootElement, "ErrorType");
        }
        catch (JsonException)
        {
            // Not the service's own words, perhaps a proxy's: they are shown as they are.
            message = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 500)));
        }

        code = errorType ?? code;
        return new DurableServiceException(
            string.IsNullOrEmpty(message)
                ? string.Create(CultureInfo.InvariantCulture, $"The durable execution service answered {status}.")
                : message,
            code?.Split(':')[0],
            status);
    }

    private static string? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
