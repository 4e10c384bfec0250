using System.Diagnostics;
using System.Text.Json.Nodes;
using Lungfish.Bench.Driving;
using Lungfish.Bench.Measuring;
using Lungfish.Bench.Workloads;

namespace Lungfish.Bench.Scale;

/// <summary>A million executions that sleep in one data file: what they cost while they sleep, whether the server still
/// starts, answers and works as if there were none, and how long a tenth of them takes to wake at one moment.</summary>
internal static class MillionCommand
{
    private const int Clients = 64;
    private const int StartsPerSecondAtLeast = 1_500;
    private static readonly TimeSpan IdleWatched = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan QuietAfterwards = TimeSpan.FromSeconds(20); // Until the server has noticed.
    private static readonly TimeSpan FarAway = TimeSpan.FromDays(30);

    public static Task<int> RunAsync(string[] arguments) => FigureCommand.RunAsync(
        "million", arguments, (options, directory) => MeasureAsync(options.Count ?? 1_000_000, directory));

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(int count, string directory)
    {
        var figures = new List<Figure>();
        var wakers = count / 10;
        string sleeper;
        await using (var server = await ProgramServer.StartAsync("serve", "--data", directory))
        {
            using var api = new StepFunctionsApi(server.Url);
            sleeper = await api.CreateMachineAsync("sleeper", Definitions.SleepUntil);
            await SleepAsync(server, sleeper, 1_000, FarAway); // What is made at the first start only is made now.
            await Idle.WaitAsync(server.ProcessId);
            var memory = ServerMemory.Of(server.ProcessId);
            var disk = DataFiles.Bytes(directory);

            var began = Stopwatch.GetTimestamp();
            await SleepAsync(server, sleeper, count - wakers, FarAway);
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            await Idle.WaitAsync(server.ProcessId);
            disk = DataFiles.Bytes(directory) - disk;
            memory = ServerMemory.Of(server.ProcessId) - memory;
            var slept = count - wakers;
            figures.Add(new($"starts of {slept:N0} sleepers", slept / seconds, "/s", 5_000, MoreIsBetter: true));
            figures.Add(new("disk for a sleeper", disk / 1024.0 / slept, "KB"));
            figures.Add(new("memory for a sleeper", memory / 1024.0 / slept, "KB", 1));
            figures.Add(new(
                "memory while all sleep", ServerMemory.Of(server.ProcessId) / 1_048_576.0, "MB", 300));
            await server.KillAsync();
        }

        await using (var server = await ProgramServer.StartAsync("serve", "--data", directory))
        {
            figures.Add(new("ready after kill -9", server.Ready.TotalSeconds, "s", 3));
            using var api = new StepFunctionsApi(server.Url);
            await AddAnswersAsync(figures, api, sleeper);
            await Idle.WaitAsync(server.ProcessId);
            figures.Add(new("idle", await Idle.PercentOfACoreAsync(server.ProcessId, IdleWatched), "% of a core", 1));
            await WakeAsync(figures, server, sleeper, wakers);
            await Idle.WaitAsync(server.ProcessId);
            await Task.Delay(QuietAfterwards);
            figures.Add(new(
                "memory 20 s after they are done", ServerMemory.Of(server.ProcessId) / 1_048_576.0, "MB", 300));
        }

        return figures;
    }

    /// <summary>What people and programs ask for, as if there were only a few.</summary>
    private static async Task AddAnswersAsync(List<Figure> figures, StepFunctionsApi api, string machine)
    {
        var found = await api.CallAsync(
            "ListExecutions", new JsonObject { ["stateMachineArn"] = machine, ["maxResults"] = 1 });
        var arn = StepFunctionsApi.Member(
            found["executions"]?[0] ?? throw new InvalidDataException("Nothing sleeps."), "executionArn");
        var name = arn[(arn.LastIndexOf(':') + 1)..];
        await AddAsync("the newest 20 of all", () => api.GetAsync("/api/executions?limit=20"));
        await AddAsync("the newest 20 that run", () => api.GetAsync("/api/executions?limit=20&status=RUNNING"));
        await AddAsync("ListExecutions, 1,000 of a machine", () => api.CallAsync(
            "ListExecutions", new JsonObject { ["stateMachineArn"] = machine, ["maxResults"] = 1000 }));
        await AddAsync("ListStateMachines", () => api.CallAsync("ListStateMachines", []));
        await AddAsync("DescribeExecution", () => api.CallAsync(
            "DescribeExecution", new JsonObject { ["executionArn"] = arn }));
        await AddAsync("an execution by its name's first 8", () => api.GetAsync($"/api/resolve?text={name[..8]}"));
        await AddAsync("an execution by its name's first 1", () => api.GetAsync($"/api/resolve?text={name[..1]}"));
        await AddAsync("callbacks that wait", () => api.GetAsync("/api/callbacks?limit=20"));

        async Task AddAsync(string what, Func<Task> call)
        {
            await call(); // Not what the JIT takes.
            figures.Add(new(what, await StepFunctionsApi.TimeAsync(9, call), "ms", 100));
        }
    }

    private static async Task WakeAsync(List<Figure> figures, ProgramServer server, string sleeper, int count)
    {
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = count;
        await using var ends = await LineStream.OpenAsync(
            new Uri(server.Url, "/api/executions/watch"),
            _ =>
            {
                if (Interlocked.Decrement(ref left) == 0)
                {
                    all.SetResult();
                }
            });
        var due = DateTimeOffset.UtcNow.AddSeconds((count / (double)StartsPerSecondAtLeast) + 5);
        await SleepAsync(server, sleeper, count, due - DateTimeOffset.UtcNow);
        await Idle.WaitAsync(server.ProcessId);
        if (DateTimeOffset.UtcNow >= due)
        {
            throw new InvalidOperationException("They were due before all slept: this machine is too slow.");
        }

        await all.Task.WaitAsync(due - DateTimeOffset.UtcNow + TimeSpan.FromMinutes(5));
        figures.Add(new($"{count:N0} due at once: all done", (DateTimeOffset.UtcNow - due).TotalSeconds, "s", 10));
    }

    private static Task SleepAsync(ProgramServer server, string machine, int count, TimeSpan length)
    {
        var until = DateTimeOffset.UtcNow + length;
        var body = System.Text.Encoding.UTF8.GetBytes(
            $$"""{"stateMachineArn":"{{machine}}","input":"{\"until\":\"{{until:yyyy-MM-ddTHH:mm:ss.fffZ}}\"}"}""");
        return Burst.PostAsync(
            server.Url,
            HttpConnection.Head(server.Url, "/", "AWSStepFunctions.StartExecution"),
            () => body,
            count,
            Clients);
    }
}
