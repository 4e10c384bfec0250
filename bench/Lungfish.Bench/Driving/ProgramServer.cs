using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Lungfish.Bench.Driving;

/// <summary>The program as people run it, as a process of its own: <c>lungfish serve</c> or <c>lungfish dev</c>.
/// </summary>
internal sealed partial class ProgramServer : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly CancellationTokenSource _readingUntil = new();

    private ProgramServer(Process process, Uri url)
    {
        _process = process;
        Url = url;
        _ = DrainAsync(process.StandardOutput);
        _ = DrainAsync(process.StandardError);
    }

    /// <summary>Where <c>./lungfish</c> puts what it builds.</summary>
    public static string ProgramPath => Path.GetFullPath(Path.Combine("artifacts", "lungfish", "lungfish.dll"));

    public Uri Url { get; }

    public int ProcessId => _process.Id;

    /// <summary>From the start of its process to the first answer of <c>/health</c>.</summary>
    public TimeSpan Ready { get; private set; }

    /// <param name="command">The command and its arguments, but for the address.</param>
    public static async Task<ProgramServer> StartAsync(params string[] command)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        var began = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo("dotnet", [ProgramPath, .. command, "--urls", $"{url}"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("The server's process did not start.");
        var server = new ProgramServer(process, url);
        while (!await IsHealthyAsync(url))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
            {
                await server.DisposeAsync();
                throw new InvalidOperationException($"'lungfish {string.Join(' ', command)}' did not get ready.");
            }

            await Task.Delay(1);
        }

        server.Ready = Stopwatch.GetElapsedTime(began);
        return server;
    }

    /// <summary>Ends it as a power cut does to a process: without a word.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Signal(_process.Id, Terminate);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        await _readingUntil.CancelAsync();
        _readingUntil.Dispose();
        _process.Dispose();
    }

    private async Task DrainAsync(StreamReader output)
    {
        try
        {
            await output.BaseStream.CopyToAsync(Stream.Null, _readingUntil.Token);
        }
        catch (OperationCanceledException)
        {
            // Disposed of.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>As little as possible: it shares the cores with the process that it waits for.</summary>
    private static async Task<bool> IsHealthyAsync(Uri url)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, url.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                $"GET /health HTTP/1.1\r\nHost: {url.Authority}\r\nConnection: close\r\n\r\n"));
            var answer = new byte[64];
            var length = await socket.ReceiveAsync(answer);
            return answer.AsSpan(0, length).StartsWith("HTTP/1.1 200 "u8);
        }
        catch (SocketException)
        {
            return false; // It does not listen yet.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
