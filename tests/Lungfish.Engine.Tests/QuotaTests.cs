using System.Collections.Concurrent;
using Lungfish.Engine.Tests.Support;
using Lungfish.States.Deciding;
using Lungfish.States.Quotas;

namespace Lungfish.Engine.Tests;

public sealed class QuotaTests
{
    /// <summary>Three outputs that are each too large.</summary>
    private const string Growing =
        """
        {"StartAt":"A","States":{
          "A":{"Type":"Pass","Parameters":{"x.$":"$","y.$":"$"},"Next":"W"},
          "W":{"Type":"Wait","Seconds":1,"Next":"B"},
          "B":{"Type":"Pass","Parameters":{"x.$":"$","y.$":"$"},"End":true}}}
        """;

    [Theory]
    [InlineData(QuotaMode.Strict, ExecutionStatus.Failed)]
    [InlineData(QuotaMode.Warn, ExecutionStatus.Succeeded)]
    [InlineData(QuotaMode.Relaxed, ExecutionStatus.Succeeded)]
    public async Task Run_OutputOverTheQuota_EndsAsTheModeSays(QuotaMode mode, ExecutionStatus status)
    {
        await using var world = await World.StartAsync(
            new EngineOptions { TokenKey = new byte[32], Quotas = new QuotaPolicy { Mode = mode } });
        var arn = await world.CreateAsync("growing", Growing);

        var started = await world.StartAsync(arn, "one", $"\"{new string('x', 140_000)}\"");
        world.Time.Advance(TimeSpan.FromSeconds(2));
        var ended = await world.WaitAsync(started);

        Assert.Equal(status, ended.Summary.Status);
    }

    [Fact]
    public async Task Run_OverTheQuotaBeforeAndAfterARestart_IsLoggedOnce()
    {
        var lines = new ConcurrentQueue<string>();
        await using var world = new World
        {
            Options = new EngineOptions { TokenKey = new byte[32], Quotas = new QuotaPolicy { Mode = QuotaMode.Warn } },
            Loggers = new Logged((_, line) => lines.Enqueue(line)),
        };
        await world.StartEngineAsync();
        var arn = await world.CreateAsync("growing", Growing);

        var started = await world.StartAsync(arn, "one", $"\"{new string('x', 140_000)}\"");
        await world.RestartAsync();
        world.Time.Advance(TimeSpan.FromSeconds(2));
        _ = await world.WaitAsync(started);

        var warning = Assert.Single(
            lines, line => line.Contains("it would fail there", StringComparison.Ordinal));
        Assert.Contains(started.ExecutionArn, warning, StringComparison.Ordinal);
        Assert.Contains("PayloadBytes", warning, StringComparison.Ordinal);
    }
}
