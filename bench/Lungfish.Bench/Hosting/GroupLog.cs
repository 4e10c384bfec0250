using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lungfish.Bench.Hosting;

/// <summary>A preallocated file that is written and synced in groups: while one group is on its way to the disk, the
/// next gathers. It starts over at its end; nobody reads it.</summary>
internal sealed partial class GroupLog : IDisposable
{
    private const long FileBytes = 256 * 1_048_576;

    private readonly SafeFileHandle _file;
    private readonly object _gate = new();
    private Group _gathering = new();
    private Group _spare = new();
    private bool _closed;

    public GroupLog(string path)
    {
        _file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
        var zeros = new byte[1_048_576];
        for (long at = 0; at < FileBytes; at += zeros.Length)
        {
            RandomAccess.Write(_file, zeros, at);
        }

        RandomAccess.FlushToDisk(_file);
        new Thread(Run) { IsBackground = true, Name = "floor-log" }.Start();
    }

    /// <summary>Completes when the bytes are on the disk.</summary>
    public Task AppendAsync(byte[] bytes)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _gathering.Bytes.Write(bytes);
            _gathering.Waiting.Add(done);
            if (_gathering.Waiting.Count == 1)
            {
                Monitor.Pulse(_gate);
            }
        }

        return done.Task;
    }

    private void Run()
    {
        long at = 0;
        while (Take() is { } group)
        {
            var bytes = group.Bytes.GetBuffer().AsSpan(0, (int)group.Bytes.Length);
            at = at + bytes.Length > FileBytes ? 0 : at;
            RandomAccess.Write(_file, bytes, at);
            at += bytes.Length;
            Sync();
            group.Waiting.ForEach(done => done.SetResult());
            group.Waiting.Clear();
            group.Bytes.SetLength(0);
            _spare = group;
        }
    }

    private Group? Take()
    {
        lock (_gate)
        {
            while (_gathering.Waiting.Count == 0)
            {
                if (_closed)
                {
                    return null;
                }

                Monitor.Wait(_gate);
            }

            var group = _gathering;
            _gathering = _spare;
            return group;
        }
    }

    private void Sync()
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(_file);
        }
        else if (DataSync((int)_file.DangerousGetHandle()) != 0)
        {
            throw new IOException($"fdatasync failed with error {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>Leaves out the file's times, which the runtime's own call would sync too.</summary>
    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(int file);

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }

        _file.Dispose();
    }

    private sealed class Group
    {
        public MemoryStream Bytes { get; } = new();

        public List<TaskCompletionSource> Waiting { get; } = [];
    }
}
