using System.Buffers;
using System.Globalization;
using System.Text;

namespace Lungfish.States.JsonPath;

/// <summary>What a variable may be called.</summary>
public static class VariableName
{
    /// <summary>In characters. Documented.</summary>
    public const int LengthMax = 80;

    /// <summary>The name that both query languages keep for themselves.</summary>
    public const string Reserved = "states";

    /// <summary>True for a Unicode identifier of at most 80 characters. Measured: a leading <c>_</c> is none.</summary>
    public static bool IsValid(string name) => name.Length is > 0 and <= LengthMax && Measure(name) == name.Length;

    /// <summary>How many UTF-16 units at the start of a text are an identifier; 0 if it begins with none.</summary>
    internal static int Measure(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (Rune.DecodeFromUtf16(text[length..], out var rune, out var units) == OperationStatus.Done &&
            (length == 0 ? IsStart(rune) : IsPart(rune)))
        {
            length += units;
        }

        return length;
    }

    private static bool IsStart(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber;

    private static bool IsPart(Rune rune) => IsStart(rune) || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation;
}
