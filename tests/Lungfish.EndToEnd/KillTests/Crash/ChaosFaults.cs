using Lungfish.EndToEnd.Faults;
using Lungfish.EndToEnd.Running;
using Lungfish.Engine.Faults;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.KillTests.Crash;

/// <summary>What can go wrong with a server and its machine, chosen at random.</summary>
internal sealed class ChaosFaults : IDisposable
{
    private const string Ballast = "ballast";
    private const int InputOutputError = 5;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly CrashingServer _server;
    private readonly SmallDisk? _disk;
    private readonly Random _random;
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, Func<Task>> _faults = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private int _secondsAhead;

    public ChaosFaults(CrashingServer server, SmallDisk? disk, Random random)
    {
        _server = server;
        _disk = disk;
        _random = random;
        _faults["kill"] = server.KillAndRestartAsync;
        _faults["crash point"] = CrashAsync;
        _faults["stopped process"] = StopForAWhileAsync;
        if (disk is not null)
        {
            _faults["full disk"] = FillForAWhileAsync;
        }

        if (SlowSyncs.ArePossible)
        {
            _faults["slow syncs"] = SlowDownForAWhileAsync;
        }

        PreloadWhatThereIs();
    }

    public string Names => string.Join(", ", _faults.Keys);

    public string Counts => string.Join(", ", _counts.Select(fault => $"{fault.Key} {fault.Value}"));

    private string Control => _folder["fiu"];

    private string Clock => _folder["clock"];

    /// <summary>Lets it run for a moment, then has something go wrong.</summary>
    public async Task NextAsync()
    {
        await PauseAsync(millisecondsMax: 1_500);
        var (name, fault) = _faults.ElementAt(_random.Next(_faults.Count));
        await fault();
        _counts[name] = _counts.GetValueOrDefault(name) + 1;
    }

    /// <summary>Nothing is wrong any more, and a server runs.</summary>
    public async Task HealAsync()
    {
        _disk?.Free(Ballast);
        await _server.KillAndRestartAsync();
    }

    public void Dispose() => _folder.Dispose();

    private void PreloadWhatThereIs()
    {
        var libraries = new List<string>();
        if (Preload.FindFiu(Control) is { } fiu)
        {
            _faults["failing sync"] = FailSyncsAsync;
            libraries.Add(fiu["LD_PRELOAD"]);
            Add(fiu);
        }

        if (Preload.FindFakeTime(Clock) is { } time)
        {
            _faults["clock ahead"] = SetClockAheadAsync;
            libraries.Add(time["LD_PRELOAD"]);
            Add(time);
            Preload.SetClock(Clock, "+0");
        }

        if (libraries.Count > 0)
        {
            _server.Variables["LD_PRELOAD"] = string.Join(' ', libraries);
        }

        void Add(Dictionary<string, string> variables)
        {
            foreach (var (name, value) in variables)
            {
                _server.Variables[name] = value;
            }
        }
    }

    private async Task CrashAsync()
    {
        var point = (CrashPoint)_random.Next((int)CrashPoint.BetweenEffects + 1); // Those that any load passes.
        _ = await _server.CrashAsync($"{point}:{_random.Next(1, 40)}", s_patience);
        await _server.KillAndRestartAsync();
    }

    private async Task StopForAWhileAsync()
    {
        await SignalAsync("-STOP");
        await PauseAsync(millisecondsMax: 3_000);
        await SignalAsync("-CONT");
    }

    private async Task FillForAWhileAsync()
    {
        _disk?.Fill(Ballast);
        await PauseAsync(millisecondsMax: 4_000);
        if (_random.Next(2) == 0)
        {
            _disk?.Fill(Ballast); // What the reserve has given.
            await PauseAsync(millisecondsMax: 2_000);
        }

        _disk?.Free(Ballast);
    }

    private async Task SlowDownForAWhileAsync()
    {
        if (_server.Process is { HasExited: false } process)
        {
            using var slow = await SlowSyncs.BeginAsync(process, _random.Next(20, 1_500));
            await PauseAsync(millisecondsMax: 4_000);
        }
    }

    /// <summary>It ends itself with the next commit; the one after reads what is on the disk.</summary>
    private async Task FailSyncsAsync()
    {
        if (_server.Process is { HasExited: false } process)
        {
            await Preload.TellFiuAsync(
                Control, process, $"enable name=posix/io/sync/*,failinfo={InputOutputError}");
            _ = await process.EndsWithinAsync(s_patience);
        }

        await _server.KillAndRestartAsync();
    }

    private Task SetClockAheadAsync()
    {
        const int secondsMax = 90;
        _secondsAhead += _random.Next(1, secondsMax);
        Preload.SetClock(Clock, string.Create(CultureInfo.InvariantCulture, $"+{_secondsAhead}"));
        return Task.CompletedTask;
    }

    private async Task SignalAsync(string signal)
    {
        if (_server.ProcessId is { } id)
        {
            _ = await Command.RunAsync("kill", [signal, id.ToString(CultureInfo.InvariantCulture)]);
        }
    }

    private Task PauseAsync(int millisecondsMax) => Task.Delay(_random.Next(millisecondsMax)); // The experiment.
}
