namespace Lungfish.Bench.Driving;

/// <summary>The same request many times, by many clients at once.</summary>
internal static class Burst
{
    public static async Task PostAsync(Uri url, byte[] head, Func<byte[]> body, int count, int clients)
    {
        var left = count;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            using var connection = await HttpConnection.OpenAsync(url);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await connection.PostAsync(head, body());
            }
        })));
    }
}
