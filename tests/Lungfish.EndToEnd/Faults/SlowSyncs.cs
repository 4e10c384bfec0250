using System.Diagnostics;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Faults;

/// <summary>While this lives, each of the server's syncs takes so much longer.</summary>
internal sealed class SlowSyncs : IDisposable
{
    private const string Strace = "/usr/bin/strace";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _strace;

    private SlowSyncs(Process strace) => _strace = strace;

    public static bool ArePossible => File.Exists(Strace);

    public static async Task<SlowSyncs> BeginAsync(ServerProcess server, int milliseconds)
    {
        Assert.SkipUnless(ArePossible, "Needs strace: apt-get install strace.");
        var id = server.Id.ToString(CultureInfo.InvariantCulture);
        var delay = $"inject=fsync,fdatasync:delay_enter={milliseconds * 1_000}";
        var start = new ProcessStartInfo(
            Strace, ["-f", "-p", id, "-e", "trace=fsync,fdatasync", "-e", delay, "-o", "/dev/null"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        var strace = Process.Start(start) ?? throw new InvalidOperationException("strace did not start.");
        using var timeout = new CancellationTokenSource(s_patience);
        while (await strace.StandardError.ReadLineAsync(timeout.Token) is { } line)
        {
            if (line.Contains("attached", StringComparison.Ordinal))
            {
                _ = strace.StandardError.ReadToEndAsync(CancellationToken.None); // It must never wait for a reader.
                return new SlowSyncs(strace);
            }
        }

        Assert.Skip("This machine lets nobody trace its processes.");
        throw new UnreachableException();
    }

    public void End()
    {
        if (!_strace.HasExited)
        {
            using var interrupt = Process.Start("kill", ["-INT", $"{_strace.Id}"]); // It detaches, then ends.
            _strace.WaitForExit();
        }
    }

    public void Dispose()
    {
        End();
        _strace.Dispose();
    }
}
