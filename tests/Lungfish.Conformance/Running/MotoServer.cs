using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Lungfish.Tests.Shared;

namespace Lungfish.Conformance.Running;

/// <summary>moto's S3, SQS and SNS as a process, where the machine's Python has it.</summary>
internal sealed class MotoServer : IAsyncDisposable
{
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private MotoServer(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    /// <returns>Null: Python cannot import it.</returns>
    public static async Task<MotoServer?> StartAsync()
    {
        if (!await IsThereAsync())
        {
            return null;
        }

        var port = FreePort().ToString(CultureInfo.InvariantCulture);
        var process = Start("-m", "moto.server", "-H", "127.0.0.1", "-p", port);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var moto = new MotoServer(process, new Uri($"http://127.0.0.1:{port}"));
        using var client = new HttpClient { BaseAddress = moto.Url };
        await Poll.UntilAsync(
            async () =>
            {
                try
                {
                    using var answer = await client.GetAsync(new Uri("/moto-api/", UriKind.Relative));
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException e)
                {
                    return process.HasExited ? throw new InvalidOperationException("moto ended.", e) : false;
                }
            },
            s_startTimeout,
            "moto");
        return moto;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> IsThereAsync()
    {
        try
        {
            using var python = Start("-c", "import moto.server");
            python.BeginOutputReadLine();
            python.BeginErrorReadLine();
            await python.WaitForExitAsync();
            return python.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // There is no Python at all.
        }
    }

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("python3", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        }) ?? throw new InvalidOperationException("No process.");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
