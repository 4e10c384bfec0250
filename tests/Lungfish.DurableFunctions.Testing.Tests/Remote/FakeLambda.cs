using System.Net;
using System.Text;

namespace Lungfish.DurableFunctions.Testing.Tests.Remote;

/// <summary>Answers as the Lambda API would, from a script; and moves the clock with each request, so that nobody has
/// to sleep.</summary>
internal sealed class FakeLambda(VirtualClock clock) : HttpMessageHandler
{
    private readonly Queue<string> _histories = [];
    private string _lastHistory = "{\"Events\":[]}";

    /// <summary>Method, path as it was sent, and body of each request.</summary>
    public List<(string Method, string Path, string Body)> Requests { get; } = [];

    public List<string> Headers { get; } = [];

    /// <summary>What the next look at the history shows; the last one stays.</summary>
    public void Shows(string events, string? nextMarker = null) => _histories.Enqueue(
        $"{{\"Events\":[{events}]{(nextMarker is null ? "" : $",\"NextMarker\":\"{nextMarker}\"")}}}");

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        var path = request.RequestUri?.PathAndQuery ?? "";
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Add((request.Method.Method, path, body));
        Headers.AddRange(request.Headers.Select(header => $"{header.Key}: {string.Join(',', header.Value)}"));
        if (path.Contains("/invocations", StringComparison.Ordinal))
        {
            return path.Contains("/broken/", StringComparison.Ordinal) ? Refusal() : Started();
        }

        if (path.Contains("/history", StringComparison.Ordinal))
        {
            _lastHistory = _histories.TryDequeue(out var next) ? next : _lastHistory;
            return Json(_lastHistory);
        }

        return Json("{}");
    }

    private static HttpResponseMessage Started()
    {
        var response = new HttpResponseMessage(HttpStatusCode.Accepted);
        response.Headers.Add("X-Amz-Durable-Execution-Arn", RemoteRunnerTests.Arn);
        return response;
    }

    private static HttpResponseMessage Refusal()
    {
        var response = new HttpResponseMessage(HttpStatusCode.Conflict)
        {
            Content = new StringContent("{\"Type\":\"User\",\"message\":\"already there\"}"),
        };
        response.Headers.Add("x-amzn-ErrorType", "DurableExecutionAlreadyStartedException");
        return response;
    }

    private static HttpResponseMessage Json(string text) => new(HttpStatusCode.OK)
    {
        Content = new StringContent(text, Encoding.UTF8, "application/json"),
    };
}
