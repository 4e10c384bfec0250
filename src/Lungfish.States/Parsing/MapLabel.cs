using System.Globalization;
using System.Text;

namespace Lungfish.States.Parsing;

/// <summary>What the label of a distributed Map may be.</summary>
/// <remarks>Recorded in sfn_api_map_run: labels are refused in words of their own, with values quoted as Python quotes
/// them.</remarks>
internal static class MapLabel
{
    private const int CharsMax = 40;
    private const string Forbidden = "?*<>{}[]:;,\\|^~$#%&`\"";

    /// <returns>What is wrong with it, or null.</returns>
    public static string? Check(string label)
    {
        if (label.Length > CharsMax)
        {
            return $"Label cannot exceed {CharsMax} characters";
        }

        foreach (var c in label)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c) || Forbidden.Contains(c, StringComparison.Ordinal))
            {
                return $"Label contains invalid character: {Quote(c.ToString())}";
            }
        }

        return null;
    }

    /// <summary>The whole message of the refusal.</summary>
    public static string Refusal(string problem, string definition) =>
        $"Error=ValueError Args=[{Quote(problem)}] in definition '{definition}'.";

    private static string Quote(string text)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal)
            ? '"'
            : '\'';
        var quoted = new StringBuilder().Append(quote);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => quoted.Append("\\\\"),
                '\t' => quoted.Append("\\t"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                _ when c == quote => quoted.Append('\\').Append(c),
                _ when IsPrintable(c) => quoted.Append(c),
                _ when c <= '\u00FF' => quoted.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            };
        }

        return quoted.Append(quote).ToString();
    }

    private static bool IsPrintable(char c) => c == ' ' || !(char.IsControl(c) || char.IsWhiteSpace(c));
}
