using System.Net;

namespace Lungfish.Bench.Driving;

/// <summary>The same request many times, by many clients at once. What is throttled is sent again, as every SDK
/// does.</summary>
internal static class Burst
{
    private static readonly TimeSpan PauseWhenThrottled = TimeSpan.FromMilliseconds(100);

    public static async Task PostAsync(Uri url, byte[] head, Func<byte[]> body, int count, int clients)
    {
        var left = count;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            using var connection = await HttpConnection.OpenAsync(url);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await PostAsync(connection, head, body);
            }
        })));
    }

    private static async Task PostAsync(HttpConnection connection, byte[] head, Func<byte[]> body)
    {
        while (true)
        {
            try
            {
                await connection.PostAsync(head, body());
                return;
            }
            catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.TooManyRequests)
            {
                await Task.Delay(PauseWhenThrottled);
            }
        }
    }
}
