using Lungfish.Cli.Client;
using Lungfish.Cli.Rendering;

namespace Lungfish.Cli.Dev;

/// <summary>What the keys of <c>lungfish dev</c> show.</summary>
internal static class DevKeys
{
    public static async Task WriteExecutionsAsync(
        LungfishClient client, Output output, CancellationToken cancellationToken)
    {
        var machines = await client.ListExecutionsAsync(null, null, 10, cancellationToken);
        var durable = await client.Durable.ListAsync(null, null, null, 10, cancellationToken);
        var latest = machines.Select(e => (e.Name, e.Status, Owner: e.MachineName, e.StartedAt))
            .Concat(durable.Select(e => (e.Name, e.Status, Owner: e.Function, e.StartedAt)))
            .OrderByDescending(e => e.StartedAt).Take(10).ToList();
        if (latest.Count == 0)
        {
            output.Say("No executions yet.");
            return;
        }

        new Table<(string Name, string Status, string Owner, DateTimeOffset StartedAt)>(
            new("EXECUTION", e => e.Name),
            new("STATUS", e => e.Status, e => Statuses.StyleOf(e.Status)),
            new("OF", e => e.Owner),
            new("STARTED", e => output.Since(e.StartedAt))).Write(latest, output.Talk);
    }

    public static async Task WriteCallbacksAsync(
        LungfishClient client, Output output, CancellationToken cancellationToken)
    {
        var waiting = await client.ListCallbacksAsync(null, null, 10, cancellationToken);
        if (waiting.Count == 0)
        {
            output.Say("Nothing waits for an answer.");
            return;
        }

        new Table<Callback>(
            new("EXECUTION", c => c.ExecutionName),
            new("STATE", c => c.StateName),
            new("WAITS", c => Durations.Text(output.Now - c.Since)),
            new(
                "",
                c => output.Typed($"lungfish callback succeed {c.ExecutionName}"),
                _ => Style.Accent)).Write(waiting, output.Talk);
    }
}

/// <summary>Shows what all functions write, until the key is pressed again.</summary>
internal sealed class DevLogs(LungfishClient client, Output output) : IDisposable
{
    private CancellationTokenSource? _following;

    public void Toggle(IReadOnlyList<string> functions)
    {
        if (_following is { } following)
        {
            _following = null;
            following.Cancel();
            output.Say("logs off");
            return;
        }

        _following = new CancellationTokenSource();
        output.Say("logs on; press l again to end them");
        foreach (var function in functions)
        {
            _ = FollowAsync(function, _following.Token);
        }
    }

    public void Dispose() => _following?.Cancel();

    private async Task FollowAsync(string function, CancellationToken cancellationToken)
    {
        try
        {
            var lines = client.Functions.ReadLogsAsync(function, null, countMax: 5, follow: true, cancellationToken);
            await foreach (var line in lines)
            {
                output.Talk.Write($"{line.At.ToLocalTime():HH:mm:ss}  {function}  ", Style.Dim);
                output.Talk.Line(line.Text.TrimEnd('\n'));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Switched off.
        }
        catch (Exception e) when (e is ServerRefusal or HttpRequestException or IOException)
        {
            output.Say($"{function}: the log ended ({e.Message})");
        }
    }
}
