using System.Diagnostics;
using System.Reflection;
using Lungfish.Bench.Hosting;

namespace Lungfish.Bench.Driving;

/// <summary>A measured process: this program, started anew with another command.</summary>
internal sealed class ChildServer : IAsyncDisposable
{
    private readonly Process _process;

    private ChildServer(Process process, Uri url)
    {
        _process = process;
        Url = url;
    }

    public Uri Url { get; }

    public int ProcessId => _process.Id;

    public static async Task<ChildServer> StartAsync(params string[] arguments)
    {
        var program = Assembly.GetExecutingAssembly().Location;
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("The server's process did not start.");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(ChildProtocol.Ready, StringComparison.Ordinal))
            {
                return new ChildServer(process, new Uri(line[ChildProtocol.Ready.Length..]));
            }
        }

        throw new InvalidOperationException($"'{arguments[0]}' ended before it was ready; its errors stand above.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
