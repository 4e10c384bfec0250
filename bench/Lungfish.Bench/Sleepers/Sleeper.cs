using System.Globalization;
using System.Text;
using Lungfish.Bench.Driving;
using Lungfish.Bench.Workloads;

namespace Lungfish.Bench.Sleepers;

/// <summary>Executions of one kind that sleep until a moment.</summary>
internal sealed class Sleeper(LungfishTarget target, byte[] head, Func<DateTimeOffset, string> bodyUntil)
{
    public static async Task<Sleeper> CreateAsync(LungfishTarget target, string kind)
    {
        _ = await target.CountClosedAsync(); // From here on.
        if (kind == "state-machine")
        {
            var arn = await target.CreateMachineAsync("sleep", Definitions.SleepUntil);
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
                $"/2015-03-31/functions/{Definitions.Sleep}-{kind}/invocations?Qualifier=$LATEST",
                invocationType: "Event"),
            until => string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"seconds":{{Math.Max(1, (int)Math.Ceiling((until - DateTimeOffset.UtcNow).TotalSeconds))}}}"""));
    }

    public Task StartAsync(int count, int clients, DateTimeOffset until) =>
        Burst.PostAsync(target.Url, head, () => Encoding.UTF8.GetBytes(bodyUntil(until)), count, clients);

    /// <summary>Waits until so many executions have closed.</summary>
    /// <returns>How many have, when that or the time is over.</returns>
    public async Task<int> AllDoneAsync(int count, TimeSpan poll, DateTimeOffset patience)
    {
        int closed;
        while ((closed = await target.CountClosedAsync()) < count && DateTimeOffset.UtcNow < patience)
        {
            await Task.Delay(poll);
        }

        return closed;
    }
}
