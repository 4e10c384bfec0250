using System.Diagnostics;
using Lungfish.Bench.Driving;
using Lungfish.Bench.Measuring;
using Lungfish.Bench.Workloads;

namespace Lungfish.Bench.Scale;

/// <summary>W6: kill -9 while executions sleep, and how soon the next start works.</summary>
internal static class CrashCommand
{
    private const int Clients = 64;
    private const int Takes = 3;

    /// <summary>As many as the budget speaks of.</summary>
    public const int Sleepers = 10_000;


    public static Task<int> RunAsync(string[] arguments) => FigureCommand.RunAsync(
        "crash", arguments, (options, directory) => MeasureAsync(options.Count ?? Sleepers, directory));

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(int count, string directory)
    {
        string pass;
        await using (var server = await ProgramServer.StartAsync("serve", "--data", directory))
        {
            using var api = new StepFunctionsApi(server.Url);
            pass = await api.CreateMachineAsync("pass", Definitions.OnePass);
            var sleeper = await api.CreateMachineAsync("sleeper", Definitions.SleepUntil);
            var until = DateTimeOffset.UtcNow.AddDays(30);
            var body = System.Text.Encoding.UTF8.GetBytes(
                $$"""{"stateMachineArn":"{{sleeper}}","input":"{\"until\":\"{{until:yyyy-MM-ddTHH:mm:ss.fffZ}}\"}"}""");
            var head = HttpConnection.Head(server.Url, "/", "AWSStepFunctions.StartExecution");
            await Burst.PostAsync(server.Url, head, () => body, count, Clients);
            await server.KillAsync();
        }

        var ready = new List<double>();
        var worked = new List<double>();
        for (var i = 0; i < Takes; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await using var server = await ProgramServer.StartAsync("serve", "--data", directory);
            ready.Add(server.Ready.TotalMilliseconds);
            using var api = new StepFunctionsApi(server.Url);
            await api.RunAsync(pass);
            worked.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await server.KillAsync();
        }

        return
        [
            new($"w6, kill -9 with {count:N0} sleepers: ready", Numbers.Median(ready), "ms", 1_000),
            new(
                $"w6, kill -9 with {count:N0} sleepers: first new execution done", Numbers.Median(worked), "ms", 1_000),
        ];
    }
}
