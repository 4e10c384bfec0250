using System.Text;

namespace Lungfish.Server.Protocol;

/// <summary>What the service model demands of a text.</summary>
internal sealed record TextRule
{
    public int LengthMin { get; init; }

    public int LengthMax { get; init; } = int.MaxValue;

    /// <summary>Counts bytes of UTF-8 instead of characters, as AWS does for payloads.</summary>
    public bool InBytes { get; init; }

    /// <summary>Sensitive members are not shown in messages.</summary>
    public bool IsSensitive { get; init; }

    public bool IsAscii { get; init; }

    /// <summary>The longest length is a quota, which need not be kept strictly.</summary>
    public bool IsQuota { get; init; }

    /// <summary>The values of an enumeration, in the order in which AWS lists them.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    public static TextRule Length(int min, int max) => new() { LengthMin = min, LengthMax = max };

    public static TextRule OneOf(params IReadOnlyList<string> values) => new() { Values = values };

    /// <returns>What the member must do, in AWS's words, or null if it does.</returns>
    public string? WhyNot(string text, bool keepsQuotas = true)
    {
        if (Values is not null && !Values.Contains(text))
        {
            return $"satisfy enum value set: [{string.Join(", ", Values)}]";
        }

        if (text.Length < LengthMin)
        {
            return $"have length greater than or equal to {LengthMin}";
        }

        if (IsQuota && !keepsQuotas)
        {
            return null;
        }

        if (InBytes && Encoding.UTF8.GetByteCount(text) > LengthMax)
        {
            return $"have size less than or equal to {LengthMax} bytes in UTF-8 encoding";
        }

        if (!InBytes && text.Length > LengthMax)
        {
            return $"have length less than or equal to {LengthMax}";
        }

        return IsAscii && !Ascii.IsValid(text) ? @"satisfy regular expression pattern: \p{ASCII}*" : null;
    }
}
