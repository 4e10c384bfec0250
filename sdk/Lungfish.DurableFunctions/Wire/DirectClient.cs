using System.Net.Sockets;

namespace Lungfish.DurableFunctions;

/// <summary>Calls the server that started this program, over connections that stay open.</summary>
internal sealed class DirectClient(Uri server, TimeSpan patience)
{
    private const int TriesMax = 2;

    private DirectConnection? _idle;

    /// <exception cref="HttpRequestException">There was no answer.</exception>
    /// <exception cref="OperationCanceledException">Also if there was none in time.</exception>
    public async Task<HttpAnswer> CallAsync(byte[] request, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(patience);
        for (var tries = 1; ; tries++)
        {
            var kept = tries == 1 ? Interlocked.Exchange(ref _idle, null) : null;
            var connection = kept ?? await OpenAsync(timeout.Token).ConfigureAwait(false);
            try
            {
                var answer = await connection.CallAsync(request, timeout.Token).ConfigureAwait(false);
                Interlocked.Exchange(ref _idle, connection)?.Dispose();
                return answer;
            }
            catch (Exception e) when (e is SocketException or HttpRequestException)
            {
                connection.Dispose();
                if (kept is null || tries == TriesMax)
                {
                    throw e as HttpRequestException ?? new HttpRequestException(e.Message, e);
                }

                // The server may have closed a connection that was idle for long. All calls can be repeated: that is
                // what their tokens are for.
            }
            catch (OperationCanceledException)
            {
                connection.Dispose(); // An answer would still come on it.
                throw;
            }
        }
    }

    private async Task<DirectConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await DirectConnection.OpenAsync(server.IdnHost, server.Port, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new HttpRequestException(e.Message, e);
        }
    }
}
