namespace Lungfish.Cli.Rendering;

/// <summary>A line of a timeline: pieces of text with their styles.</summary>
internal sealed record TimelineLine(IReadOnlyList<(string Text, Style Style)> Pieces);

/// <summary>Lays a timeline out, a line a visit, branches indented.</summary>
/// <param name="nameWidthMin">For lines that are written as things happen, when longer names may still come.</param>
internal sealed class TimelineLines(ITimeline timeline, bool glyphs, int nameWidthMin = 12, int typeWidth = 10)
{
    public IEnumerable<TimelineLine> All(DateTimeOffset now)
    {
        var lines = timeline.Roots.SelectMany(visit => Below(visit, 0, now));
        return timeline.Trouble is { } trouble
            ? lines.Append(new TimelineLine([($"  {trouble}", Style.Bad)]))
            : lines;
    }

    public TimelineLine Of(StateVisit visit, DateTimeOffset now) => Of(visit, Depth(visit), now);

    private IEnumerable<TimelineLine> Below(StateVisit visit, int depth, DateTimeOffset now) =>
        visit.Children.SelectMany(child => Below(child, depth + 1, now)).Prepend(Of(visit, depth, now));

    private TimelineLine Of(StateVisit visit, int depth, DateTimeOffset now)
    {
        var style = StyleOf(visit.Status);
        var name = new string(' ', 2 + (depth * 2));
        var width = Math.Max(nameWidthMin, LongestName() + 2);
        var pieces = new List<(string, Style)>
        {
            (name, Style.Plain),
            (Sign(visit.Status), style),
            (" " + visit.Name.PadRight(Math.Max(visit.Name.Length, width - (depth * 2))), Style.Plain),
            (visit.Type.PadRight(typeWidth), Style.Dim),
            (Durations.Text((visit.EndedAt ?? now) - visit.EnteredAt).PadLeft(9), Style.Dim),
        };
        if (Remark(visit) is { Length: > 0 } remark)
        {
            pieces.Add(("  " + remark, style));
        }

        if (visit.Note is { } note)
        {
            pieces.Add(("  " + note, Style.Dim));
        }

        return new TimelineLine(pieces);
    }

    private int LongestName() => timeline.Roots.Select(LongestName).DefaultIfEmpty().Max();

    private static int LongestName(StateVisit visit) =>
        visit.Children.Select(c => LongestName(c) + 2).Append(visit.Name.Length).Max();

    private static int Depth(StateVisit visit) => visit.Parent is null ? 0 : Depth(visit.Parent) + 1;

    private static string Remark(StateVisit visit)
    {
        var attempts = visit.Attempts > 1 ? $"attempt {visit.Attempts}" : "";
        var what = visit.Status switch
        {
            VisitStatus.Waiting => visit.WaitsFor ?? (
                visit.Type == "Task" && !visit.HasTaskToken ? "waits for a worker" : "waits for a callback"),
            VisitStatus.Caught => $"caught {visit.Error}",
            VisitStatus.Failed => visit.Error ?? "",
            VisitStatus.Aborted => "aborted",
            VisitStatus.Running when visit.Error is not null => $"after {visit.Error}",
            _ => "",
        };
        return string.Join(", ", ((string[])[what, attempts]).Where(part => part.Length > 0));
    }

    private string Sign(VisitStatus status) => (status, glyphs) switch
    {
        (VisitStatus.Succeeded, true) => "✓",
        (VisitStatus.Caught, true) => "↷",
        (VisitStatus.Failed, true) => "✗",
        (VisitStatus.Aborted, true) => "◌",
        (VisitStatus.Waiting, true) => "◷",
        (_, true) => "●",
        (VisitStatus.Succeeded, false) => "succeeded",
        (VisitStatus.Caught, false) => "caught   ",
        (VisitStatus.Failed, false) => "failed   ",
        (VisitStatus.Aborted, false) => "aborted  ",
        (VisitStatus.Waiting, false) => "waiting  ",
        _ => "running  ",
    };

    private static Style StyleOf(VisitStatus status) => status switch
    {
        VisitStatus.Succeeded => Style.Good,
        VisitStatus.Failed => Style.Bad,
        VisitStatus.Aborted => Style.Dim,
        _ => Style.Waiting,
    };
}
