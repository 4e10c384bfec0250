using System.Net;
using System.Text;

namespace Lungfish.Integrations.Tests;

/// <summary>An endpoint that answers what a test tells it to, and keeps what it was asked.</summary>
internal sealed class FakeS3 : IAsyncDisposable
{
    /// <summary>As a body: the connection breaks off in the middle of one.</summary>
    public const string Broken = "broken";

    private readonly HttpListener _listener;
    private readonly Queue<(int Status, string Body)> _answers;
    private readonly Task _loop;

    public FakeS3(params (int Status, string Body)[] answers)
    {
        _answers = new(answers);
        (_listener, Url) = Listen();
        _loop = AnswerAsync();
    }

    public Uri Url { get; }

    /// <summary>Method, target and headers of each request, in order.</summary>
    public List<(string Request, WebHeaderCollection Headers)> Asked { get; } = [];

    /// <summary>The body of each request, in order.</summary>
    public List<string> Bodies { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _loop;
        _listener.Close();
    }

    private static (HttpListener Listener, Uri Url) Listen()
    {
        while (true)
        {
            var url = $"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/";
            var listener = new HttpListener { Prefixes = { url } };
            try
            {
                listener.Start();
                return (listener, new Uri(url));
            }
            catch (HttpListenerException)
            {
                // Somebody has that port, and a listener that did not start is spent: the next one tries another.
            }
        }
    }

    private async Task AnswerAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext http;
            try
            {
                http = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // The test is over.
            }

            Asked.Add(($"{http.Request.HttpMethod} {http.Request.RawUrl}", (WebHeaderCollection)http.Request.Headers));
            using (var content = new StreamReader(http.Request.InputStream))
            {
                Bodies.Add(await content.ReadToEndAsync());
            }

            var (status, body) = _answers.Count > 1 ? _answers.Dequeue() : _answers.Peek();
            http.Response.StatusCode = status;
            http.Response.Headers["x-amz-request-id"] = "REQ";
            http.Response.Headers["x-amz-id-2"] = "EXT";
            if (body == Broken)
            {
                http.Response.ContentLength64 = 100;
                await http.Response.OutputStream.WriteAsync("[1,2"u8.ToArray());
                http.Response.Abort();
                continue;
            }

            if (http.Request.HttpMethod != "HEAD")
            {
                await http.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
            }

            http.Response.Close();
        }
    }
}

/// <summary>A clock whose delays are over at once.</summary>
internal sealed class ImpatientTime : TimeProvider
{
    /// <summary>How long each delay would have been.</summary>
    public List<TimeSpan> Delays { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Delays.Add(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
