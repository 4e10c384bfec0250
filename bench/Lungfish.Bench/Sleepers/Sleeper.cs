using System.Globalization;
using System.Text;
using Lungfish.Bench.Driving;
using Lungfish.Bench.Measuring;

namespace Lungfish.Bench.Sleepers;

/// <summary>Executions of one kind that sleep until a moment.</summary>
internal sealed class Sleeper(LungfishTarget target, byte[] head, Func<DateTimeOffset, string> bodyUntil)
{
    private const double QuietShare = 0.05;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private const string Machine =
        """
        {"StartAt":"Sleep","States":{"Sleep":{"Type":"Wait","TimestampPath":"$.until","End":true}}}
        """;

    public static async Task<Sleeper> CreateAsync(LungfishTarget target, string kind)
    {
        if (kind == "state-machine")
        {
            var arn = await target.CreateMachineAsync("sleep", Machine);
            return new Sleeper(
                target,
                HttpConnection.Head(target.Url, "/", "AWSStepFunctions.StartExecution"),
                until =>
                    $$"""
                    {"stateMachineArn":"{{arn}}","input":"{\"until\":\"{{until:yyyy-MM-ddTHH:mm:ss.fffZ}}\"}"}
                    """);
        }

        return new Sleeper(
            target,
            HttpConnection.Head(
                target.Url,
                $"/2015-03-31/functions/sleep-{kind}/invocations?Qualifier=$LATEST",
                invocationType: "Event"),
            until => string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"seconds":{{Math.Max(1, (int)(until - DateTimeOffset.UtcNow).TotalSeconds)}}}"""));
    }

    public async Task StartAsync(int count, int clients, DateTimeOffset until)
    {
        var left = count;
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            using var connection = await HttpConnection.OpenAsync(target.Url);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await connection.PostAsync(head, Encoding.UTF8.GetBytes(bodyUntil(until)));
            }
        })));
    }

    /// <summary>Waits until the server and its functions have nothing more to do.</summary>
    public async Task AllAsleepAsync()
    {
        TimeSpan busy;
        do
        {
            var before = CpuTimes.Now(target.ProcessId);
            await Task.Delay(Look);
            var spent = CpuTimes.Now(target.ProcessId) - before;
            busy = TimeSpan.FromSeconds(spent.Server + spent.Functions);
        }
        while (busy > Look * QuietShare);
    }

    /// <summary>Waits until so many executions have closed since the server started.</summary>
    public async Task AllDoneAsync(int count, TimeSpan poll)
    {
        while (await target.CountClosedAsync() < count)
        {
            await Task.Delay(poll);
        }
    }
}
