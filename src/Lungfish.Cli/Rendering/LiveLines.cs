namespace Lungfish.Cli.Rendering;

/// <summary>Lines on a terminal that are drawn over each other until they are final.</summary>
internal sealed class LiveLines(TextWriter writer, bool coloured) : IDisposable
{
    private const string HideCursor = "\e[?25l";
    private const string ShowCursor = "\e[?25h";
    private const string ClearBelow = "\e[J";

    private int _drawn;
    private bool _begun;

    /// <summary>Draws what fits on the screen: the end, for that is where something happens.</summary>
    public void Draw(IReadOnlyList<TimelineLine> lines, int width, int height) =>
        Write(lines.Skip(lines.Count - Math.Max(1, height - 1)), width);

    /// <summary>Draws everything for the last time; what does not fit scrolls away.</summary>
    public void Finish(IReadOnlyList<TimelineLine> lines, int width)
    {
        Write(lines, width);
        _drawn = 0;
    }

    public void Dispose()
    {
        if (_begun)
        {
            writer.Write(ShowCursor);
            writer.Flush();
        }
    }

    private void Write(IEnumerable<TimelineLine> lines, int width)
    {
        // One write: a terminal that is drawn in pieces flickers.
        using var frame = new StringWriter { NewLine = "\n" };
        frame.Write(HideCursor);
        if (_drawn > 0)
        {
            frame.Write($"\e[{_drawn}A");
        }

        frame.Write(ClearBelow);
        var styled = new StyledWriter(frame, coloured);
        _drawn = 0;
        foreach (var line in lines)
        {
            WriteCut(line, width - 1, styled);
            _drawn++;
        }

        writer.Write(frame.ToString());
        writer.Flush();
        _begun = true;
    }

    /// <summary>A line that wraps would be two, and the next drawing would begin at the wrong one.</summary>
    private static void WriteCut(TimelineLine line, int width, StyledWriter styled)
    {
        var left = width;
        foreach (var (text, style) in line.Pieces)
        {
            var shown = text.Length <= left ? text : text[..Math.Max(0, left)];
            styled.Write(shown, style);
            left -= shown.Length;
        }

        styled.Line();
    }
}
