using System.Globalization;

namespace Lungfish.States.Deciding;

/// <summary>Timestamps as the language writes them: <c>2016-03-14T01:59:00.5Z</c>, with a capital T and an offset.</summary>
internal static class Rfc3339
{
    private const int TicksDigits = 7;

    public static bool TryParse(string text, out DateTimeOffset timestamp)
    {
        timestamp = default;
        var offsetAt = text.AsSpan().LastIndexOfAny("Z+-");
        if (text.Length < "2016-03-14T01:59:00Z".Length || offsetAt < "2016-03-14T01:59:00".Length)
        {
            return false;
        }

        return DateTime.TryParseExact(
                text.AsSpan(0, 19),
                "yyyy-MM-dd'T'HH:mm:ss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var seconds)
            && TryParseFraction(text.AsSpan(19, offsetAt - 19), out var fraction)
            && TryParseOffset(text.AsSpan(offsetAt), out var offset)
            && TryCombine(seconds, fraction, offset, out timestamp);
    }

    /// <summary>Recorded: up to nine digits are accepted; what is below 100 ns is cut.</summary>
    private static bool TryParseFraction(ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] != '.' || text.Length is < 2 or > 10)
        {
            return false;
        }

        for (var i = 0; i < Math.Max(TicksDigits, text.Length - 1); i++)
        {
            var digit = i + 1 < text.Length ? text[i + 1] : '0';
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }

            ticks = i < TicksDigits ? (ticks * 10) + (digit - '0') : ticks;
        }

        return true;
    }

    private static bool TryParseOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (text is "Z")
        {
            return true;
        }

        if (text.Length != "+01:00".Length
            || text[3] != ':'
            || !int.TryParse(text[1..3], NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            || !int.TryParse(text[4..], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            || hours > 14
            || minutes > 59)
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
        return offset.Duration() <= TimeSpan.FromHours(14);
    }

    private static bool TryCombine(DateTime seconds, long fraction, TimeSpan offset, out DateTimeOffset timestamp)
    {
        var utcTicks = seconds.Ticks + fraction - offset.Ticks;
        var isInRange = utcTicks >= DateTime.MinValue.Ticks && utcTicks <= DateTime.MaxValue.Ticks;
        timestamp = isInRange ? new DateTimeOffset(utcTicks, TimeSpan.Zero) : default;
        return isInRange;
    }
}
