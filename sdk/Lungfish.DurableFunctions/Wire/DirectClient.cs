using System.Net.Sockets;

namespace Lungfish.DurableFunctions;

/// <summary>Calls the server that started this program, over a connection that stays open.</summary>
/// <remarks>The thread waits for the answer: it has nothing else to do, and no other has to be woken.</remarks>
internal sealed class DirectClient(Uri server, TimeSpan patience)
{
    private const int TriesMax = 2;

    private DirectConnection? _idle;

    /// <exception cref="HttpRequestException">There was no answer.</exception>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    public HttpAnswer Call(ReadOnlySpan<byte> request)
    {
        for (var tries = 1; ; tries++)
        {
            var kept = tries == 1 ? Interlocked.Exchange(ref _idle, null) : null;
            var connection = kept;
            try
            {
                connection ??= DirectConnection.Open(server.IdnHost, server.Port, patience);
                connection.Send(request);
                var answer = connection.Receive();
                Interlocked.Exchange(ref _idle, connection)?.Dispose();
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
