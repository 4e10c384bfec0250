using Lungfish.Bench.Driving;

namespace Lungfish.Bench.Workloads;

internal sealed class FloorWorkload(string id, Uri server, string path) : IWorkload
{
    public string Id => id;

    public async Task<IClient> OpenClientAsync(int number) =>
        new Client(await HttpConnection.OpenAsync(server), HttpConnection.Head(server, path));

    private sealed class Client(HttpConnection connection, byte[] head) : IClient
    {
        private static readonly byte[] Input = StateMachineWorkload.InputText.ToArray();

        public ValueTask RunOnceAsync() => connection.PostAsync(head, Input);

        public void Dispose() => connection.Dispose();
    }
}
