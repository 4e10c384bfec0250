using Lungfish.Cli.Client;

namespace Lungfish.Cli.Rendering;

/// <summary>Shows one durable execution to people.</summary>
internal static class DurableView
{
    /// <summary>The longest of the SDKs' kinds of operations.</summary>
    private const int KindWidth = 17;

    public static void WriteHead(DurableExecution execution, Output output)
    {
        output.Data.Write(execution.Name, Style.Heading);
        output.Data.Write($"  {execution.Status}", Statuses.StyleOf(execution.Status));
        var duration = Durations.Text((execution.EndedAt ?? output.Now) - execution.StartedAt);
        output.Data.Line(execution.IsRunning ? $"  for {duration}" : $"  in {duration}");
        ExecutionView.Field("function", execution.Function, output);
        ExecutionView.Field("arn", execution.Arn, output);
        ExecutionView.Field("started", Output.Exact(execution.StartedAt), output);
        if (execution.ParentArn is { } parent)
        {
            ExecutionView.Field("by", parent, output);
        }
    }

    public static TimelineLines Layout(ITimeline timeline, Output output, int nameWidthMin = 12) =>
        new(timeline, output.Glyphs, nameWidthMin, KindWidth);

    public static void WriteTimeline(OperationTimeline timeline, Output output)
    {
        output.Data.Line();
        foreach (var line in Layout(timeline, output).All(output.Now))
        {
            ExecutionView.WriteLine(line, output.Data);
        }

        if (timeline.Roots.Count > 0 || timeline.Trouble is not null)
        {
            output.Data.Line();
        }
    }

    public static void WriteResult(DurableExecution execution, Output output)
    {
        ExecutionView.Payload("input", execution.Input, output);
        ExecutionView.Payload("result", execution.Result, output);
        if (execution.Error is { } error)
        {
            WriteError(error, output);
        }
    }

    /// <summary>Messages may have several lines: what tells of a replay that went another way sets the two operations
    /// side by side.</summary>
    private static void WriteError(DurableError error, Output output)
    {
        string[] message = error.Message is { Length: > 0 } text ? text.ReplaceLineEndings("\n").Split('\n') : [];
        string[] lines = error.Type is { Length: > 0 } type ? [type, .. message] : message;
        for (var i = 0; i < lines.Length; i++) // None: it was stopped, and nobody said why.
        {
            ExecutionView.Field(i == 0 ? "error" : "", lines[i], output, i == 0 ? Style.Bad : Style.Plain);
        }

        foreach (var line in error.StackTrace)
        {
            ExecutionView.Field("", line, output, Style.Dim);
        }
    }
}
