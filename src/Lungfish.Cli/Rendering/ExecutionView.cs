using Lungfish.Cli.Client;
using Lungfish.Deployment;
using Lungfish.Json;

namespace Lungfish.Cli.Rendering;

/// <summary>Shows one execution to people: what it is, what it went through, what came out.</summary>
internal static class ExecutionView
{
    public static void WriteHead(Execution execution, Output output)
    {
        output.Data.Write(execution.Name, Style.Heading);
        output.Data.Write($"  {execution.Status}", Statuses.StyleOf(execution.Status));
        var until = execution.StoppedAt ?? output.Now;
        output.Data.Line(execution.IsRunning
            ? $"  for {Durations.Text(until - execution.StartedAt)}"
            : $"  in {Durations.Text(until - execution.StartedAt)}");
        Field("machine", execution.MachineName, output);
        Field("arn", execution.Arn, output);
        Field("started", Output.Exact(execution.StartedAt), output);
    }

    public static void WriteTimeline(StateTimeline timeline, Output output)
    {
        output.Data.Line();
        foreach (var line in new TimelineLines(timeline, output.Glyphs).All(output.Now))
        {
            WriteLine(line, output.Data);
        }

        output.Data.Line();
    }

    public static void WriteLine(TimelineLine line, StyledWriter writer)
    {
        foreach (var (text, style) in line.Pieces)
        {
            writer.Write(text, style);
        }

        writer.Line();
    }

    public static void WriteResult(Execution execution, Output output)
    {
        Payload("input", execution.Input, output);
        Payload("output", execution.Output, output);
        if (execution.Error is { } error)
        {
            Field("error", error, output, Style.Bad);
        }

        if (execution.Cause is { } cause)
        {
            Payload("cause", cause, output);
        }
    }

    public static void Field(string name, string value, Output output, Style style = Style.Plain)
    {
        output.Data.Write($"  {name,-9}", Style.Dim);
        output.Data.Line(value, style);
    }

    /// <summary>Small JSON on one line, larger indented, and what is no JSON as it is.</summary>
    public static void Payload(string name, string? text, Output output)
    {
        if (text is null)
        {
            return;
        }

        var shown = text;
        if (text.Length > 100 && TryParse(text) is { } json)
        {
            shown = IndentedJson.Write(json).Replace("\n", "\n           ", StringComparison.Ordinal);
        }

        Field(name, shown, output);
    }

    private static JsonValue? TryParse(string text)
    {
        try
        {
            return JsonValue.Parse(text);
        }
        catch (JsonParseException)
        {
            return null;
        }
    }
}
