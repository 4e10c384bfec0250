using System.Collections.Concurrent;
using System.Diagnostics;

namespace Lungfish.Functions.Processes;

/// <summary>What to run, where and with which environment; nothing of the server's own environment gets in.</summary>
/// <param name="FilesMax">Files and connections that it may have open.</param>
internal sealed record Launch(
    string Program,
    IReadOnlyList<string> Arguments,
    string WorkingFolder,
    IReadOnlyDictionary<string, string> Environment,
    int FilesMax);

/// <summary>Starts processes that cannot outlive the server.</summary>
/// <remarks>The kernel sends the death signal when the <em>thread</em> that started the child ends. Pool threads come
/// and go, so one thread that lives as long as the server starts them all.</remarks>
internal sealed class ProcessStarter : IDisposable
{
    // One pipe for both outputs keeps their lines in order.
    private const string MergeOutputs = "exec \"$@\" 2>&1";

    private readonly BlockingCollection<(Launch Launch, TaskCompletionSource<Process> Started)> _queue = [];
    private readonly Thread _thread;
    private readonly string[] _prefix;

    public ProcessStarter()
    {
        _prefix = FindPrefix();
        _thread = new Thread(Run) { IsBackground = true, Name = "function starter" };
        _thread.Start();
    }

    public Task<Process> StartAsync(Launch launch)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add((launch, started));
        return started.Task;
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread.Join();
        _queue.Dispose();
    }

    private void Run()
    {
        foreach (var (launch, started) in _queue.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Start(launch));
            }
            catch (Exception e)
            {
                started.SetException(e); // Whatever it is, it is that function's alone: the others need this thread.
            }
        }
    }

    private Process Start(Launch launch)
    {
        const int ThreadsMoreMax = 4096; // Than the machine has now; what is less is watched: ProcessWatch.
        var info = new ProcessStartInfo("/bin/sh")
        {
            WorkingDirectory = launch.WorkingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])["-c", MergeOutputs, "sh", .. _prefix, launch.Program, .. launch.Arguments])
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment.Clear();
        foreach (var (name, value) in launch.Environment)
        {
            info.Environment[name] = value;
        }

        var process = Process.Start(info) ?? throw new IOException($"{launch.Program} did not start.");
        Posix.LimitChild(process.Id, (ulong)launch.FilesMax, (ulong)(ProcessTable.CountThreads() + ThreadsMoreMax));
        ProcessTable.PreferAsVictim(process.Id);
        process.StandardInput.Close();
        return process;
    }

    /// <summary>An own session, so that the whole group can be killed, the death signal and no new
    /// privileges.</summary>
    private static string[] FindPrefix()
    {
        string[] full = ["setsid", "setpriv", "--pdeathsig", "KILL", "--no-new-privs", "--"];
        if (OperatingSystem.IsLinux() && Runs(full))
        {
            return full;
        }

        // Without setpriv (macOS, small containers) a function ends when its Runtime API connection breaks.
        return Runs(["setsid"]) ? ["setsid"] : [];
    }

    private static bool Runs(string[] prefix)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(prefix[0], [.. prefix[1..], "true"])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            });
            process?.WaitForExit();
            return process is { ExitCode: 0 };
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
