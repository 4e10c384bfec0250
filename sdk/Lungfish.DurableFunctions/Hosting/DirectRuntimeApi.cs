using System.Net.Sockets;

namespace Lungfish.DurableFunctions;

/// <summary>The Runtime API of the server that started this program.</summary>
/// <remarks>
/// An answer asks for more work too, or that request travels with it, and the thread that sent them waits for what
/// comes: the next invocation begins on a thread that is awake, with no other in between. Each connection has one
/// invocation at a time, so that the thread has nothing else to do meanwhile.
/// </remarks>
internal sealed class DirectRuntimeApi : IRuntimeApi
{
    private const string Prefix = "/2018-06-01/runtime/";
    private const string ErrorHeader = "Lambda-Runtime-Function-Error-Type: Unhandled\r\n";

    private static readonly Lock s_pool = new();

    private readonly DirectConnection _connection;
    private readonly string _headers;
    private readonly byte[] _next;
    private readonly bool _answersAsk;
    private int _unread; // Answers that nobody looks at, and that come first.
    private bool _hasAsked;

    /// <param name="address">Host and port.</param>
    /// <param name="extensions">What the server can do beyond Lambda's Runtime API, as words; null for nothing.</param>
    public DirectRuntimeApi(string address, string? extensions)
    {
        _answersAsk = extensions?.Split(' ').Contains("answer-next") is true;
        var colon = address.LastIndexOf(':');
        var port = int.Parse(address.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture);
        _connection = DirectConnection.Open(address[..colon], port, patience: null);
        _headers = $"Host: {address}\r\n";
        _next = DirectConnection.Request($"GET {Prefix}invocation/next HTTP/1.1", _headers, []);

        // The thread that waits is one of the pool's, which starts others late if all of its first ones are taken.
        lock (s_pool)
        {
            ThreadPool.GetMinThreads(out var workers, out var completions);
            ThreadPool.SetMinThreads(workers + 1, completions);
        }
    }

    public Task<RuntimeInvocation?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var closing = cancellationToken.UnsafeRegister(
                static connection => ((DirectConnection?)connection)?.Dispose(), _connection);
            return Task.FromResult(Next());
        }
        catch (Exception e) when (e is SocketException or HttpRequestException or ObjectDisposedException)
        {
            return Task.FromResult<RuntimeInvocation?>(null);
        }
    }

    public Task AnswerAsync(RuntimeInvocation invocation, byte[] answer, CancellationToken cancellationToken)
    {
        Post($"invocation/{invocation.RequestId}/response", "", answer);
        return Task.CompletedTask;
    }

    public Task ReportErrorAsync(RuntimeInvocation invocation, byte[] error, CancellationToken cancellationToken)
    {
        Post($"invocation/{invocation.RequestId}/error", ErrorHeader, error);
        return Task.CompletedTask;
    }

    public Task ReportInitErrorAsync(byte[] error, CancellationToken cancellationToken)
    {
        _connection.Send(Request("init/error", ErrorHeader, error));
        _connection.Receive(); // The program may end when this has arrived.
        return Task.CompletedTask;
    }

    public void Dispose() => _connection.Dispose();

    private RuntimeInvocation? Next()
    {
        if (!_hasAsked)
        {
            _connection.Send(_next);
        }

        // If one of them is a refusal, the platform has given the invocation up, and the next one counts.
        for (; _unread > 0; _unread--)
        {
            _connection.Receive();
        }

        var answer = _connection.Receive();
        _hasAsked = false;
        return answer.Status == 200 ? RuntimeHeaders.Read(answer.Header, answer.Body) : null;
    }

    private void Post(string call, string headers, byte[] body)
    {
        try
        {
            if (_answersAsk)
            {
                _connection.Send(Request(call + "/next", headers, body));
            }
            else
            {
                _connection.Send([.. Request(call, headers, body), .. _next]);
                _unread++;
            }
        }
        catch (SocketException)
        {
            // The platform has gone, and says so when it is asked for more.
        }

        _hasAsked = true;
    }

    private byte[] Request(string call, string headers, byte[] body) => DirectConnection.Request(
        $"POST {Prefix}{call} HTTP/1.1", $"{_headers}Content-Type: application/json\r\n{headers}", body);
}
