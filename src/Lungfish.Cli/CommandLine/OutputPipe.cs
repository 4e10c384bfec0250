using System.Runtime.InteropServices;

namespace Lungfish.Cli.CommandLine;

/// <summary>Tells when nobody reads any more what this process writes into a pipe, as after <c>| head -1</c>: what is
/// written to the console then is dropped without a word.</summary>
internal static partial class OutputPipe
{
    private const int Interrupted = 4; // EINTR
    private const short Broken = 8; // POLLERR

    /// <summary>Never cancelled where standard output is no pipe.</summary>
    public static CancellationToken OfStandardOutput() =>
        Console.IsOutputRedirected && !OperatingSystem.IsWindows() ? Watch(1) : CancellationToken.None;

    public static CancellationToken Watch(int file)
    {
        var closed = new CancellationTokenSource();
        new Thread(WaitForIt) { IsBackground = true }.Start();
        return closed.Token;

        void WaitForIt()
        {
            var asked = new PollFile { File = file };
            while (Poll(ref asked, 1, -1) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
            {
            }

            if ((asked.Returned & Broken) != 0)
            {
                closed.Cancel();
            }
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFile
    {
        public int File;

        public short Wanted; // Nothing: what is wrong is told unasked.

        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollFile files, nuint count, int timeoutMilliseconds);
}
