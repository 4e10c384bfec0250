namespace Lungfish.Cli.Rendering;

internal enum Style
{
    Plain,
    Heading,
    Dim,
    Good,
    Bad,
    Waiting,
    Accent,
}

/// <summary>Writes text with a little colour where someone looks, and without where not.</summary>
internal sealed class StyledWriter(TextWriter writer, bool coloured)
{
    public bool Coloured { get; } = coloured;

    public void Write(string text, Style style = Style.Plain)
    {
        var code = style switch
        {
            Style.Heading => "1",
            Style.Dim => "2",
            Style.Good => "32",
            Style.Bad => "31",
            Style.Waiting => "33",
            Style.Accent => "36",
            _ => null,
        };
        writer.Write(Coloured && code is not null && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text);
    }

    public void Line(string text = "", Style style = Style.Plain)
    {
        Write(text, style);
        writer.WriteLine();
    }
}
