using System.Globalization;

namespace Lungfish.States.Parsing;

/// <summary>Times as AWS takes them: <c>2016-03-14T01:59:00Z</c>, capital T and Z, an offset or Z required.</summary>
public static class Rfc3339
{
    private const int FractionDigitsMax = 9;

    /// <summary>Reads a time; digits past 100 ns are cut.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        var rest = text.AsSpan();
        if (rest.Length < 20 || !DateTime.TryParseExact(
            rest[..19], "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return false;
        }

        rest = rest[19..];
        if (rest[0] == '.' && !TryTakeFraction(ref rest, ref local))
        {
            return false;
        }

        if (!TryReadOffset(rest, out var offset))
        {
            return false;
        }

        var utcTicks = local.Ticks - offset.Ticks;
        if (utcTicks < DateTimeOffset.MinValue.Ticks || utcTicks > DateTimeOffset.MaxValue.Ticks)
        {
            return false;
        }

        time = new DateTimeOffset(local, offset);
        return true;
    }

    /// <summary>Measured for JSONata: also small <c>t</c> and <c>z</c>, and no seconds.</summary>
    public static bool TryParseLenient(string text, out DateTimeOffset time)
    {
        const int MinuteEnd = 16; // 2016-03-14T01:59
        var upper = text.ToUpperInvariant();
        return TryParse(
            upper.Length > MinuteEnd && upper[MinuteEnd] is 'Z' or '+' or '-' ? upper.Insert(MinuteEnd, ":00") : upper,
            out time);
    }

    private static bool TryTakeFraction(ref ReadOnlySpan<char> rest, ref DateTime local)
    {
        var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
        if (digits is < 1 or > FractionDigitsMax)
        {
            return false;
        }

        long ticks = 0;
        for (var i = 0; i < 7; i++)
        {
            ticks = (ticks * 10) + (i < digits ? rest[i + 1] - '0' : 0);
        }

        local = local.AddTicks(ticks);
        rest = rest[(digits + 1)..];
        return true;
    }

    private static bool TryReadOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (text is "Z")
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ('+' or '-') ||
            !TimeSpan.TryParseExact(text[1..], "hh':'mm", CultureInfo.InvariantCulture, out offset) ||
            offset > TimeSpan.FromHours(14))
        {
            return false;
        }

        offset = text[0] == '-' ? -offset : offset;
        return true;
    }
}
