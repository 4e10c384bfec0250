using System.Runtime.CompilerServices;
using Lungfish.Cli.Client;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;

namespace Lungfish.Cli.Commands;

/// <summary>Following a durable execution to its end: its operations as they happen.</summary>
internal static class DurableFollow
{
    /// <returns>Ok if the execution succeeds, Failed if it ends otherwise.</returns>
    /// <exception cref="CommandException">It takes longer than the time given, or the server stops.</exception>
    public static async Task<ExitCode> FollowAsync(
        CommandContext context, string arn, int? timeoutSeconds, CancellationToken cancellationToken)
    {
        var output = context.Output;
        var name = DurableArns.NameOf(arn);
        await Following.WithinAsync(name, timeoutSeconds, WatchAsync, cancellationToken);
        var ended = await context.Client.Durable.DescribeAsync(arn, cancellationToken);
        if (ended.IsRunning)
        {
            throw Following.ServerStopped(name);
        }

        WriteEnd(ended, output);
        return ended.Status == "SUCCEEDED" ? ExitCode.Ok : ExitCode.Failed;

        async Task WatchAsync(CancellationToken deadline)
        {
            if (output.Format == OutputFormat.Table)
            {
                DurableView.WriteHead(await context.Client.Durable.DescribeAsync(arn, deadline), output);
                output.Data.Line();
            }

            var timeline = new OperationTimeline();
            await new ExecutionWatch(
                context.Surroundings, output, width => DurableView.Layout(timeline, output, width))
                .FollowAsync(StepsOf(context, arn, timeline, deadline), deadline);
        }
    }

    private static async IAsyncEnumerable<TimelineStep> StepsOf(
        CommandContext context,
        string arn,
        OperationTimeline timeline,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var added in context.Client.Durable.ReadHistoryAsync(arn, follow: true, cancellationToken))
        {
            var visit = timeline.Add(added);
            if (added is { IsInvocationEnd: true, Error: { } error } && !context.Output.ForPeople)
            {
                context.Output.Say($"an invocation failed, {error.Type}: {error.Message}");
            }

            yield return new TimelineStep(visit, added.At, added.Json.ToText());
        }
    }

    private static void WriteEnd(DurableExecution ended, Output output)
    {
        if (output.Format == OutputFormat.Id)
        {
            output.Id(ended.Arn);
            return;
        }

        if (output.Format == OutputFormat.Table)
        {
            output.Data.Line();
            output.Data.Write(ended.Status, Statuses.StyleOf(ended.Status));
            output.Data.Line($" in {Durations.Text((ended.EndedAt ?? output.Now) - ended.StartedAt)}");
            DurableView.WriteResult(ended, output);
            if (ended.Status != "SUCCEEDED")
            {
                output.Talk.Line();
                output.Suggest(($"lungfish execution redrive {ended.Name}", "resumes it from what failed"));
            }
        }
    }
}
