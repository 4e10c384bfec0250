using System.Buffers;
using System.Text;

namespace Lungfish.Journal;

/// <summary>What UTF-16 can hold and UTF-8 cannot.</summary>
public static class Utf16
{
    /// <summary>False if a surrogate stands alone: UTF-8 has no bytes for it.</summary>
    public static bool IsWellFormed(string text)
    {
        var rest = text.AsSpan();
        while (rest.IndexOfAnyInRange('\uD800', '\uDFFF') is var at && at >= 0)
        {
            if (Rune.DecodeFromUtf16(rest[at..], out _, out var length) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[(at + length)..];
        }

        return true;
    }
}
