using System.Diagnostics;
using Lungfish.Simulation.Planting;

namespace Lungfish.Simulation.Running;

/// <summary>The command <c>./test simulate</c>. What to run is told by the environment: <c>SEED</c> is one seed, with
/// its whole trace, <c>FAULTS</c> those of its faults that are met; <c>SEEDS</c> is a range, <c>A-B</c>; otherwise new
/// seeds are run for <c>SECONDS_</c> seconds, 60 if nothing is said.</summary>
internal sealed class SimulateCommand(TextWriter output)
{
    private const string Argument = "simulate";
    private const int FailuresMax = 3;

    private long _runs;
    private long _steps;
    private long _events;
    private int _failures;

    public static bool IsMeant(string[] args) => args is [Argument, ..];

    public static int Run() => new SimulateCommand(Console.Out).RunAsTold();

    private int RunAsTold()
    {
        var clock = Stopwatch.StartNew();
        if (Told("SEED") is { } seed)
        {
            RunOne(Parse(seed));
        }
        else if (Told("SEEDS")?.Split('-') is [var first, var last])
        {
            RunMany(Parse(first), () => true, Parse(last));
        }
        else
        {
            var time = TimeSpan.FromSeconds(Parse(Told("SECONDS_") ?? "60"));
            var begin = (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds() * 1_000_000;
            RunMany(begin, () => clock.Elapsed < time, ulong.MaxValue);
        }

        var seconds = clock.Elapsed.TotalSeconds;
        Line($"{_runs} runs, {_events} events, {_steps} steps in {seconds:F0} s");
        Line($"{_runs / seconds:F1} runs/s, {_steps / seconds:F0} steps/s");
        Line($"{_runs - _failures} passed, {_failures} failed");
        return _failures == 0 && _runs > 0 ? 0 : 1;
    }

    private void RunOne(ulong seed)
    {
        var config = SimConfig.Of(seed);
        if (Told("FAULTS") is { } faults)
        {
            var numbers = faults.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(text => text != "none").Select(text => int.Parse(text, CultureInfo.InvariantCulture));
            config = config with { Faults = config.Faults.Only(numbers.ToHashSet()) };
        }

        var result = new Simulation(config, Plant.None, output).Run();
        Count(result);
        Line($"hash {result.Hash:x16}");
        if (result.Found is not null)
        {
            Tell(result);
        }
    }

    private void RunMany(ulong first, Func<bool> goesOn, ulong last)
    {
        var next = first;
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(RunSome)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        void RunSome()
        {
            while (goesOn() && Volatile.Read(ref _failures) < FailuresMax
                && Interlocked.Increment(ref next) - 1 is var seed && seed <= last)
            {
                var result = new Simulation(SimConfig.Of(seed), Plant.None, null).Run();
                Count(result);
                if (result.Found is not null)
                {
                    Tell(Shrinking.Shrink(result, Plant.None));
                }
            }
        }
    }

    private void Count(RunResult result)
    {
        _ = Interlocked.Increment(ref _runs);
        _ = Interlocked.Add(ref _steps, result.Steps);
        _ = Interlocked.Add(ref _events, result.Events);
        _ = result.Found is null ? 0 : Interlocked.Increment(ref _failures);
    }

    /// <summary>All that is needed to see it again.</summary>
    private void Tell(RunResult failed)
    {
        lock (output)
        {
            var faults = failed.Config.Faults.Faults;
            var numbers = faults.Count == 0 ? "none" : string.Join(',', faults.Select(fault => fault.Number));
            foreach (var line in failed.LastLines)
            {
                Line($"  {line}");
            }

            Line($"seed {failed.Config.Seed} breaks {failed.Found}");
            Line($"commit {Told("LUNGFISH_COMMIT") ?? "unknown"}; {failed.Config}");
            foreach (var fault in faults)
            {
                Line($"  fault {fault}");
            }

            Line($"replay: SEED={failed.Config.Seed} FAULTS={numbers} ./test simulate");
        }
    }

    private void Line(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static string? Told(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static ulong Parse(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);
}
