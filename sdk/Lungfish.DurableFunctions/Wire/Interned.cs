using System.Text;
using System.Text.Json;

namespace Lungfish.DurableFunctions;

/// <summary>Strings that a reader meets again and again, found by their bytes.</summary>
internal sealed class Interned
{
    private readonly (byte[] Utf8, string Text)[][] _byLength;

    public Interned(params string[] texts)
    {
        var longest = texts.Max(text => text.Length);
        _byLength = Enumerable.Range(0, longest + 1)
            .Select(length => texts.Where(text => text.Length == length).Distinct(StringComparer.Ordinal)
                .Select(text => (Encoding.UTF8.GetBytes(text), text)).ToArray())
            .ToArray();
    }

    /// <summary>The string or member name that the reader stands on; null for null.</summary>
    public string? Get(ref Utf8JsonReader reader)
    {
        if (reader is { TokenType: JsonTokenType.PropertyName or JsonTokenType.String, HasValueSequence: false })
        {
            var value = reader.ValueSpan;
            if (value.Length < _byLength.Length)
            {
                foreach (var (utf8, text) in _byLength[value.Length])
                {
                    if (value.SequenceEqual(utf8))
                    {
                        return text;
                    }
                }
            }
        }

        return reader.GetString();
    }
}
