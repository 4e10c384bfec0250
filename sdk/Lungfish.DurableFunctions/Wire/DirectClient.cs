using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Lungfish.DurableFunctions;

/// <summary>Calls the server that started this program, over connections that stay open: one for each call that is
/// under way at the same time.</summary>
/// <remarks>The thread waits for the answer: it has nothing else to do, and no other has to be woken. An invocation has
/// one call under way at a time.</remarks>
internal sealed class DirectClient(Uri server, TimeSpan patience)
{
    private const int TriesMax = 2;

    private readonly ConcurrentStack<DirectConnection> _idle = []; // The last one used is the next one used.

    /// <exception cref="HttpRequestException">There was no answer.</exception>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    public HttpAnswer Call(ReadOnlySpan<byte> request)
    {
        for (var tries = 1; ; tries++)
        {
            var kept = tries == 1 && _idle.TryPop(out var idle) ? idle : null;
            var connection = kept;
            try
            {
                connection ??= DirectConnection.Open(server.IdnHost, server.Port, patience);
                connection.Send(request);
                var answer = connection.Receive();
                _idle.Push(connection);
                return answer;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut)
            {
                connection?.Dispose(); // An answer would still come on it.
                throw new TimeoutException(e.Message, e);
            }
            catch (Exception e) when (e is SocketException or HttpRequestException)
            {
                connection?.Dispose();
                if (kept is null || tries == TriesMax)
                {
                    throw e as HttpRequestException ?? new HttpRequestException(e.Message, e);
                }

                // The server may have closed a connection that was idle for long. All calls can be repeated: that is
                // what their tokens are for.
            }
        }
    }
}
