using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lungfish.Functions.Processes;

/// <summary>Reads what all function processes write, with one thread.</summary>
/// <remarks>Not the asynchronous streams of .NET: there, bytes can be on their way from the pipe to the reader when an
/// invocation ends, and its last lines would be told of the next one. Here <see cref="OutputSource.Drain"/>
/// knows.</remarks>
internal sealed partial class OutputPump : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<OutputSource> _sources = [];
    private readonly SafeFileHandle _wakeReader;
    private readonly SafeFileHandle _wakeWriter;
    private readonly Thread _thread;
    private bool _stopped;

    public OutputPump()
    {
        Span<int> ends = stackalloc int[2];
        if (OpenPipe(ends) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        _wakeReader = new SafeFileHandle(ends[0], ownsHandle: true);
        _wakeWriter = new SafeFileHandle(ends[1], ownsHandle: true);
        _thread = new Thread(Run) { IsBackground = true, Name = "function output" };
        _thread.Start();
    }

    public void Add(OutputSource source)
    {
        lock (_gate)
        {
            _sources.Add(source);
        }

        Wake();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
        }

        Wake();
        _thread.Join();
        _wakeReader.Dispose();
        _wakeWriter.Dispose();
    }

    internal void Wake() => RandomAccessWrite(_wakeWriter);

    private void Run()
    {
        Span<byte> wake = stackalloc byte[64];
        while (true)
        {
            OutputSource[] sources;
            lock (_gate)
            {
                if (_stopped)
                {
                    return;
                }

                _ = _sources.RemoveAll(s => s.IsAtEnd);
                sources = [.. _sources];
            }

            var files = new PollFile[sources.Length + 1];
            files[0] = new PollFile((int)_wakeReader.DangerousGetHandle());
            for (var i = 0; i < sources.Length; i++)
            {
                files[i + 1] = new PollFile(sources[i].FileDescriptor);
            }

            _ = Poll(files, (nuint)files.Length, -1);
            if (files[0].IsReady)
            {
                _ = Read(files[0].File, wake, (nuint)wake.Length);
            }

            for (var i = 0; i < sources.Length; i++)
            {
                if (files[i + 1].IsReady)
                {
                    sources[i].ReadOnce();
                }
            }
        }
    }

    private static void RandomAccessWrite(SafeFileHandle writer)
    {
        ReadOnlySpan<byte> one = [1];
        _ = Write((int)writer.DangerousGetHandle(), one, 1);
    }

    /// <summary>True if a read would not block: there is something, or the other end is closed.</summary>
    internal static bool IsReadable(int file)
    {
        PollFile[] files = [new PollFile(file)];
        return Poll(files, 1, 0) > 0 && files[0].IsReady;
    }

    internal static int ReadFrom(int file, Span<byte> buffer) => (int)Read(file, buffer, (nuint)buffer.Length);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFile(int file)
    {
        private const short In = 1;

        public int File = file;
        public short Events = In;
        public short Returned;

        public readonly bool IsReady => Returned != 0;
    }

    [LibraryImport("libc", EntryPoint = "pipe", SetLastError = true)]
    private static partial int OpenPipe(Span<int> ends);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll([In, Out] PollFile[] files, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int file, Span<byte> buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int file, ReadOnlySpan<byte> buffer, nuint length);
}

/// <summary>The reading end of what one process writes.</summary>
internal sealed class OutputSource(OutputPump pump, SafePipeHandle pipe, Action<ReadOnlySpan<byte>> sink)
{
    private readonly Lock _reading = new();
    private readonly byte[] _buffer = new byte[16_384];

    public int FileDescriptor { get; } = (int)pipe.DangerousGetHandle();

    public bool IsAtEnd { get; private set; }

    /// <summary>Passes on all that was written up to now.</summary>
    public void Drain()
    {
        // A process that writes without end must not keep its own end from being told.
        const int RoundsMax = 64;
        for (var round = 0; round < RoundsMax && ReadOnce(); round++)
        {
        }
    }

    /// <returns>True if there was something.</returns>
    internal bool ReadOnce()
    {
        lock (_reading)
        {
            if (IsAtEnd || !OutputPump.IsReadable(FileDescriptor))
            {
                return false;
            }

            var read = OutputPump.ReadFrom(FileDescriptor, _buffer);
            if (read <= 0)
            {
                Close();
                return false;
            }

            sink(_buffer.AsSpan(0, read));
            return true;
        }
    }

    /// <summary>Nothing more is read, whether or not somebody could still write.</summary>
    public void Close()
    {
        lock (_reading)
        {
            if (!IsAtEnd)
            {
                IsAtEnd = true;
                pipe.Dispose();
                pump.Wake(); // It may be waiting for this very file.
            }
        }
    }
}
