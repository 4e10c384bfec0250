using System.Runtime.CompilerServices;
using Lungfish.Cli.Client;
using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Rendering;

namespace Lungfish.Cli.Commands;

/// <summary>What <c>execution follow</c> and <c>execution start --watch</c> share: following to the end.</summary>
internal static class ExecutionFollow
{
    /// <returns>Ok if the execution succeeds, Failed if it ends otherwise.</returns>
    /// <exception cref="CommandException">It takes longer than the time given, or the server stops.</exception>
    public static async Task<ExitCode> FollowAsync(
        CommandContext context, string arn, int? timeoutSeconds, CancellationToken cancellationToken)
    {
        if (DurableArns.IsDurable(arn))
        {
            return await DurableFollow.FollowAsync(context, arn, timeoutSeconds, cancellationToken);
        }

        var output = context.Output;
        var name = arn[(arn.LastIndexOf(':') + 1)..];
        await Following.WithinAsync(name, timeoutSeconds, WatchAsync, cancellationToken);
        var ended = await context.Client.DescribeExecutionAsync(arn, cancellationToken);
        if (ended.IsRunning)
        {
            throw Following.ServerStopped(ended.Name);
        }

        WriteEnd(ended, output);
        return ended.Status == "SUCCEEDED" ? ExitCode.Ok : ExitCode.Failed;

        async Task WatchAsync(CancellationToken deadline)
        {
            var began = await context.Client.DescribeExecutionAsync(arn, deadline);
            if (output.Format == OutputFormat.Table)
            {
                ExecutionView.WriteHead(began, output);
                output.Data.Line();
            }

            var timeline = new StateTimeline();
            await new ExecutionWatch(
                context.Surroundings, output, width => new TimelineLines(timeline, output.Glyphs, width))
                .FollowAsync(StepsOf(context.Client, arn, timeline, deadline), deadline);
        }
    }

    private static async IAsyncEnumerable<TimelineStep> StepsOf(
        LungfishClient client,
        string arn,
        StateTimeline timeline,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var added in client.ReadHistoryAsync(arn, follow: true, cancellationToken))
        {
            yield return new TimelineStep(timeline.Add(added), added.At, added.Json.ToText());
        }
    }

    private static void WriteEnd(Execution ended, Output output)
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
            output.Data.Line($" in {Durations.Text((ended.StoppedAt ?? output.Now) - ended.StartedAt)}");
            ExecutionView.WriteResult(ended, output);
        }
    }
}
