using System.Text;
using Lungfish.Engine.MapRuns;

namespace Lungfish.Integrations.Items;

/// <summary>Rows of RFC 4180, with any of the delimiters that a ReaderConfig can name.</summary>
internal static class CsvRow
{
    private const byte Quote = (byte)'"';
    private const byte CarriageReturn = (byte)'\r';
    private const byte LineFeed = (byte)'\n';

    /// <summary>Takes one row apart.</summary>
    /// <param name="isWhole">Nothing comes after this text, so that its end ends a row.</param>
    /// <param name="cells">Gets the row's cells; one empty cell stands for an empty line.</param>
    /// <returns>How many bytes the row takes, its line end included; -1: it does not end in this text.</returns>
    /// <exception cref="ItemReaderException">A quote is not closed, or something follows a closed one.</exception>
    public static int Read(ReadOnlySpan<byte> text, bool isWhole, byte delimiter, List<string> cells)
    {
        cells.Clear();
        var at = 0;
        while (true)
        {
            var end = at < text.Length && text[at] == Quote
                ? ReadQuoted(text, at + 1, isWhole, cells)
                : ReadPlain(text, at, delimiter, cells);
            if (end < 0 || (end == text.Length && !isWhole))
            {
                return -1;
            }

            if (end == text.Length)
            {
                return end;
            }

            if (text[end] == delimiter)
            {
                at = end + 1;
                continue;
            }

            return text[end] switch
            {
                LineFeed => end + 1,
                CarriageReturn when end + 1 == text.Length && !isWhole => -1, // A line feed may follow.
                CarriageReturn => end + 1 < text.Length && text[end + 1] == LineFeed ? end + 2 : end + 1,
                _ => throw new ItemReaderException(
                    $"The CSV has text after a closing quote: \"{Shorten(cells[^1])}\" is followed by more."),
            };
        }
    }

    private static int ReadPlain(ReadOnlySpan<byte> text, int at, byte delimiter, List<string> cells)
    {
        var length = text[at..].IndexOfAny(delimiter, CarriageReturn, LineFeed);
        var end = length < 0 ? text.Length : at + length;
        cells.Add(Encoding.UTF8.GetString(text[at..end]));
        return end;
    }

    /// <returns>The place after the closing quote; -1: it is not in this text.</returns>
    private static int ReadQuoted(ReadOnlySpan<byte> text, int at, bool isWhole, List<string> cells)
    {
        StringBuilder? parts = null;
        while (true)
        {
            var length = text[at..].IndexOf(Quote);
            if (length < 0)
            {
                return isWhole ? throw new ItemReaderException("The CSV ends inside a quoted cell.") : -1;
            }

            var part = Encoding.UTF8.GetString(text.Slice(at, length));
            at += length + 1;
            if (at == text.Length && !isWhole)
            {
                return -1; // It may be the first quote of two.
            }

            if (at < text.Length && text[at] == Quote)
            {
                parts = (parts ?? new StringBuilder()).Append(part).Append('"');
                at++;
                continue;
            }

            cells.Add(parts is null ? part : parts.Append(part).ToString());
            return at;
        }
    }

    private static string Shorten(string cell) => cell.Length <= 40 ? cell : cell[..40] + "...";
}
