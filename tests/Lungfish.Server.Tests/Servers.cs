using Lungfish.Server.Hosting;
using Lungfish.Tests.Shared;

namespace Lungfish.Server.Tests;

/// <summary>Whole servers, where <see cref="EdgeUnderTest"/> is not enough.</summary>
internal static class Servers
{
    /// <summary>Starts one on a free port that logs nothing.</summary>
    /// <param name="with">Changes its options.</param>
    public static Task<LungfishServer> StartAsync(
        TemporaryFolder data, Func<ServerOptions, ServerOptions>? with = null)
    {
        var options = new ServerOptions
        {
            DataDirectory = data.Path,
            Urls = ["http://127.0.0.1:0"],
            ConfigureLogging = _ => { },
        };
        return LungfishServer.StartAsync(with?.Invoke(options) ?? options, TestContext.Current.CancellationToken);
    }
}
