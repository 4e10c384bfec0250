using System.Text;

namespace Lungfish.Bench.Measuring;

/// <summary>Rows of cells, for a terminal or for a page of documentation. The first row is the head.</summary>
/// <param name="LeftColumns">So many columns from the left hold text, the others numbers.</param>
internal sealed record TextTable(IReadOnlyList<string[]> Rows, int LeftColumns = 1)
{
    public string ToText()
    {
        var widths = Rows[0].Select((_, column) => Rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in Rows)
        {
            var cells = row.Select((cell, i) => i < LeftColumns ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
            text.AppendLine(string.Join("  ", cells).TrimEnd());
        }

        return text.ToString();
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        Append(text, Rows[0]);
        Append(text, [.. Rows[0].Select((_, column) => column < LeftColumns ? "---" : "--:")]);
        foreach (var row in Rows.Skip(1))
        {
            Append(text, row);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
