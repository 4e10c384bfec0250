using System.Globalization;
using System.Text;
using Lungfish.Bench.Driving;

namespace Lungfish.Bench.Workloads;

/// <summary>Executions of a durable function, invoked synchronously: the answer is the end. One whose
/// callback is answered later hands its id over, and gets the answer from here.</summary>
internal sealed class DurableWorkload(string id, LungfishTarget target) : IWorkload
{
    private long _started;

    public string Id => id;

    public async Task<IClient> OpenClientAsync(int number) => new Client(
        this, number, await HttpConnection.OpenAsync(target.Url), await HttpConnection.OpenAsync(target.Url));

    private bool AnswersCallbacks => id.StartsWith("w3later-", StringComparison.Ordinal);

    private sealed class Client(
        DurableWorkload workload, int number, HttpConnection invoking, HttpConnection answering) : IClient
    {
        private readonly byte[] _invoke = HttpConnection.Head(
            workload.Target.Url, $"/2015-03-31/functions/{workload.Id}/invocations?Qualifier=$LATEST");

        public async ValueTask RunOnceAsync()
        {
            var name = string.Create(
                CultureInfo.InvariantCulture,
                $"{Random.Shared.NextInt64():x16}-{Interlocked.Increment(ref workload._started)}-{number}");
            var handedOver = workload.AnswersCallbacks ? workload.Target.Tokens.Expect(number, name) : null;
            var ended = invoking.PostAsync(_invoke, Encoding.UTF8.GetBytes(
                $$"""{"name":"{{name}}","number":4711,"customer":"a-customer","total":129.5}"""));
            if (handedOver is not null)
            {
                var callbackId = Uri.EscapeDataString(await handedOver);
                await answering.PostAsync(
                    HttpConnection.Head(
                        workload.Target.Url, $"/2025-12-01/durable-execution-callbacks/{callbackId}/succeed"),
                    "{\"approved\":true}"u8.ToArray());
            }

            await ended;
        }

        public void Dispose()
        {
            invoking.Dispose();
            answering.Dispose();
        }
    }

    private LungfishTarget Target => target;
}
