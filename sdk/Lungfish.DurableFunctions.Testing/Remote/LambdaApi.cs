using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Lungfish.DurableFunctions.Testing.Remote;

/// <summary>The calls of the Lambda API that a test makes, as the AWS SDKs make them.</summary>
internal sealed class LambdaApi : ICallbackPort, IDisposable
{
    // The path goes out as it was signed: ARNs and callback ids hold slashes, escaped, in one segment.
    private static readonly UriCreationOptions s_asWritten = new()
    {
        DangerousDisablePathAndQueryCanonicalization = true,
    };

    private readonly ServiceEndpoint _endpoint;
    private readonly HttpClient _http;

    /// <param name="endpoint">Where the service is, and who calls.</param>
    /// <param name="handler">Sends what is signed; null for the sockets of the system.</param>
    public LambdaApi(ServiceEndpoint endpoint, HttpMessageHandler? handler)
    {
        _endpoint = endpoint;
        _http = handler is null ? new HttpClient() : new HttpClient(handler, disposeHandler: false);
    }

    /// <summary>Starts an execution, and returns its ARN.</summary>
    public async Task<string> StartAsync(
        string functionName,
        string qualifier,
        string? executionName,
        string payload,
        CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            HttpMethod.Post,
            $"/2015-03-31/functions/{Escape(functionName)}/invocations",
            $"Qualifier={Escape(qualifier)}",
            Encoding.UTF8.GetBytes(payload),
            request =>
            {
                request.Headers.Add("X-Amz-Invocation-Type", "Event");
                if (executionName is not null)
                {
                    request.Headers.Add("X-Amz-Durable-Execution-Name", executionName);
                }
            },
            cancellationToken).ConfigureAwait(false);
        return response.Headers.TryGetValues("X-Amz-Durable-Execution-Arn", out var values)
            ? values.First()
            : throw new DurableServiceException(
                $"The service started no durable execution: is '{functionName}' a durable function?");
    }

    /// <summary>The whole history.</summary>
    public async Task<IReadOnlyList<HistoryEvent>> ReadHistoryAsync(
        string executionArn, CancellationToken cancellationToken)
    {
        var events = new List<HistoryEvent>();
        string? marker = null;
        do
        {
            // Sorted by name, as the signature wants it.
            var query = marker is null ? "" : $"&Marker={Escape(marker)}";
            using var response = await SendAsync(
                HttpMethod.Get,
                $"/2025-12-01/durable-executions/{Escape(executionArn)}/history",
                $"IncludeExecutionData=true{query}&MaxItems=1000",
                body: null,
                addHeaders: null,
                cancellationToken).ConfigureAwait(false);
            using var page = await JsonDocument.ParseAsync(
                await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false),
                cancellationToken: cancellationToken).ConfigureAwait(false);
            (var read, marker) = RemoteHistory.ReadPage(page.RootElement);
            events.AddRange(read);
        }
        while (marker is not null);

        return events;
    }

    public Task StopAsync(string executionArn, ErrorObject? error, CancellationToken cancellationToken) =>
        PostAsync(
            $"/2025-12-01/durable-executions/{Escape(executionArn)}/stop",
            error is null ? [] : Write(error),
            cancellationToken);

    public Task SucceedAsync(string callbackId, string? text, CancellationToken cancellationToken) =>
        PostAsync(CallbackPath(callbackId, "succeed"), Encoding.UTF8.GetBytes(text ?? ""), cancellationToken);

    public Task FailAsync(string callbackId, ErrorObject error, CancellationToken cancellationToken) =>
        PostAsync(CallbackPath(callbackId, "fail"), Write(error), cancellationToken);

    public Task HeartbeatAsync(string callbackId, CancellationToken cancellationToken) =>
        PostAsync(CallbackPath(callbackId, "heartbeat"), [], cancellationToken);

    public void Dispose() => _http.Dispose();

    private static string CallbackPath(string callbackId, string verb) =>
        $"/2025-12-01/durable-execution-callbacks/{Escape(callbackId)}/{verb}";

    private static string Escape(string text) => Uri.EscapeDataString(text);

    private async Task PostAsync(string path, byte[] body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            HttpMethod.Post, path, query: "", body, addHeaders: null, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string query,
        byte[]? body,
        Action<HttpRequestMessage>? addHeaders,
        CancellationToken cancellationToken)
    {
        var uri = new Uri($"{_endpoint.Base}{path}{(query.Length == 0 ? "" : "?")}{query}", s_asWritten);
        using var request = new HttpRequestMessage(method, uri);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        addHeaders?.Invoke(request);
        _endpoint.Sign(request, path, query, body, DateTimeOffset.UtcNow);
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException unreachable)
        {
            throw new DurableServiceException(
                $"The service at {_endpoint.Base} cannot be reached: {unreachable.Message}",
                innerException: unreachable);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            var code = response.Headers.TryGetValues("x-amzn-ErrorType", out var names) ? names.First() : null;
            throw new DurableServiceException(
                MessageOf(text, response.StatusCode), code?.Split(':')[0], (int)response.StatusCode);
        }
    }

    private static string MessageOf(string body, HttpStatusCode status)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object
                && (root.TryGetProperty("message", out var message) || root.TryGetProperty("Message", out message)))
            {
                return message.ToString();
            }
        }
        catch (JsonException)
        {
            // A proxy in between speaks its own language; what it says is all there is to tell.
        }

        return $"The service answered {(int)status}: {body}";
    }

    private static byte[] Write(ErrorObject error)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteIfSet(writer, "ErrorType", error.ErrorType);
            WriteIfSet(writer, "ErrorMessage", error.ErrorMessage);
            WriteIfSet(writer, "ErrorData", error.ErrorData);
            if (error.StackTrace is { } lines)
            {
                writer.WriteStartArray("StackTrace");
                foreach (var line in lines)
                {
                    writer.WriteStringValue(line);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteIfSet(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
