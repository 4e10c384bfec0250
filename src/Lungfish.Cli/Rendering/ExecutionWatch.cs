using Lungfish.Cli.CommandLine;

namespace Lungfish.Cli.Rendering;

/// <summary>Follows an execution to its end: a live view for people, a line an event of note for programs.</summary>
/// <param name="layout">Given the least width of names.</param>
internal sealed class ExecutionWatch(Surroundings surroundings, Output output, Func<int, TimelineLines> layout)
{
    private const int NameWidth = 12;
    private const int NameWidthOfLines = 24;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    /// <summary>Returns when there are no more steps: the execution has closed.</summary>
    public async Task FollowAsync(IAsyncEnumerable<TimelineStep> steps, CancellationToken cancellationToken)
    {
        if (output.Format == OutputFormat.Json)
        {
            await foreach (var step in steps)
            {
                output.Id(step.Json); // One JSON object a line, as they happen.
            }
        }
        else if (output is { ForPeople: true, Glyphs: true })
        {
            await ShowLiveAsync(steps, cancellationToken);
        }
        else
        {
            await WriteLinesAsync(steps);
        }
    }

    private async Task WriteLinesAsync(IAsyncEnumerable<TimelineStep> steps)
    {
        var lines = layout(NameWidthOfLines);
        var shown = new HashSet<(StateVisit, VisitStatus)>();
        await foreach (var step in steps)
        {
            var visit = step.Visit;
            var isOfNote = visit is { EndedAt: not null } or { Status: VisitStatus.Waiting };
            if (visit is not null && isOfNote && output.Format == OutputFormat.Table
                && shown.Add((visit, visit.Status)))
            {
                ExecutionView.WriteLine(lines.Of(visit, step.At), output.Data);
            }
        }
    }

    private async Task ShowLiveAsync(IAsyncEnumerable<TimelineStep> steps, CancellationToken cancellationToken)
    {
        var lines = layout(NameWidth);
        using var screen = new LiveLines(surroundings.Out, surroundings.Colours);
        var events = steps.GetAsyncEnumerator(cancellationToken);
        await using (events)
        {
            var next = events.MoveNextAsync().AsTask();
            try
            {
                while (true)
                {
                    // Redrawn when something happened, and now and then so that durations grow.
                    if (await Task.WhenAny(next, Task.Delay(Tick, surroundings.Time, cancellationToken)) == next)
                    {
                        if (!await next)
                        {
                            break;
                        }

                        next = events.MoveNextAsync().AsTask();
                    }

                    cancellationToken.ThrowIfCancellationRequested();
                    if (!next.IsCompleted)
                    {
                        screen.Draw([.. lines.All(output.Now)], surroundings.Width(), surroundings.Height());
                    }
                }
            }
            finally
            {
                _ = await Task.WhenAny(next); // An enumerator must not be disposed while it moves.
            }
        }

        screen.Finish([.. lines.All(output.Now)], surroundings.Width());
    }
}
