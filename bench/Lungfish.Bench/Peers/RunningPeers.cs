using Lungfish.Bench.Driving;
using Lungfish.Bench.Measuring;

namespace Lungfish.Bench.Peers;

/// <summary>The peers that could be started.</summary>
internal sealed class RunningPeers : IAsyncDisposable
{
    private readonly List<(Peer Peer, ChildServer Server)> _running = [];

    private RunningPeers()
    {
    }

    public static async Task<RunningPeers> StartAsync(IReadOnlyList<Peer> peers, string directory)
    {
        var running = new RunningPeers();
        foreach (var peer in peers)
        {
            if (await peer.StartAsync(Path.Combine(directory, peer.Name)) is { } server)
            {
                running._running.Add((peer, server));
            }
        }

        return running;
    }

    /// <summary>What they run beside that workload of ours.</summary>
    public IEnumerable<Target> Beside(string workload) =>
        from one in _running
        where one.Peer.Beside.Contains(workload)
        let id = workload.Split('-')[0]
        let clientsMax = id == "w5" ? 1 : one.Peer.ClientsMax // 64 clients have 64,000 branches: that takes minutes.
        select new Target(one.Peer.Name, one.Peer.Create(id, one.Server.Url), one.Server.ProcessId, clientsMax);

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, server) in _running)
        {
            await server.DisposeAsync();
        }
    }
}
