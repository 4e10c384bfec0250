using System.Diagnostics;
using System.Threading.Channels;
using Lungfish.Cli.Client;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Commands;
using Lungfish.Cli.Rendering;
using Lungfish.Cli.Settings;
using Lungfish.Deployment;
using Lungfish.Server.Hosting;
using Microsoft.Extensions.Logging;

namespace Lungfish.Cli.Dev;

/// <summary>One run of <c>lungfish dev</c>: a server, what is deployed on it, and what the keyboard and the files
/// say.</summary>
internal sealed class DevSession(DevService service, ServerSettings settings, CommandContext context) : IAsyncDisposable
{
    /// <summary>Editors write a file in several steps; a deployment waits until they are done.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    private readonly Output _output = context.Output;
    private readonly HttpEventRoutes _routes = new();
    private readonly Channel<ConsoleKey?> _signals = Channel.CreateUnbounded<ConsoleKey?>(); // Null: files changed.
    private LungfishServer? _server;
    private LungfishClient? _client;
    private DevLogs? _logs;

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var (account, region) = service.FindPlace();
        var place = settings with { Account = settings.Account ?? account, Region = settings.Region ?? region };
        var options = ServerStart.OptionsOf(place, Path.Combine(service.Folder, ServerSettings.UsualData)) with
        {
            MapMore = routes => routes.DataSources.Add(_routes),
            ConfigureLogging = logging => logging
                .SetMinimumLevel(LogLevel.Warning)
                .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None) // A failing start is told in one sentence.
                .AddProvider(new TalkLogger(_output)),
        };
        var record = DeploymentRecord.Open(options.DataDirectory);
        // A mistake in the files is told before anything is started.
        var wanted = service.Read(options.Account, record, _ => null);
        _routes.Replace(wanted.HttpEvents, wanted.Stage, options.Account.StateMachineArn);
        var server = _server = await ServerStart.StartAsync(options, _output, cancellationToken);
        var client = _client = new LungfishClient(server.Url, context.Surroundings.Handler());
        _logs = new DevLogs(client, _output);
        var report = await DeployAsync(options, record, cancellationToken);
        wanted = report.Deployed;
        _routes.Open(server.Engine.Executions);
        // Before the banner says that it is there: who changes a file then must not be missed.
        using var watch = new FolderWatch(service.Folder, options.DataDirectory, () => _signals.Writer.TryWrite(null));
        ServerStart.WriteBanner(server, options, Stopwatch.GetElapsedTime(started), _output);
        DevBanner.WriteDeployed(wanted, report, server.Url, _output);
        ServerStart.WriteExports(server, options, _output);
        if (HasKeys)
        {
            _output.Talk.Line("  Press  e executions   c callbacks   l logs   r redeploy   q quit", Style.Dim);
        }

        ReadKeys();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var closed = new DevNews(_output).TellAsync(server.Engine, ending.Token);
        await LoopAsync(options, record, wanted, cancellationToken);
        await ending.CancelAsync();
        await closed;
        await DevNews.TellWhatGoesOnAsync(client, _output);
        return ExitCode.Ok;
    }

    public async ValueTask DisposeAsync()
    {
        _logs?.Dispose();
        _client?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private bool HasKeys => context.Surroundings is { InIsTerminal: true, OutIsTerminal: true };

    private async Task LoopAsync(
        ServerOptions options, DeploymentRecord record, Application deployed, CancellationToken cancellationToken)
    {
        try
        {
            while (await _signals.Reader.WaitToReadAsync(cancellationToken))
            {
                if (!_signals.Reader.TryRead(out var key))
                {
                    continue;
                }

                if (key is null)
                {
                    await UntilQuietAsync(cancellationToken);
                }

                if (key is ConsoleKey.Q)
                {
                    return;
                }

                deployed = await AnswerAsync(key, options, record, deployed, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C or SIGTERM: the way out goes on below.
        }
    }

    private async Task<Application> AnswerAsync(
        ConsoleKey? key,
        ServerOptions options,
        DeploymentRecord record,
        Application deployed,
        CancellationToken cancellationToken)
    {
        if (_client is not { } client)
        {
            return deployed;
        }

        switch (key)
        {
            case ConsoleKey.E:
                await DevKeys.WriteExecutionsAsync(client, _output, cancellationToken);
                return deployed;
            case ConsoleKey.C:
                await DevKeys.WriteCallbacksAsync(client, _output, cancellationToken);
                return deployed;
            case ConsoleKey.L:
                _logs?.Toggle([.. deployed.Functions.Select(f => f.Name)]);
                return deployed;
            default:
                return await RedeployAsync(key is not null, options, record, deployed, cancellationToken);
        }
    }

    /// <summary>Files changed: what is wrong with them is told, and what runs goes on with what was deployed
    /// before.</summary>
    private async Task<Application> RedeployAsync(
        bool isAsked,
        ServerOptions options,
        DeploymentRecord record,
        Application deployed,
        CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var report = await DeployAsync(options, record, cancellationToken);
            var wanted = report.Deployed;
            if (!report.IsEmpty || isAsked)
            {
                _output.Talk.Write($"{Clock()}  deployed ", Style.Good);
                var names = report.IsEmpty ? "nothing new" : string.Join(", ", report.Updated.AddRange(report.Created));
                var took = Durations.Text(Stopwatch.GetElapsedTime(started));
                _output.Talk.Line($"{names} in {took}; running executions keep their definition and version");
            }

            TellRemoved(deployed, wanted);
            return wanted;
        }
        catch (DeploymentException e)
        {
            foreach (var problem in e.Problems)
            {
                _output.Error(DeploymentException.Describe(e.FileName, problem), []);
            }
        }
        catch (ServerRefusal e)
        {
            _output.Error(e.Sentence, []);
        }
        catch (IOException e)
        {
            _output.Error(e.Message, []); // A file went away while it was read; its going is the next change.
        }

        return deployed;
    }

    private async Task<DeployReport> DeployAsync(
        ServerOptions options, DeploymentRecord record, CancellationToken cancellationToken)
    {
        var client = _client ?? throw new InvalidOperationException("The server is not up.");
        var build = new CodeBuild(service.Folder, options.DataDirectory, _output);
        var report = await new Deployer(client, build, Read).DeployAsync(cancellationToken);
        var deployed = report.Deployed;
        _routes.Replace(deployed.HttpEvents, deployed.Stage, options.Account.StateMachineArn);
        return report;

        Application Read(Func<string, string?> publishedVersion)
        {
            var read = service.Read(options.Account, record, publishedVersion);
            record.Save(); // Before anything is made: a name that was given is never given anew.
            return read;
        }
    }

    /// <summary>What a file no longer declares stays until somebody deletes it: executions may still run on
    /// it.</summary>
    private void TellRemoved(Application before, Application now)
    {
        var gone = before.StateMachines.Select(m => m.Name).Except(now.StateMachines.Select(m => m.Name))
            .Concat(before.Functions.Select(f => f.Name).Except(now.Functions.Select(f => f.Name)));
        foreach (var name in gone)
        {
            _output.Say(
                $"{Clock()}  {name} is no longer in {now.FileName}; it is kept, delete it with the aws command");
        }
    }

    private async Task UntilQuietAsync(CancellationToken cancellationToken)
    {
        do
        {
            await Task.Delay(Quiet, context.Surroundings.Time, cancellationToken);
        }
        while (_signals.Reader.TryPeek(out var next) && next is null && _signals.Reader.TryRead(out _));
    }

    private void ReadKeys()
    {
        if (!HasKeys)
        {
            return;
        }

        var thread = new Thread(() =>
        {
            while (_signals.Writer.TryWrite(Console.ReadKey(intercept: true).Key))
            {
                // One key after the other; the thread ends with the process.
            }
        })
        { IsBackground = true, Name = "keys" };
        thread.Start();
    }

    private string Clock() => $"{context.Surroundings.Time.GetLocalNow():HH:mm:ss}";
}
