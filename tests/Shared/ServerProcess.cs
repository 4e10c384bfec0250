using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Lungfish.Tests.Shared;

/// <summary>The built <c>lungfish</c> program as a process of its own, the way a user starts it.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _announced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => _announced.TrySetException(new InvalidOperationException("The server ended."));
    }

    /// <summary>Where the tests' own build put the program.</summary>
    public static string Executable { get; } =
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Lungfish.Cli", BuildFolder, "lungfish"));

    /// <summary>The address that it announced; known once started.</summary>
    public Uri Url => _announced.Task.IsCompletedSuccessfully
        ? _announced.Task.Result
        : throw new InvalidOperationException("Not started.");

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Known once it has ended; 137 if it was killed.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Everything that it has printed so far, both streams.</summary>
    public string Output => string.Join('\n', _output);

    private static string BuildFolder => Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    /// <summary>Starts <c>lungfish serve</c> on a free port and returns once <c>/health</c> answers.</summary>
    public static Task<ServerProcess> ServeAsync(string dataDirectory, params string[] moreArguments) =>
        StartAsync([.. Serve(dataDirectory), .. moreArguments]);

    public static Task<ServerProcess> ServeAsync(
        string dataDirectory, IReadOnlyDictionary<string, string>? environment) =>
        StartAsync(Serve(dataDirectory), environment: environment);

    public static async Task<ServerProcess> StartAsync(
        IReadOnlyList<string> arguments,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var server = new ServerProcess(NewProcess(arguments, workingDirectory, environment));
        server.Begin();
        try
        {
            await server._announced.Task.WaitAsync(s_startTimeout);
            await server.WaitUntilHealthyAsync();
            return server;
        }
        catch (Exception exception)
        {
            await server.DisposeAsync();
            throw new InvalidOperationException(
                $"lungfish {string.Join(' ', arguments)} did not start. It printed:\n{server.Output}", exception);
        }
    }

    /// <summary>Runs the program to its end, for commands and for starts that must be refused.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IReadOnlyList<string> arguments,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var program = new ServerProcess(NewProcess(arguments, workingDirectory, environment));
        program.Begin();
        var exitCode = await program.WaitForExitAsync();
        return (exitCode, program.Output);
    }

    /// <summary>kill -9: nothing is flushed, nothing is said. Function processes are not told either.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: false);
        await WaitForExitAsync();
    }

    /// <summary>Ctrl-C: it drains and ends by itself.</summary>
    public async Task<int> InterruptAsync()
    {
        await SendAsync("-INT");
        return await WaitForExitAsync();
    }

    /// <summary>Sends a signal, without waiting for what comes of it.</summary>
    public async Task SendAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Whether it ends by itself; if not, it runs on.</summary>
    public async Task<bool> EndsWithinAsync(TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public async Task<int> WaitForExitAsync()
    {
        using var timeout = new CancellationTokenSource(s_stopTimeout);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException($"The program did not end. It printed:\n{Output}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        // Waits for the rest of what it printed too, but not for ever: something that it left behind may hold the pipe.
        await EndsWithinAsync(s_stopTimeout);
        _process.Dispose();
    }

    private static string[] Serve(string dataDirectory) =>
        ["serve", "--data", dataDirectory, "--urls", "http://127.0.0.1:0"];

    private static Process NewProcess(
        IReadOnlyList<string> arguments, string? workingDirectory, IReadOnlyDictionary<string, string>? environment) =>
        new() { StartInfo = StartInfoOf(Executable, arguments, workingDirectory, environment) };

    /// <summary>How any program is started whose output counts.</summary>
    internal static ProcessStartInfo StartInfoOf(
        string program,
        IEnumerable<string> arguments,
        string? workingDirectory,
        IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private void Begin()
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _process.StandardInput.Close();
    }

    private async Task WaitUntilHealthyAsync()
    {
        using var client = new HttpClient { BaseAddress = Url };
        await Poll.UntilAsync(
            async () =>
            {
                try
                {
                    using var answer = await client.GetAsync(new Uri("/health", UriKind.Relative));
                    return answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.InsufficientStorage;
                }
                catch (HttpRequestException) when (!_process.HasExited)
                {
                    return false;
                }
            },
            s_startTimeout,
            "the server's health");
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (Announcement().Match(line) is { Success: true } match)
        {
            _announced.TrySetResult(new Uri(match.Value));
        }
    }

    [GeneratedRegex(@"http://(127\.0\.0\.1|localhost|\[::1\]):[1-9][0-9]*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Announcement();
}
