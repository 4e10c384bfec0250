using Lungfish.Bench.Driving;
using Lungfish.Bench.Workloads;

namespace Lungfish.Bench.Peers;

/// <summary>Another engine, run by a script of <c>bench/peers</c>.</summary>
/// <param name="Beside">Those of our workloads that it runs the like of.</param>
/// <param name="ClientsMax">More of them would have to wait for too long.</param>
internal sealed record Peer(
    string Name,
    IReadOnlyList<string> Beside,
    int ClientsMax,
    Func<string, Uri, IWorkload> Create)
{
    /// <summary>Their processes of Node run many invocations at once.</summary>
    private static readonly string[] Durable =
    [
        "w1-durable-node-concurrent", "w2-durable-node-concurrent", "w3-durable-node-concurrent", "w5-durable-node",
    ];

    public static IReadOnlyList<Peer> All { get; } =
    [
        new("restate", Durable, 64, (id, url) => new PostWorkload(id, url, "/bench/" + id)),
        new("dbos", Durable, 64, (id, url) => new PostWorkload(id, url, "/" + id)),
        // It takes a thread of Python for each branch, and seconds for w7: 64 clients would wait for minutes.
        new("moto", ["w1", "w5", "w7"], 1, (id, url) => new PollingWorkload(id, url)),
    ];

    /// <summary>Installs it where that is missing, and starts it.</summary>
    /// <returns>Null: it cannot be had here; the script has said why.</returns>
    public async Task<ChildServer?> StartAsync(string directory)
    {
        Directory.CreateDirectory(directory);
        var server = await ChildServer.TryStartProcessAsync(
            Path.GetFullPath(Path.Combine("bench", "peers", "start")), [Name, directory]);
        if (server is null)
        {
            await Console.Error.WriteLineAsync($"{Name} is skipped.");
        }

        return server;
    }
}
