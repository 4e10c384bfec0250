using System.Globalization;
using Lungfish.Engine.Tasks;
using Lungfish.Engine.Tests.Support;
using Lungfish.Json;

namespace Lungfish.Engine.Tests;

/// <summary>Very many executions that fail and try again each second hinder nobody else.</summary>
/// <remarks><c>LUNGFISH_STORM=10000</c> makes it as large as the table of faults has it.</remarks>
public sealed class RetryStormTests
{
    private const int AttemptsMax = 20;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private static readonly string Failing =
        """{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"FN","End":true,"Retry":[{"""
            .Replace("FN", "arn:aws:lambda:us-east-1:000000000000:function:failing", StringComparison.Ordinal)
        + $"\"ErrorEquals\":[\"States.ALL\"],\"IntervalSeconds\":1,\"BackoffRate\":1.0,\"MaxAttempts\":{AttemptsMax},"
        + "\"JitterStrategy\":\"FULL\"}]}}}";

    private const string Calm = """
        {"StartAt":"T","States":{"T":{"Type":"Task",
          "Resource":"arn:aws:lambda:us-east-1:000000000000:function:calm","End":true}}}
        """;

    [Fact(Timeout = 300_000)] // If attempts went missing, it would storm for ever.
    public async Task Retry_OfManyThatAlwaysFail_LetsOthersGoOnAndEnds()
    {
        var count = int.TryParse(
            Environment.GetEnvironmentVariable("LUNGFISH_STORM"), CultureInfo.InvariantCulture, out var given)
                ? given
                : 300;
        await using var world = await World.StartAsync();
        var attempts = 0;
        world.Handler.Does = assignment =>
        {
            if (assignment.Task.Input is JsonObject { Count: > 0 })
            {
                return new TaskCompleted(assignment.Task.Input);
            }

            _ = Interlocked.Increment(ref attempts);
            return new TaskFaulted("Busy", "as always");
        };
        var storm = await world.CreateAsync("storm", Failing);
        var calm = await world.CreateAsync("calm", Calm);
        var storming = await Task.WhenAll(
            Enumerable.Range(0, count).Select(i => world.StartAsync(storm, $"s{i}")));
        var all = count * (AttemptsMax + 1);

        var calmWhileItStorms = 0;
        while (Volatile.Read(ref attempts) < all)
        {
            // Ends at once, whatever time it is in the storm: nothing here moves the clock.
            var ended = await world.WaitAsync(await world.StartAsync(calm, null, "{\"calm\":true}"));
            Assert.Null(ended.Error);
            calmWhileItStorms++;
            world.Time.Advance(Step);
        }

        foreach (var execution in storming)
        {
            Assert.Equal("Busy", (await world.WaitAsync(execution)).Error);
        }

        Assert.Equal(all, attempts);
        Assert.True(calmWhileItStorms > AttemptsMax, $"Only {calmWhileItStorms}: the storm was none.");
    }
}
