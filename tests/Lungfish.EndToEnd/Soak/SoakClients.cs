using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Lungfish.EndToEnd.KillTests;

namespace Lungfish.EndToEnd.Soak;

/// <summary>Those who start executions at a steady rate, follow each to its end, and look around meanwhile.</summary>
internal sealed class SoakClients(SoakWork work, Ledger ledger, int seed)
{
    private static readonly TimeSpan s_endTimeout = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_rarerLook = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Task, byte> _followed = [];
    private readonly ConcurrentQueue<string> _ended = new();
    private int _started;
    private int _endedCount;

    public int Started => _started;

    public int Ended => _endedCount;

    public int Open => _followed.Count;

    /// <summary>Starts executions until cancelled: so many a second, whatever becomes of them.</summary>
    public async Task StartAsync(double perSecond, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        SoakKind[] lots = [.. SoakKind.All.SelectMany(kind => Enumerable.Repeat(kind, kind.Share))];
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1 / perSecond));
        while (await ticks.WaitForNextTickAsync(cancellationToken))
        {
            var number = Interlocked.Increment(ref _started);
            var durable = random.Next(20) == 0;
            Follow(durable ? NapAsync(number) : RunAsync(lots[random.Next(lots.Length)], number));
        }
    }

    /// <summary>Reads lists, descriptions and histories until cancelled.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        while (!cancellationToken.IsCancellationRequested)
        {
            var machine = work.MachineOf(SoakKind.All[random.Next(SoakKind.All.Count)]);
            var list = new JsonObject { ["stateMachineArn"] = machine, ["maxResults"] = 100 };
            _ = await work.Api.GetAsync("ListExecutions", list, cancellationToken);
            if (_ended.TryDequeue(out var arn))
            {
                var history = new JsonObject { ["executionArn"] = arn, ["reverseOrder"] = random.Next(2) == 0 };
                var answer = await work.Api.CallAsync("GetExecutionHistory", history, cancellationToken);
                if (!answer.IsSuccess && answer.ErrorCode != "ExecutionDoesNotExist")
                {
                    ledger.Breach($"{arn}: its history was refused: {answer.Body.ToJsonString()}");
                }
            }

            await Task.Delay(s_look, cancellationToken);
        }
    }

    /// <summary>Waits until all that was started has ended, or has been given up.</summary>
    public async Task EndAsync()
    {
        while (_followed.Keys.FirstOrDefault() is { } one)
        {
            await one;
            _ = _followed.TryRemove(one, out _);
        }
    }

    private void Follow(Task one)
    {
        _ = _followed.TryAdd(one, 0);
        _ = one.ContinueWith(done => _followed.TryRemove(done, out _), TaskScheduler.Default);
    }

    private async Task RunAsync(SoakKind kind, int number)
    {
        var name = $"{kind.Name}-{number}";
        try
        {
            var input = new JsonObject { ["n"] = number, ["name"] = name, ["items"] = new JsonArray(1, 2, 3, 4, 5) };
            var started = await work.Api.GetAsync("StartExecution", new JsonObject
            {
                ["stateMachineArn"] = work.MachineOf(kind),
                ["name"] = name,
                ["input"] = input.ToJsonString(),
            });
            var arn = started["executionArn"]?.GetValue<string>() ?? "";
            if (kind.IsStopped)
            {
                _ = await work.Api.GetAsync("StopExecution", new JsonObject { ["executionArn"] = arn });
            }

            var describe = new JsonObject { ["executionArn"] = arn };
            var ended = await EndOfAsync(
                name, "status", () => work.Api.GetAsync("DescribeExecution", describe));
            var error = ended["error"]?.GetValue<string>();
            Check(name, kind.Status, kind.Error, ended["status"]?.GetValue<string>(), error);
            if (ended["output"]?.GetValue<string>() is { } output && JsonNode.Parse(output) is JsonObject answer
                && answer["doubled"] is { } doubled && doubled.GetValue<int>() != number * 2)
            {
                ledger.Breach($"{name}: it has another's output: {output}");
            }

            _ended.Enqueue(arn);
        }
        catch (Exception exception)
        {
            ledger.Breach($"{name}: {exception.Message}");
        }
    }

    private async Task NapAsync(int number)
    {
        var name = $"nap-{number}";
        try
        {
            var started = await work.Api.RestAsync(
                HttpMethod.Post,
                $"/2015-03-31/functions/{SoakWork.Napping}/invocations?Qualifier=$LATEST",
                "{}",
                CancellationToken.None,
                ("X-Amz-Invocation-Type", "Event"),
                ("X-Amz-Durable-Execution-Name", name));
            var arn = started.Headers.GetValueOrDefault("X-Amz-Durable-Execution-Arn", "");
            var path = $"/2025-12-01/durable-executions/{Uri.EscapeDataString(arn)}";
            var ended = await EndOfAsync(
                name, "Status", async () => (await work.Api.RestAsync(HttpMethod.Get, path)).Body);
            Check(name, "SUCCEEDED", null, ended["Status"]?.GetValue<string>(), null);
        }
        catch (Exception exception)
        {
            ledger.Breach($"{name}: {exception.Message}");
        }
    }

    private static async Task<JsonObject> EndOfAsync(string name, string status, Func<Task<JsonObject>> describe)
    {
        var since = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var found = await describe();
            if (found[status]?.GetValue<string>() is not "RUNNING")
            {
                return found;
            }

            if (since.Elapsed > s_endTimeout)
            {
                throw new TimeoutException($"{name} does not end: {found.ToJsonString()}");
            }

            await Task.Delay(since.Elapsed < s_endTimeout / 10 ? s_look : s_rarerLook);
        }
    }

    private void Check(string name, string status, string? error, string? foundStatus, string? foundError)
    {
        _ = Interlocked.Increment(ref _endedCount);
        if (foundStatus != status || foundError != error)
        {
            ledger.Breach($"{name}: it ended as {foundStatus} {foundError} and not as {status} {error}");
        }
    }
}
