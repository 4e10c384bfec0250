using Lungfish.Server.Hosting;

namespace Lungfish.Bench.Hosting;

/// <summary>The server under test with its durable defaults, two more kinds of tasks and the durable functions.
/// </summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(string dataDirectory)
    {
        var handedOver = new HandOverTask();
        await using var closed = new ClosedCount();
        await using var server = await LungfishServer.StartAsync(
            new ServerOptions
            {
                DataDirectory = dataDirectory,
                Urls = ["http://127.0.0.1:0"],
                MoreTaskHandlers = [new NoopTask(), handedOver],
                MapMore = routes =>
                {
                    handedOver.Map(routes);
                    closed.Map(routes);
                    AtOnce.Map(routes);
                    GivenBack.Map(routes);
                },
            },
            CancellationToken.None);
        closed.Connect(server.Engine);
        await BenchFunctions.CreateAsync(server.Functions, server.Url);
        await ChildProtocol.SayReadyAndWaitAsync(server.Url);
        return 0;
    }
}
