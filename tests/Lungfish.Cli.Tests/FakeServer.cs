using System.Net;
using System.Text;
using Lungfish.Json;

namespace Lungfish.Cli.Tests;

/// <summary>Takes the place of the network.</summary>
internal abstract class StubHandler : HttpMessageHandler
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken).GetAwaiter().GetResult();
}

/// <summary>Answers the requests of commands: a table of operations and paths, and a record of what was sent.</summary>
internal sealed class FakeServer : StubHandler
{
    private readonly Dictionary<string, Func<string, (HttpStatusCode Status, string Body)>> _answers = [];

    /// <summary>Operation or path, and body, in the order in which they came.</summary>
    public List<(string What, string Body)> Requests { get; } = [];

    /// <param name="what">An operation such as StartExecution, or a path such as /api/callbacks; one with a query
    /// goes before the same without.</param>
    public FakeServer Answers(string what, string body, HttpStatusCode status = HttpStatusCode.OK)
    {
        _answers[what] = _ => (status, body);
        return this;
    }

    public FakeServer Answers(string what, Func<string, string> body)
    {
        _answers[what] = sent => (HttpStatusCode.OK, body(sent));
        return this;
    }

    public FakeServer Refuses(string what, string code, string message) =>
        Answers(what, JsonObject.Of(("__type", code), ("message", message)).ToText(), HttpStatusCode.BadRequest);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var what = request.Headers.TryGetValues("X-Amz-Target", out var targets)
            ? targets.Single().Split('.')[1]
            : Uri.UnescapeDataString(request.RequestUri?.AbsolutePath ?? "");
        Requests.Add((what, body));
        var (status, answer) =
            _answers.TryGetValue(Uri.UnescapeDataString(request.RequestUri?.PathAndQuery ?? ""), out var respond)
            || _answers.TryGetValue(what, out respond)
            ? respond(body)
            : (HttpStatusCode.NotFound, """{"__type": "UnknownOperationException", "message": "nothing there"}""");
        return new HttpResponseMessage(status) { Content = new StringContent(answer, Encoding.UTF8) };
    }
}

/// <summary>A socket where nobody listens.</summary>
internal sealed class NoServer : StubHandler
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new HttpRequestException(
            "Connection refused",
            new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused));
}

/// <summary>Ends after the first bytes of each answer.</summary>
internal sealed class KilledServer : StubHandler
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new BrokenStream()) });

    private sealed class BrokenStream() : MemoryStream("{"u8.ToArray())
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < Length
                ? base.ReadAsync(buffer, cancellationToken)
                : throw new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely.");

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            throw new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely.");
    }
}
