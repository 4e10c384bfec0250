using System.Globalization;
using System.Text;
using System.Text.Json;
using Lungfish.Bench.Driving;

namespace Lungfish.Bench.Workloads;

/// <summary>Executions of one state machine. Their ends are pushed; a task that waits for its token gets it
/// back.</summary>
internal sealed class StateMachineWorkload(string id, LungfishTarget target, string stateMachineArn, bool answersTokens)
    : IWorkload
{
    private long _started;

    public static ReadOnlySpan<byte> InputText => """{"order":4711,"customer":"a-customer","total":129.5}"""u8;

    public string Id => id;

    public async Task<IClient> OpenClientAsync(int number) =>
        new Client(this, number, await HttpConnection.OpenAsync(target.Url));

    /// <summary>Begins at random, as names made of UUIDs do; ends with the client, see <see cref="Waiters"/>.</summary>
    private string NewName(int client) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Random.Shared.NextInt64():x16}-{Interlocked.Increment(ref _started)}-{client}");

    private sealed class Client(StateMachineWorkload workload, int number, HttpConnection connection) : IClient
    {
        private readonly LungfishTarget _target = workload.Target;
        private readonly byte[] _start = Head(workload, "StartExecution");
        private readonly byte[] _succeed = Head(workload, "SendTaskSuccess");
        private readonly string _input = JsonSerializer.Serialize(Encoding.UTF8.GetString(InputText));

        public async ValueTask RunOnceAsync()
        {
            var name = workload.NewName(number);
            var ended = _target.Completions.Expect(number, name);
            var handedOver = workload.AnswersTokens ? _target.Tokens.Expect(number, name) : null;
            await connection.PostAsync(_start, Encoding.UTF8.GetBytes(
                $$"""{"stateMachineArn":"{{workload.StateMachineArn}}","name":"{{name}}","input":{{_input}}}"""));
            if (handedOver is not null)
            {
                var token = await handedOver;
                await connection.PostAsync(_succeed, Encoding.UTF8.GetBytes(
                    $$"""{"taskToken":"{{token}}","output":"{\"approved\":true}"}"""));
            }

            if (await ended is var status && status != "SUCCEEDED")
            {
                throw new InvalidOperationException($"Execution {name} of {workload.Id} ended as {status}.");
            }
        }

        private static byte[] Head(StateMachineWorkload workload, string operation) =>
            HttpConnection.Head(workload.Target.Url, "/", "AWSStepFunctions." + operation);

        public void Dispose() => connection.Dispose();
    }

    private LungfishTarget Target => target;

    private string StateMachineArn => stateMachineArn;

    private bool AnswersTokens => answersTokens;
}
