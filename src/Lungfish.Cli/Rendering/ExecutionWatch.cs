using Lungfish.Cli.Client;
using Lungfish.Cli.CommandLine;

namespace Lungfish.Cli.Rendering;

/// <summary>Follows an execution to its end: a live view for people, a line an event of note for programs.</summary>
internal sealed class ExecutionWatch(LungfishClient client, Surroundings surroundings, Output output)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    /// <summary>Returns when the execution has closed.</summary>
    public async Task FollowAsync(string executionArn, CancellationToken cancellationToken)
    {
        if (output.Format == OutputFormat.Json)
        {
            await WriteEventsAsync(executionArn, cancellationToken);
        }
        else if (output is { ForPeople: true, Glyphs: true })
        {
            await ShowLiveAsync(executionArn, cancellationToken);
        }
        else
        {
            await WriteLinesAsync(executionArn, cancellationToken);
        }
    }

    /// <summary>One JSON object a line, as they happen.</summary>
    private async Task WriteEventsAsync(string executionArn, CancellationToken cancellationToken)
    {
        await foreach (var historyEvent in client.ReadHistoryAsync(executionArn, follow: true, cancellationToken))
        {
            output.Id(historyEvent.Json.ToText());
        }
    }

    private async Task WriteLinesAsync(string executionArn, CancellationToken cancellationToken)
    {
        var timeline = new StateTimeline();
        var lines = new TimelineLines(timeline, output.Glyphs, nameWidthMin: 24);
        var shown = new HashSet<(StateVisit, VisitStatus)>();
        await foreach (var historyEvent in client.ReadHistoryAsync(executionArn, follow: true, cancellationToken))
        {
            var visit = timeline.Add(historyEvent);
            var isOfNote = visit is { EndedAt: not null } or { Status: VisitStatus.Waiting };
            if (visit is not null && isOfNote && output.Format == OutputFormat.Table
                && shown.Add((visit, visit.Status)))
            {
                ExecutionView.WriteLine(lines.Of(visit, historyEvent.At), output.Data);
            }
        }
    }

    private async Task ShowLiveAsync(string executionArn, CancellationToken cancellationToken)
    {
        var timeline = new StateTimeline();
        var layout = new TimelineLines(timeline, glyphs: true);
        using var screen = new LiveLines(surroundings.Out, surroundings.Colours);
        var events = client
            .ReadHistoryAsync(executionArn, follow: true, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        await using (events)
        {
            var next = events.MoveNextAsync().AsTask();
            while (true)
            {
                // Redrawn when something happened, and now and then so that durations grow.
                if (await Task.WhenAny(next, Task.Delay(Tick, surroundings.Time, cancellationToken)) == next)
                {
                    if (!await next)
                    {
                        break;
                    }

                    _ = timeline.Add(events.Current);
                    next = events.MoveNextAsync().AsTask();
                }

                cancellationToken.ThrowIfCancellationRequested();
                if (!next.IsCompleted)
                {
                    screen.Draw([.. layout.All(output.Now)], surroundings.Width(), surroundings.Height());
                }
            }
        }

        screen.Finish([.. layout.All(output.Now)], surroundings.Width());
    }
}
