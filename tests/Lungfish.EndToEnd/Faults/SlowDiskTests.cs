using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Faults;

/// <summary>A disk that takes its time: commits carry more, reads and timers go on, nothing is lost or given up.
/// </summary>
public sealed class SlowDiskTests
{
    [Fact]
    public async Task Starts_EachSyncTakesAFifthOfASecond_ShareCommits()
    {
        const int count = 300;
        using var data = new TemporaryFolder();
        await using (var server = await ServerProcess.ServeAsync(data.Path))
        {
            using var api = new AwsApi(server.Url);
            var machine = await Machines.CreateAsync(api, "m", Machines.Pass);
            using var slow = await SlowSyncs.BeginAsync(server, milliseconds: 200);

            var started = await Task.WhenAll(
                Enumerable.Range(0, count).Select(i => Machines.StartAsync(api, machine, $"e{i}")));

            Assert.All(started, Assert.NotEmpty);
            slow.End();
            foreach (var execution in started)
            {
                await api.WaitForEndAsync(execution);
            }

            await server.KillAsync();
        }

        // Each commit of the lane counts one for each partition that has part in it.
        var commits = await Sql.RunAsync(data["lungfish.db"], "SELECT max(commit_seq) FROM lf_partition");
        Assert.InRange(int.Parse(commits, CultureInfo.InvariantCulture), 1, count / 4);
        Assert.Equal(
            count.ToString(CultureInfo.InvariantCulture),
            await Sql.RunAsync(data["lungfish.db"], "SELECT count(*) FROM lf_execution"));
    }

    [Fact]
    public async Task Reads_WhileASyncStallsForSeconds_AreAnsweredAndTimersAreNotLost()
    {
        using var data = new TemporaryFolder();
        await using var server = await ServerProcess.ServeAsync(data.Path);
        using var api = new AwsApi(server.Url);
        var passes = await Machines.CreateAsync(api, "passes", Machines.Pass);
        var waits = await Machines.CreateAsync(api, "waits", Machines.Wait(1));
        var ended = await Machines.StartAsync(api, passes);
        await api.WaitForEndAsync(ended);
        var waiting = await Machines.StartAsync(api, waits);
        using var slow = await SlowSyncs.BeginAsync(server, milliseconds: 2_000);

        var start = Machines.StartAsync(api, passes);
        for (var reads = 0; reads < 20; reads++)
        {
            Assert.Equal("SUCCEEDED", await Machines.StatusAsync(api, ended));
        }

        Assert.False(start.IsCompleted, "The disk is not slow: nothing was proved.");
        await api.WaitForEndAsync(await start);
        await api.WaitForEndAsync(waiting);
        Assert.False(server.HasExited, server.Output);
    }
}
