using System.Globalization;
using System.Text;
using System.Text.Json;
using Lungfish.Bench.Driving;

namespace Lungfish.Bench.Workloads;

/// <summary>What an SDK costs by itself: a durable function is invoked as a plain one, with the envelope as its event,
/// and its checkpoints are answered at once, without engine and disk.</summary>
internal sealed class AloneWorkload(string id, LungfishTarget target) : IWorkload
{
    public string Id => id;

    public async Task<IClient> OpenClientAsync(int number) => new Client(
        number,
        await HttpConnection.OpenAsync(target.Url),
        HttpConnection.Head(target.Url, $"/2015-03-31/functions/{id}/invocations?Qualifier=$LATEST"));

    private sealed class Client(int number, HttpConnection connection, byte[] head) : IClient
    {
        private int _started;

        public async ValueTask RunOnceAsync()
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{number}-{++_started}");
            await connection.PostAsync(head, Envelope(name));
            if (connection.Body.IndexOf("SUCCEEDED"u8) < 0)
            {
                throw new InvalidOperationException(
                    $"Execution {name} ended as {Encoding.UTF8.GetString(connection.Body)}.");
            }
        }

        public void Dispose() => connection.Dispose();

        private static byte[] Envelope(string name) => JsonSerializer.SerializeToUtf8Bytes(new
        {
            DurableExecutionArn =
                $"arn:aws:lambda:us-east-1:000000000000:function:alone:$LATEST/durable-execution/{name}/{name}",
            CheckpointToken = "a-token-of-about-the-length-that-the-server-gives-to-its-functions-0123456789",
            InitialExecutionState = new
            {
                Operations = new[]
                {
                    new
                    {
                        Id = name,
                        Type = "EXECUTION",
                        Status = "STARTED",
                        StartTimestamp = 1_700_000_000_000,
                        ExecutionDetails = new { InputPayload = $$"""{"name":"{{name}}","number":4711}""" },
                    },
                },
                NextMarker = "",
            },
        });
    }
}
