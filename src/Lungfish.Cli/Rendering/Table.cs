namespace Lungfish.Cli.Rendering;

/// <summary>Columns side by side, without lines between them: good to read, and to cut with awk.</summary>
internal sealed class Table<T>(params IReadOnlyList<Column<T>> columns)
{
    private const string Gap = "  ";

    public void Write(IReadOnlyList<T> items, StyledWriter output)
    {
        var cells = items.Select(item => columns.Select(c => c.Text(item).ReplaceLineEndings(" ")).ToArray()).ToArray();
        var widths = columns.Select((c, i) => cells.Max(row => Math.Max(row[i].Length, c.Title.Length))).ToArray();
        for (var i = 0; i < columns.Count; i++)
        {
            output.Write(Pad(columns[i].Title, i, columns.Count - 1), Style.Dim);
        }

        output.Line();
        for (var row = 0; row < cells.Length; row++)
        {
            var last = Array.FindLastIndex(cells[row], cell => cell.Length > 0);
            for (var i = 0; i <= last; i++)
            {
                output.Write(Pad(cells[row][i], i, last), columns[i].Style?.Invoke(items[row]) ?? Style.Plain);
            }

            output.Line();
        }

        string Pad(string text, int i, int last) => i == last ? text : text.PadRight(widths[i]) + Gap;
    }
}

/// <param name="Style">Null: plain.</param>
internal sealed record Column<T>(string Title, Func<T, string> Text, Func<T, Style>? Style = null);
