using System.Text.Json.Nodes;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Faults;

/// <summary>A disk without room: nothing new is started, what is open ends with the room that was kept for it, and when
/// that is used up too, all waits; reads go on. It goes on by itself when there is room.</summary>
public sealed class DiskFullTests
{
    private const int MebibytesOfTheDisk = 24;
    private const string Ballast = "ballast";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Disk_FullToTheReserveAndBeyond_StopsInStepsAndGoesOnByItself()
    {
        await using var disk = await SmallDisk.MountAsync(MebibytesOfTheDisk);
        await using var server = await ServerProcess.ServeAsync(disk["data"]);
        using var api = new AwsApi(server.Url);
        var work = await Workshop.OpenAsync(api);
        var (firstToken, first) = await work.BeginAsync("first");
        var (secondToken, second) = await work.BeginAsync("second");
        await Poll.UntilAsync(
            () => Task.FromResult(File.Exists(disk["data/lungfish.db.reserve"])), s_patience, "the reserve");

        disk.Fill(Ballast);
        var refused = await work.StartUntilRefusedAsync();
        Assert.Equal("ThrottlingException", refused.ErrorCode);
        Assert.Contains("disk", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(507, await HealthAsync(server));
        var (exitCode, doctor) =
            await ServerProcess.RunAsync(["doctor", "--endpoint", server.Url.ToString()], disk["data"]);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("The disk is full", doctor, StringComparison.Ordinal);
        await work.SucceedAsync(firstToken); // With the room of the reserve.
        await api.WaitForEndAsync(first);

        var last = await work.FailUntilUnavailableAsync(secondToken, () => disk.Fill(Ballast));
        Assert.Equal(503, last.Status);
        Assert.Equal("RUNNING", await Machines.StatusAsync(api, second)); // Reads go on.
        Assert.Equal("SUCCEEDED", await Machines.StatusAsync(api, first));
        Assert.True((await api.CallAsync("ListStateMachines", null)).IsSuccess);

        disk.Free(Ballast);
        await Poll.UntilAsync(async () => await HealthAsync(server) == 200, s_patience, "room");
        Assert.True(File.Exists(disk["data/lungfish.db.reserve"]));
        await work.SucceedAsync(secondToken);
        await api.WaitForEndAsync(second);
        foreach (var execution in work.Acknowledged)
        {
            await api.WaitForEndAsync(execution);
        }

        Assert.False(server.HasExited, server.Output);
    }

    [Fact]
    public async Task Start_OnAFullDisk_TakesTheReserveAndIsRefusedInOneSentenceWithoutOne()
    {
        await using var disk = await SmallDisk.MountAsync(MebibytesOfTheDisk);
        await using (var before = await ServerProcess.ServeAsync(disk["data"]))
        {
            await Poll.UntilAsync(
                () => Task.FromResult(File.Exists(disk["data/lungfish.db.reserve"])), s_patience, "the reserve");
            Assert.Equal(0, await before.InterruptAsync());
        }

        disk.Fill(Ballast);
        await using (var full = await ServerProcess.ServeAsync(disk["data"]))
        {
            await Poll.UntilAsync(async () => await HealthAsync(full) == 507, s_patience, "what it says of its disk");
            await full.KillAsync();
        }

        File.Delete(disk["data/lungfish.db-shm"]); // Made anew at each start.
        disk.Fill(Ballast);
        var (exitCode, output) = await ServerProcess.RunAsync(
            ["serve", "--data", disk["data"], "--urls", "http://127.0.0.1:0"]);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("full", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);

        disk.Free(Ballast);
        await using var after = await ServerProcess.ServeAsync(disk["data"]);
    }

    private static async Task<int> HealthAsync(ServerProcess server)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(server.Url, "/health"));
        return (int)answer.StatusCode;
    }

    /// <summary>A machine whose executions wait for a worker, and one whose executions fill the disk.</summary>
    private sealed class Workshop(AwsApi api, string activity, string tasks, string passes)
    {
        private readonly List<string> _acknowledged = [];

        public IReadOnlyList<string> Acknowledged => _acknowledged;

        public static async Task<Workshop> OpenAsync(AwsApi api)
        {
            var created = await api.GetAsync("CreateActivity", new JsonObject { ["name"] = "work" });
            var activity = Machines.Text(created, "activityArn");
            var task = new JsonObject
            {
                ["StartAt"] = "T",
                ["States"] = new JsonObject
                {
                    ["T"] = new JsonObject { ["Type"] = "Task", ["Resource"] = activity, ["End"] = true },
                },
            };
            return new Workshop(
                api,
                activity,
                await Machines.CreateAsync(api, "tasks", task.ToJsonString()),
                await Machines.CreateAsync(api, "passes", Machines.Pass));
        }

        /// <returns>The token of the task that it waits for, and the execution.</returns>
        public async Task<(string Token, string Execution)> BeginAsync(string name)
        {
            var execution = await Machines.StartAsync(api, tasks, name);
            var poll = await api.GetAsync("GetActivityTask", new JsonObject { ["activityArn"] = activity });
            return (Machines.Text(poll, "taskToken"), execution);
        }

        /// <summary>A 503 is tried again, as every SDK does: what it refused may have been recorded.</summary>
        public async Task SucceedAsync(string token)
        {
            ApiAnswer? last = null;
            await Poll.UntilAsync(
                async () =>
                {
                    last = await api.CallAsync(
                        "SendTaskSuccess", new JsonObject { ["taskToken"] = token, ["output"] = "{}" });
                    return last.Status != 503;
                },
                s_patience,
                () => $"room for what ends work; the last answer was {last}");
            Assert.True(last is { IsSuccess: true } or { ErrorCode: "TaskTimedOut" }, $"{last}");
        }

        /// <summary>Each input is stored: what room is left in the files is soon used up.</summary>
        public async Task<ApiAnswer> StartUntilRefusedAsync()
        {
            var input = new JsonObject { ["text"] = new string('x', 200_000) }.ToJsonString();
            while (true)
            {
                var answer = await Machines.TryStartAsync(api, passes, input: input);
                if (answer.ErrorCode == "ThrottlingException")
                {
                    return answer;
                }

                if (answer.IsSuccess)
                {
                    _acknowledged.Add(Machines.Text(answer.Body, "executionArn"));
                }
            }
        }

        /// <summary>Has heartbeats and other small things use up the reserve.</summary>
        public Task<ApiAnswer> FailUntilUnavailableAsync(string token, Action fill) => Poll.ForAsync(
            async () =>
            {
                fill();
                var name = $"m{Guid.NewGuid():N}";
                var definition = Machines.Pass.Replace(
                    "\"StartAt\"", $"\"Comment\":\"{new string('x', 200_000)}\",\"StartAt\"", StringComparison.Ordinal);
                _ = await api.CallAsync("CreateStateMachine", new JsonObject
                {
                    ["name"] = name,
                    ["definition"] = definition,
                    ["roleArn"] = "arn:aws:iam::000000000000:role/any",
                });
                var heartbeat = await api.CallAsync("SendTaskHeartbeat", new JsonObject { ["taskToken"] = token });
                return heartbeat.Status == 503 ? heartbeat : null;
            },
            s_patience,
            "the end of the reserve");
    }
}
