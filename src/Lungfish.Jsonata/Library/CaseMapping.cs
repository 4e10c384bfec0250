using System.Collections.Frozen;
using System.Text;

namespace Lungfish.Jsonata.Library;

/// <summary>Upper and lower case as JavaScript and Java have it: with Unicode's mappings of one letter to several,
/// which .NET leaves out.</summary>
internal static class CaseMapping
{
    private const char FinalSigma = 'ς';

    /// <summary>Unicode's SpecialCasing, its unconditional part.</summary>
    private static readonly FrozenDictionary<char, string> Upper = MakeUpper();

    public static string ToUpper(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.ToUpperInvariant();
        }

        var result = new StringBuilder(text.ToUpperInvariant());
        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (Upper.TryGetValue(text[i], out var several))
            {
                result.Remove(i, 1).Insert(i, several);
            }
        }

        return result.ToString();
    }

    public static string ToLower(string text)
    {
        var lower = text.ToLowerInvariant();
        if (Ascii.IsValid(text))
        {
            return lower;
        }

        var result = new StringBuilder(lower);
        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (text[i] == 'İ')
            {
                result.Remove(i, 1).Insert(i, "i\u0307");
            }
            else if (text[i] == 'Σ' && EndsWord(text, i))
            {
                result[i] = FinalSigma;
            }
        }

        return result.ToString();
    }

    private static bool EndsWord(string text, int i) =>
        i > 0 && char.IsLetter(text[i - 1]) && (i + 1 == text.Length || !char.IsLetter(text[i + 1]));

    private static FrozenDictionary<char, string> MakeUpper()
    {
        var upper = new Dictionary<char, string>
        {
            ['ß'] = "SS",
            ['ŉ'] = "ʼN",
            ['ǰ'] = "J\u030C",
            ['ΐ'] = "Ι\u0308\u0301",
            ['ΰ'] = "Υ\u0308\u0301",
            ['և'] = "ԵՒ",
            ['ẖ'] = "H\u0331",
            ['ẗ'] = "T\u0308",
            ['ẘ'] = "W\u030A",
            ['ẙ'] = "Y\u030A",
            ['ẚ'] = "Aʾ",
            ['ﬀ'] = "FF",
            ['ﬁ'] = "FI",
            ['ﬂ'] = "FL",
            ['ﬃ'] = "FFI",
            ['ﬄ'] = "FFL",
            ['ﬅ'] = "ST",
            ['ﬆ'] = "ST",
        };
        return upper.ToFrozenDictionary();
    }
}
