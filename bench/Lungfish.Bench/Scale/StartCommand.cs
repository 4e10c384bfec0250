using System.Diagnostics;
using Lungfish.Bench.Driving;
using Lungfish.Bench.Measuring;

namespace Lungfish.Bench.Scale;

/// <summary>How long people wait: for an answer of the command line, for a server, for an application to run.</summary>
internal static class StartCommand
{
    private const int Takes = 9;
    private static readonly TimeSpan IdleWatched = TimeSpan.FromSeconds(20);

    public static Task<int> RunAsync(string[] arguments) => FigureCommand.RunAsync(
        "start", arguments, (options, directory) => MeasureAsync(new Calm(options.Patience), directory));

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(Calm calm, string directory)
    {
        var figures = new List<Figure>();
        var data = Path.Combine(directory, "serve");
        await using (var server = await ProgramServer.StartAsync("serve", "--data", data))
        {
            await Idle.WaitAsync(server.ProcessId);
            foreach (var command in (string[])["--version", "--help", "execution list", "machine list", "doctor"])
            {
                string[] given = [.. command.Split(' ')];
                await TimeAsync(server.Url, given); // Files come into the page cache.
                var time = await MedianAsync(calm, () => TimeAsync(server.Url, given));

                // The doctor asks four other programs for their versions; they take what they take.
                figures.Add(new($"./lungfish {command}", time, "ms", command == "doctor" ? null : 200));
            }

            await Idle.WaitAsync(server.ProcessId);
            figures.Add(new(
                "idle server: processor", await Idle.PercentOfACoreAsync(server.ProcessId, IdleWatched),
                "% of a core", 1));
            figures.Add(new("idle server: memory", ServerMemory.Of(server.ProcessId) / 1_048_576.0, "MB", 100));
        }

        figures.Add(new("lungfish serve: ready", await ReadyAsync(calm, "serve", "--data", data), "s", 1));
        string[] dev = ["dev", "samples/order-approval", "--data", Path.Combine(directory, "dev")];
        await using (var first = await ProgramServer.StartAsync(dev))
        {
            figures.Add(new("lungfish dev samples/order-approval: first start", first.Ready.TotalSeconds, "s"));
        }

        figures.Add(new("lungfish dev samples/order-approval: later starts", await ReadyAsync(calm, dev), "s", 1));
        return figures;
    }

    private static Task<double> ReadyAsync(Calm calm, params string[] command) => MedianAsync(calm, async () =>
    {
        await using var server = await ProgramServer.StartAsync(command);
        return server.Ready.TotalSeconds;
    });

    private static Task<double> MedianAsync(Calm calm, Func<Task<double>> take) => calm.MeasureAsync(async () =>
    {
        var times = new List<double>();
        for (var i = 0; i < Takes; i++)
        {
            times.Add(await take());
        }

        return Numbers.Median(times);
    });

    /// <returns>Milliseconds of the whole command, as the shell sees it.</returns>
    private static async Task<double> TimeAsync(Uri server, string[] arguments)
    {
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("./lungfish", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LUNGFISH_ENDPOINT"] = server.ToString() },
        }) ?? throw new InvalidOperationException("./lungfish did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        _ = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? Stopwatch.GetElapsedTime(began).TotalMilliseconds
            : throw new InvalidOperationException($"./lungfish {string.Join(' ', arguments)}: {await errors}");
    }
}
