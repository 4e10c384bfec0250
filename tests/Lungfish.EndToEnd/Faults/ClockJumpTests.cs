using System.Text.Json.Nodes;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Faults;

/// <summary>Somebody sets the clock of the machine while the server runs: no timer fires early by the clock as it then
/// is, and none is forgotten.</summary>
/// <remarks>A Wait of half an hour is a moment: the time at which it was entered, half an hour later. A clock that is
/// set an hour ahead has passed that moment. See docs/operations.md.</remarks>
public sealed class ClockJumpTests
{
    private const int SecondsOfAWait = 1_800;

    [Fact]
    public async Task Clock_SetAnHourAhead_EndsTheWaitsWhoseMomentHasPassedAndNoOthers()
    {
        await using var clocked = await ClockedServer.StartAsync();
        var half = await clocked.WaitAsync("half", SecondsOfAWait);
        var two = await clocked.WaitAsync("two", 4 * SecondsOfAWait);

        clocked.Set("+3600");

        await clocked.Api.WaitForEndAsync(half);
        Assert.Equal("RUNNING", await Machines.StatusAsync(clocked.Api, two));
        await clocked.AssertNoWaitEndedEarlyAsync(half, SecondsOfAWait);
    }

    [Fact]
    public async Task Clock_SetAnHourAheadAndBack_DelaysNoWait()
    {
        await using var clocked = await ClockedServer.StartAsync();
        var before = await clocked.WaitAsync("before", 2);

        clocked.Set("+3600");
        var ahead = await clocked.WaitAsync("ahead", 2);
        clocked.Set("-3600");
        var after = await clocked.WaitAsync("after", 2);

        // Its seconds go by on the clock that is not set by anybody.
        foreach (var wait in (string[])[before, ahead, after])
        {
            await clocked.Api.WaitForEndAsync(wait);
        }

        await clocked.AssertNoWaitEndedEarlyAsync(before, 2);
        await clocked.AssertNoWaitEndedEarlyAsync(ahead, 2);
        await clocked.AssertNoWaitEndedEarlyAsync(after, 2);
    }

    [Fact]
    public async Task Clock_SetBackAndForthByASecond_AsALeapSecondDoes_FiresNothingEarly()
    {
        await using var clocked = await ClockedServer.StartAsync();
        var waits = new List<string>();
        foreach (var (offset, index) in ((string[])["-1", "+0", "+1", "+0", "-1"]).Select((o, i) => (o, i)))
        {
            waits.Add(await clocked.WaitAsync($"wait{index}", 2));
            clocked.Set(offset);
        }

        foreach (var wait in waits)
        {
            await clocked.Api.WaitForEndAsync(wait);
            await clocked.AssertNoWaitEndedEarlyAsync(wait, 2);
        }
    }

    [Fact]
    public async Task Clock_SetBackBetweenTwoStarts_FiresNothingEarly()
    {
        await using var clocked = await ClockedServer.StartAsync();
        var wait = await clocked.WaitAsync("wait", 5);

        await clocked.RestartAsync("-3600");

        // An hour must go by before it is due: nothing that is left knows what was done to the clock.
        Assert.Equal("RUNNING", await Machines.StatusAsync(clocked.Api, wait));
        clocked.Set("+10");
        await clocked.Api.WaitForEndAsync(wait);
        await clocked.AssertNoWaitEndedEarlyAsync(wait, 5);
    }

    [Fact]
    public async Task Clock_Frozen_WaitsGoOnByTheMonotonicClock()
    {
        await using var clocked = await ClockedServer.StartAsync();
        clocked.Set(DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));

        var wait = await clocked.WaitAsync("wait", 2);

        await clocked.Api.WaitForEndAsync(wait);
        await clocked.AssertNoWaitEndedEarlyAsync(wait, 2);
    }

    /// <summary>A server whose wall clock the test sets.</summary>
    private sealed class ClockedServer : IAsyncDisposable
    {
        // libfaketime keeps whole seconds of some forms, and the wire milliseconds.
        private const double SecondsOfRounding = 1;

        private readonly TemporaryFolder _folder = new();
        private ServerProcess? _process;
        private AwsApi? _api;

        public AwsApi Api => _api ?? throw new InvalidOperationException("Not started.");

        private string Clock => _folder["clock"];

        public static async Task<ClockedServer> StartAsync()
        {
            var server = new ClockedServer();
            server.Set("+0");
            await server.StartProcessAsync();
            return server;
        }

        /// <inheritdoc cref="Preload.SetClock"/>
        public void Set(string time) => Preload.SetClock(Clock, time);

        public async Task RestartAsync(string time)
        {
            await StopAsync();
            Set(time);
            await StartProcessAsync();
        }

        public async Task<string> WaitAsync(string name, int seconds) => await Machines.StartAsync(
            Api, await Machines.CreateAsync(Api, $"{name}-machine", Machines.Wait(seconds)), name);

        /// <summary>By the times of its history.</summary>
        public async Task AssertNoWaitEndedEarlyAsync(string execution, int seconds)
        {
            var history = await Api.GetAsync(
                "GetExecutionHistory", new JsonObject { ["executionArn"] = execution, ["maxResults"] = 100 });
            var events = history["events"]?.AsArray() ?? [];
            Assert.InRange(
                TimeOf("WaitStateExited") - TimeOf("WaitStateEntered"), seconds - SecondsOfRounding, double.MaxValue);

            double TimeOf(string type) => events
                .First(e => e?["type"]?.GetValue<string>() == type)?["timestamp"]?.GetValue<double>() ?? 0;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _folder.Dispose();
        }

        private async Task StartProcessAsync()
        {
            _process = await ServerProcess.ServeAsync(_folder["data"], Preload.FakeTime(Clock));
            _api = new AwsApi(_process.Url);
        }

        private async Task StopAsync()
        {
            _api?.Dispose();
            await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }
}
