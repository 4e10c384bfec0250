using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;

namespace Lungfish.Functions.Processes;

/// <summary>A running child process of a function.</summary>
internal sealed class FunctionProcess : IDisposable
{
    private const int KilledBySignal = 128; // .NET reports 128 + the signal's number.
    private const long Megabyte = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Process _process;
    private readonly OutputSource _output;
    private bool _isDisposed;
    private long _memoryUsedMax;
    private long _memoryReadAt = -1_000;

    public FunctionProcess(Process process, OutputPump pump, Action<ReadOnlySpan<byte>> output)
    {
        _process = process;
        Id = process.Id;
        var pipe = (AnonymousPipeClientStream)process.StandardOutput.BaseStream;
        _output = new OutputSource(pump, pipe.SafePipeHandle, output);
        pump.Add(_output);
    }

    public int Id { get; }

    public Task WaitForExitAsync() => _process.WaitForExitAsync(CancellationToken.None);

    public void Kill()
    {
        lock (_gate)
        {
            // The id of a process that has ended may be another one's by now.
            if (!_isDisposed && !_process.HasExited)
            {
                Posix.KillGroup(Id);
            }
        }
    }

    /// <summary>Kills what the process, which has just ended, started and left behind.</summary>
    public void KillChildren() => Posix.KillGroup(Id, onlyGroup: true);

    /// <summary>Passes on all that it has written up to now.</summary>
    public void DrainOutput() => _output.Drain();

    /// <summary>How it ended, in AWS's words; only after it did.</summary>
    public string DescribeExit() => _process.ExitCode switch
    {
        0 => "Runtime exited without providing a reason",
        > KilledBySignal => $"Runtime exited with error: signal: {NameOf(_process.ExitCode - KilledBySignal)}",
        var code => string.Create(CultureInfo.InvariantCulture, $"Runtime exited with error: exit status {code}"),
    };

    /// <summary>The memory that it holds, in bytes; 0 where the system does not tell.</summary>
    public long ReadMemoryUsed()
    {
        const int TextMax = 256; // Seven numbers.
        if (OperatingSystem.IsLinux())
        {
            try
            {
                using var file = File.OpenHandle($"/proc/{Id}/statm");
                Span<byte> text = stackalloc byte[TextMax];
                var bytes = ResidentOf(text[..RandomAccess.Read(file, text, fileOffset: 0)]);
                _memoryUsedMax = Math.Max(_memoryUsedMax, bytes);
                Volatile.Write(ref _memoryReadAt, Environment.TickCount64);
                return bytes;
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }

        return 0;
    }

    /// <summary>The most memory that was seen, with a new look if the last one is not from just now.</summary>
    public long LookAtMemoryUsed()
    {
        const long JustNowMilliseconds = 100; // A look costs as much as a short invocation's way through the pool.
        var now = Environment.TickCount64;
        if (now - Volatile.Read(ref _memoryReadAt) > JustNowMilliseconds)
        {
            _ = ReadMemoryUsed();
        }

        return _memoryUsedMax;
    }

    /// <summary>What it has used of the processors; nothing once it has ended.</summary>
    public TimeSpan ReadProcessorTime()
    {
        try
        {
            return _process.TotalProcessorTime;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return TimeSpan.Zero;
        }
    }

    /// <summary>What it, with all that it has started, takes more of than it may; null: nothing.</summary>
    /// <remarks>The resident memory is watched, not limited: an interpreter on a workstation is larger than AWS's, so
    /// each process gets some on top of what the function was given.</remarks>
    /// <param name="groups">Null: only the process itself is looked at.</param>
    public string? FindExcess(int memorySizeMb, Dictionary<int, GroupUse>? groups)
    {
        const long RuntimeAllowanceMb = 64;
        var memoryMax = (memorySizeMb + RuntimeAllowanceMb) * Megabyte;
        if (ReadMemoryUsed() > memoryMax)
        {
            return $"more than its {memorySizeMb} MB";
        }

        if (groups is null || !groups.TryGetValue(Id, out var group))
        {
            return null;
        }

        return group switch
        {
            { Threads: > ProcessWatch.ThreadsMax } => $"more than {ProcessWatch.ThreadsMax} processes and threads",
            { Members.Count: > 1 } when group.ResidentBytes > memoryMax
                && ProcessTable.ReadMemoryOf(group.Members) > memoryMax =>
                $"more than its {memorySizeMb} MB, with the processes that it has started",
            _ => null,
        };
    }

    public void Dispose()
    {
        _output.Close(); // Another process may have the other end, and keep it.
        lock (_gate)
        {
            _isDisposed = true;
            _process.Dispose();
        }
    }

    /// <param name="text">"size resident shared ...", in pages; empty if it has just ended.</param>
    private static long ResidentOf(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text[(text.IndexOf((byte)' ') + 1)..], out long pages, out _)
            ? pages * Environment.SystemPageSize
            : 0;

    private static string NameOf(int signal) => signal switch
    {
        4 => "illegal instruction",
        6 => "aborted",
        9 => "killed",
        11 => "segmentation fault",
        15 => "terminated",
        _ => signal.ToString(CultureInfo.InvariantCulture),
    };
}
