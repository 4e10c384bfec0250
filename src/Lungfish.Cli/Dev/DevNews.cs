using Lungfish.Cli.Client;
using Lungfish.Cli.Rendering;
using Lungfish.Durable;
using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.States.Deciding;

namespace Lungfish.Cli.Dev;

/// <summary>A line for each execution that closes: a sign of life, of what it came to, and why it failed.</summary>
internal sealed class DevNews(Output output)
{
    public Task TellAsync(LungfishEngine engine, CancellationToken cancellationToken) =>
        Task.WhenAll(TellMachinesAsync(engine, cancellationToken), TellDurableAsync(engine, cancellationToken));

    public static async Task TellWhatGoesOnAsync(LungfishClient client, Output output)
    {
        var machines = await client.ListExecutionsAsync(null, "RUNNING", 1000, CancellationToken.None);
        var durable = await client.Durable.ListAsync(null, null, "RUNNING", 1000, CancellationToken.None);
        output.Say((machines.Count + durable.Count) switch
        {
            0 => "stopping",
            1 => "stopping; 1 running execution goes on at the next start",
            var count => $"stopping; {count} running executions go on at the next start",
        });
    }

    private async Task TellMachinesAsync(LungfishEngine engine, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var closed in engine.Executions.WatchClosedAsync(null, cancellationToken))
            {
                var status = closed.Status == ExecutionStatus.TimedOut
                    ? "TIMED_OUT"
                    : closed.Status.ToString().ToUpperInvariant();
                var why = closed.Status == ExecutionStatus.Failed
                    ? await WhyAsync(engine.Executions.DescribeAsync(closed.ExecutionArn, cancellationToken), ErrorOf)
                    : null;
                Tell(closed.Name, status, (closed.StopDate ?? closed.StartDate) - closed.StartDate, why);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The session ends.
        }
    }

    private async Task TellDurableAsync(LungfishEngine engine, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var changed in engine.DurableExecutions.WatchStatusAsync(cancellationToken))
            {
                if (changed.Status != DurableStatus.Running)
                {
                    var why = changed.Status == DurableStatus.Failed
                        ? await WhyAsync(
                            engine.DurableExecutions.DescribeAsync(changed.ExecutionArn, cancellationToken), ErrorOf)
                        : null;
                    Tell(
                        changed.Name,
                        WireNames.Of(changed.Status),
                        (changed.EndedAt ?? changed.StartedAt) - changed.StartedAt,
                        why);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The session ends.
        }
    }

    private static async Task<string?> WhyAsync<T>(
        Task<T> description, Func<T, (string? Type, string? Message)> errorOf)
    {
        const int LengthMax = 120;
        try
        {
            var (type, message) = errorOf(await description);
            return OneLine.OfError(type, message, LengthMax);
        }
        catch (ApiException)
        {
            return null; // It was deleted meanwhile: its end is told all the same.
        }
    }

    private static (string?, string?) ErrorOf(ExecutionDescription failed) => (failed.Error, failed.Cause);

    private static (string?, string?) ErrorOf(DurableDescription failed) =>
        (failed.Error?.ErrorType, failed.Error?.ErrorMessage);

    private void Tell(string name, string status, TimeSpan took, string? why)
    {
        output.Talk.Write($"{output.Now.ToLocalTime():HH:mm:ss}  {name} ");
        output.Talk.Write(status, Statuses.StyleOf(status));
        output.Talk.Line($" in {Durations.Text(took)}  {why}".TrimEnd(), Style.Dim);
    }
}
