using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Lungfish.Cli.CommandLine;
using Lungfish.Json;

namespace Lungfish.Cli.Client;

/// <summary>Sends requests to a server and reads its answers and refusals.</summary>
/// <param name="readerIsGone">Ends answers that come line by line.</param>
internal sealed class ServerConnection(
    Uri endpoint, HttpMessageHandler handler, CancellationToken readerIsGone) : IDisposable
{
    private readonly HttpClient _http = new(handler) { BaseAddress = endpoint, Timeout = Timeout.InfiniteTimeSpan };

    public Uri Endpoint => endpoint;

    /// <summary>Calls an operation of the Step Functions API by its protocol, AWS JSON 1.0.</summary>
    public async Task<JsonObject> CallAsync(string operation, JsonObject input, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new ByteArrayContent(input.ToUtf8()),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.0");
        request.Headers.Add("X-Amz-Target", $"AWSStepFunctions.{operation}");
        using var response = await SendAsync(request, cancellationToken);
        return Require(await ReadAsync(response, cancellationToken));
    }

    public async Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);

        // On this thread: to compile what HttpClient awaits with takes a seventh of a short command's processor time.
        using var response = await CheckAsync(
            () => Task.FromResult(_http.Send(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)),
            cancellationToken);
        return Require(await ReadAsync(response, cancellationToken));
    }

    public async Task<JsonObject> SendJsonAsync(
        HttpMethod method, string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body.ToUtf8()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await SendAsync(request, cancellationToken);
        return Require(await ReadAsync(response, cancellationToken));
    }

    /// <summary>Reads an answer of one JSON object a line, as they come.</summary>
    public async IAsyncEnumerable<JsonObject> ReadLinesAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, readerIsGone);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await SendAsync(request, either.Token);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(either.Token), Encoding.UTF8);
        while (await WholeAsync(lines.ReadLineAsync(either.Token).AsTask()) is { } line)
        {
            if (line.Length > 0)
            {
                yield return Require(Parse(Encoding.UTF8.GetBytes(line)));
            }
        }
    }

    /// <returns>The answer once its headers are there; a refusal throws.</returns>
    /// <exception cref="ServerRefusal">The server said no.</exception>
    /// <exception cref="CommandException">There is no server.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        CheckAsync(
            () => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken),
            cancellationToken);

    private async Task<HttpResponseMessage> CheckAsync(
        Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await send();
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await RefusalAsync(response, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <exception cref="CommandException">The server ended before it had answered all.</exception>
    public async Task<string> ReadTextAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await WholeAsync(response.Content.ReadAsByteArrayAsync(cancellationToken)));

    private async Task<JsonValue> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var bytes = await WholeAsync(response.Content.ReadAsByteArrayAsync(cancellationToken));
        return bytes.Length == 0 ? JsonObject.Empty : Parse(bytes);
    }

    private async Task<T> WholeAsync<T>(Task<T> reading)
    {
        try
        {
            return await reading;
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new CommandException(
                ExitCode.Unreachable,
                $"The server at {endpoint.ToString().TrimEnd('/')} ended in the middle of its answer.",
                "lungfish doctor          tells whether one answers again");
        }
    }

    private JsonValue Parse(byte[] utf8)
    {
        try
        {
            return JsonValue.Parse(utf8);
        }
        catch (JsonParseException)
        {
            throw NotLungfish();
        }
    }

    private JsonObject Require(JsonValue value) => value as JsonObject ?? throw NotLungfish();

    private async Task<Exception> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(response, cancellationToken) as JsonObject ?? JsonObject.Empty;

        // The AWS protocols name the code in __type or in a header, the server's own API in code.
        var type = body.Text("__type") ?? body.Text("code")
            ?? (response.Headers.TryGetValues("x-amzn-ErrorType", out var types) ? types.First() : null);
        if (type is null && body.Count == 0)
        {
            return NotLungfish();
        }

        var code = (type ?? $"HTTP {(int)response.StatusCode}").Split('#')[^1].Split(':')[0];
        return new ServerRefusal(code, body.Text("message") ?? body.Text("Message") ?? "", (int)response.StatusCode);
    }

    private CommandException Unreachable(HttpRequestException e)
    {
        var reason = e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } or null
            ? "" : $" ({e.InnerException.Message.TrimEnd('.')})";
        return new CommandException(
            ExitCode.Unreachable,
            $"No server answers at {endpoint.ToString().TrimEnd('/')}{reason}.",
            "lungfish dev PATH        starts one",
            "--endpoint URL           names another; LUNGFISH_ENDPOINT does it for a whole shell");
    }

    private CommandException NotLungfish() => new(
        ExitCode.Unreachable,
        $"What answers at {endpoint.ToString().TrimEnd('/')} is not a Lungfish server.",
        "--endpoint URL           names another one");
}
