using Lungfish.Cli.CommandLine;

namespace Lungfish.Cli.Tests;

/// <summary>A run of <c>lungfish dev</c> with a server on a free port.</summary>
internal sealed class DevRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SignallingWriter _out = new();
    private Task<int> _run = Task.FromResult(0);

    public SignallingWriter Error { get; } = new();

    public HttpClient Http { get; } = new();

    public string Url { get; private set; } = "";

    public static async Task<DevRun> StartAsync(string path, params IReadOnlyList<string> arguments)
    {
        var dev = new DevRun();
        dev._run = LungfishCommandLine.RunAsync(
            ["dev", path, "--urls", "http://127.0.0.1:0", .. arguments],
            Around(dev._out, dev.Error),
            dev._stop.Token);
        await await Task.WhenAny(dev._out.UntilAsync("AWS_SECRET_ACCESS_KEY"), dev._run);
        var banner = dev._out.ToString().Split('\n');
        var line = Array.Find(banner, l => l.TrimStart().StartsWith("API ", StringComparison.Ordinal));
        Assert.True(line is not null, dev.Error.ToString());
        dev.Url = line.TrimEnd().Split(' ')[^1];
        dev.Http.BaseAddress = new Uri(dev.Url + "/");
        return dev;
    }

    /// <summary>Another command against this server.</summary>
    public async Task<CliRun> RunAsync(params IReadOnlyList<string> arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        IReadOnlyList<string> all = [.. arguments, "--endpoint", Url];
        var surroundings = Around(output, error);
        var exitCode = await LungfishCommandLine.RunAsync(all, surroundings, TestContext.Current.CancellationToken);
        return new CliRun(exitCode, output.ToString(), error.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Assert.Equal(0, await _run);
        Http.Dispose();
        _stop.Dispose();
    }

    private static Surroundings Around(TextWriter output, TextWriter error) => new()
    {
        Out = output,
        Error = error,
        In = TextReader.Null,
        OutIsTerminal = false,
        ErrorIsTerminal = false,
        InIsTerminal = false,
        Environment = _ => null,
        Handler = () => new SocketsHttpHandler(),
    };
}

/// <summary>Text that somebody may wait for.</summary>
internal sealed class SignallingWriter : StringWriter
{
    private readonly Lock _lock = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];

    public Task UntilAsync(string text)
    {
        lock (_lock)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((text, seen));
            Look();
            return seen.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        }
    }

    public override void Write(string? value)
    {
        lock (_lock)
        {
            base.Write(value);
            Look();
        }
    }

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override string ToString()
    {
        lock (_lock)
        {
            return base.ToString();
        }
    }

    private void Look()
    {
        var text = base.ToString();
        foreach (var (_, seen) in _awaited.Where(a => text.Contains(a.Text, StringComparison.Ordinal)))
        {
            seen.TrySetResult();
        }
    }
}
