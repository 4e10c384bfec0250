using Lungfish.Bench.Driving;

namespace Lungfish.Bench.Workloads;

/// <summary>Executions that one request starts and sees the end of: those of the floor, and of engines that offer
/// that.</summary>
internal sealed class PostWorkload(string id, Uri server, string path) : IWorkload
{
    public string Id => id;

    public async Task<IClient> OpenClientAsync(int number) => new Client(
        await HttpConnection.OpenAsync(server), HttpConnection.Head(server, path, contentType: "application/json"));

    private sealed class Client(HttpConnection connection, byte[] head) : IClient
    {
        private static readonly byte[] Input = StateMachineWorkload.InputText.ToArray();

        public ValueTask RunOnceAsync() => connection.PostAsync(head, Input);

        public void Dispose() => connection.Dispose();
    }
}
