using System.Diagnostics;
using System.Text.Json.Nodes;
using Lungfish.Bench.Driving;
using Lungfish.Bench.Measuring;
using Lungfish.Bench.Workloads;

namespace Lungfish.Bench.Scale;

/// <summary>How long an execution with a long history takes to come back into memory: it is stopped by the first call
/// after a start that needs it.</summary>
internal static class LoadCommand
{
    private const int Takes = 3;
    private const int PayloadBytes = 200 * 1024;
    private const int LimitMs = 500;

    /// <summary>Just below what an execution may have.</summary>
    private const int Events = 24_000;

    public static Task<int> RunAsync(string[] arguments) => FigureCommand.RunAsync(
        "load", arguments, (options, directory) => MeasureAsync(options.Count ?? Events, directory));

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(int events, string directory)
    {
        Sleeper[] sleepers;
        await using (var server = await ProgramServer.StartAsync("serve", "--data", directory))
        {
            using var api = new StepFunctionsApi(server.Url);
            var child = await api.CreateMachineAsync("pass", Definitions.OnePass);
            var steps = await api.CreateMachineAsync("steps", LongHistories.Loop(LongHistories.Pass, events / 4));
            var items = await api.CreateMachineAsync("items", LongHistories.Iterations);
            var tasks = await api.CreateMachineAsync(
                "tasks", LongHistories.Loop(LongHistories.Start(child), events / 7));
            sleepers =
            [
                new("24 commits", steps, "{}"),
                new("a Map", items, $$"""{"items":[{{string.Join(',', Enumerable.Range(0, events / 4))}}]}"""),
                new($"{events / 7:N0} commits", tasks, "{}"),
                new(
                    $"{events / 7:N0} commits, payload of 200 KiB", tasks,
                    $$"""{"pad":"{{new string('x', PayloadBytes)}}"}"""),
            ];
            foreach (var sleeper in sleepers)
            {
                await sleeper.StartAsync(api, Takes);
            }

            await server.KillAsync();
        }

        var times = sleepers.Select(_ => new List<double>()).ToArray();
        for (var take = 0; take < Takes; take++)
        {
            foreach (var (index, sleeper) in sleepers.Index()) // Each by a server of its own: its code is cold.
            {
                await using var server = await ProgramServer.StartAsync("serve", "--data", directory);
                using var api = new StepFunctionsApi(server.Url);
                await api.RunAsync(await api.CreateMachineAsync("pass", Definitions.OnePass));
                times[index].Add(await sleeper.StopAsync(api, take));
            }
        }

        return
        [
            .. sleepers.Select((sleeper, index) => new Figure(
                $"stop an execution of {events:N0} events after a start: {sleeper.Name}",
                Numbers.Median(times[index]), "ms", LimitMs)),
        ];
    }

    private sealed record Sleeper(string Name, string Machine, string Input)
    {
        private readonly List<string> _executions = [];

        /// <summary>Starts that many, and waits until all of them sleep.</summary>
        public async Task StartAsync(StepFunctionsApi api, int count)
        {
            for (var i = 0; i < count; i++)
            {
                var started = await api.CallAsync(
                    "StartExecution", new JsonObject { ["stateMachineArn"] = Machine, ["input"] = Input });
                _executions.Add(StepFunctionsApi.Member(started, "executionArn"));
            }

            foreach (var execution in _executions)
            {
                while (await LastEventAsync(api, execution) is var last and not "WaitStateEntered")
                {
                    if (last is "ExecutionFailed")
                    {
                        throw new InvalidOperationException($"{execution} has failed.");
                    }

                    await Task.Delay(100);
                }
            }
        }

        /// <returns>Milliseconds.</returns>
        public async Task<double> StopAsync(StepFunctionsApi api, int number)
        {
            var began = Stopwatch.GetTimestamp();
            _ = await api.CallAsync("StopExecution", new JsonObject { ["executionArn"] = _executions[number] });
            return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        private static async Task<string> LastEventAsync(StepFunctionsApi api, string execution)
        {
            var history = await api.CallAsync("GetExecutionHistory", new JsonObject
            {
                ["executionArn"] = execution,
                ["maxResults"] = 1,
                ["reverseOrder"] = true,
                ["includeExecutionData"] = false,
            });
            return StepFunctionsApi.Member(
                history["events"]?[0] ?? throw new InvalidDataException("A history without events."), "type");
        }
    }
}
