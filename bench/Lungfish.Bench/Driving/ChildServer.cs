using System.Diagnostics;
using System.Reflection;
using Lungfish.Bench.Hosting;

namespace Lungfish.Bench.Driving;

/// <summary>A measured process: this program, started anew with another command, or what starts a peer.</summary>
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

    /// <summary>This program, with one of the commands that are measured.</summary>
    public static async Task<ChildServer> StartAsync(params string[] arguments) =>
        await TryStartProcessAsync("dotnet", [Assembly.GetExecutingAssembly().Location, .. arguments])
            ?? throw new InvalidOperationException(
                $"'{arguments[0]}' ended before it was ready; its errors stand above.");

    /// <returns>Null: it ended before it was ready.</returns>
    public static async Task<ChildServer?> TryStartProcessAsync(string program, IReadOnlyList<string> arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException($"{program} did not start.");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(ChildProtocol.Ready, StringComparison.Ordinal))
            {
                return new ChildServer(process, new Uri(line[ChildProtocol.Ready.Length..]));
            }
        }

        process.Dispose();
        return null;
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
