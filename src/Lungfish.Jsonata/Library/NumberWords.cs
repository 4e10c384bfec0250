using System.Collections.Frozen;
using System.Text;

namespace Lungfish.Jsonata.Library;

/// <summary>Numbers in English words: "one hundred and twenty-third".</summary>
internal static class NumberWords
{
    private static readonly string[] Small =
    [
        "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
        "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
    ];

    private static readonly string[] SmallOrdinals =
    [
        "Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
        "Eleventh", "Twelfth", "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth",
        "Nineteenth",
    ];

    private static readonly string[] Tens =
        ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"];

    /// <summary>Larger numbers repeat the last: a thousand trillion, a billion trillion.</summary>
    private static readonly (double Value, string Name)[] Magnitudes =
        [(1e12, "Trillion"), (1e9, "Billion"), (1e6, "Million"), (1e3, "Thousand")];

    private static readonly FrozenDictionary<string, double> Values = MakeValues();

    /// <summary>Every word that a number may have, in lower case.</summary>
    public static IEnumerable<string> All => Values.Keys;

    public static string Format(double size, LetterCase letterCase, bool ordinal)
    {
        var text = new StringBuilder();
        Append(text, size, ordinal, follows: false);
        return letterCase switch
        {
            LetterCase.Upper => text.ToString().ToUpperInvariant(),
            LetterCase.Lower => text.ToString().ToLowerInvariant(),
            _ => text.ToString(),
        };
    }

    /// <returns>Null if there is a word that is no number's.</returns>
    public static double? Parse(string text)
    {
        // What is complete stands in front; the last is what the next word adds to or multiplies.
        var parts = new Stack<double>([0]);
        foreach (var word in Split(text.ToLowerInvariant()))
        {
            if (!Values.TryGetValue(word, out var value))
            {
                return null;
            }

            if (value >= 100)
            {
                parts.Push(parts.Pop() * value);
            }
            else if (parts.Peek() >= 1000)
            {
                parts.Push(value);
            }
            else
            {
                parts.Push(parts.Pop() + value);
            }
        }

        return parts.Sum();
    }

    private static IEnumerable<string> Split(string text) =>
        text.Replace(" and ", " ", StringComparison.Ordinal).Replace(", ", " ", StringComparison.Ordinal)
            .Split([' ', '-', '\t', '\n', '\r']);

    private static void Append(StringBuilder text, double size, bool ordinal, bool follows)
    {
        if (size < 100)
        {
            text.Append(follows ? " and " : "");
            AppendSmall(text, (int)size, ordinal);
            return;
        }

        text.Append(follows ? ", " : "");
        var (value, name) = size < 1000 ? (100.0, "Hundred") : Array.Find(Magnitudes, m => size >= m.Value);
        var count = Math.Floor(size / value);
        Append(text, count, ordinal: false, follows: false);
        text.Append(' ').Append(name);
        var rest = size - (count * value);
        if (rest > 0)
        {
            Append(text, rest, ordinal, follows: true);
        }
        else if (ordinal)
        {
            text.Append("th");
        }
    }

    private static void AppendSmall(StringBuilder text, int size, bool ordinal)
    {
        if (size < Small.Length)
        {
            text.Append((ordinal ? SmallOrdinals : Small)[size]);
        }
        else if (size % 10 > 0)
        {
            text.Append(Tens[(size / 10) - 2]).Append('-');
            AppendSmall(text, size % 10, ordinal);
        }
        else
        {
            var tens = Tens[(size / 10) - 2];
            text.Append(ordinal ? OrdinalOfTen(tens) : tens);
        }
    }

    private static string OrdinalOfTen(string tens) => tens[..^1] + "ieth";

    private static FrozenDictionary<string, double> MakeValues()
    {
        var values = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < Small.Length; i++)
        {
            values[Small[i]] = i;
            values[SmallOrdinals[i]] = i;
        }

        for (var i = 0; i < Tens.Length; i++)
        {
            values[Tens[i]] = (i + 2) * 10;
            values[OrdinalOfTen(Tens[i])] = (i + 2) * 10;
        }

        foreach (var (value, name) in Magnitudes.Append((100, "Hundred")))
        {
            values[name] = value;
            values[name + "th"] = value;
        }

        return values.ToFrozenDictionary(v => v.Key.ToLowerInvariant(), v => v.Value);
    }
}
