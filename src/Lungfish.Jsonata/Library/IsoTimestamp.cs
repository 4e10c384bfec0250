using System.Globalization;

namespace Lungfish.Jsonata.Library;

/// <summary>ISO 8601 timestamps, from a year alone to a moment with an offset.</summary>
internal static class IsoTimestamp
{
    private const int Missing = -10_000; // Less than any number that can stand there.

    /// <exception cref="JsonataFault">D3110: not a timestamp of that form, or no time of any day.</exception>
    public static double Parse(string timestamp)
    {
        var rest = timestamp.AsSpan();
        var year = TakeNumber(ref rest, 4);
        var month = rest.StartsWith('-') ? Take(ref rest, '-') : 1;
        var day = rest.StartsWith('-') ? Take(ref rest, '-') : 1;
        var (hour, minute, second) = rest.StartsWith('T')
            ? (Take(ref rest, 'T'), Take(ref rest, ':'), Take(ref rest, ':'))
            : (0, 0, 0);
        var millis = rest.StartsWith('.') ? TakeFraction(ref rest) : 0;
        var offset = 0;
        if (rest is ['+' or '-', ..])
        {
            offset = TakeOffset(ref rest);
        }
        else if (rest.StartsWith('Z'))
        {
            rest = rest[1..];
        }

        var isDayEnd = hour == 24 && minute == 0 && second == 0 && millis == 0;
        if (!rest.IsEmpty || year < 0 || month is < 1 or > 12 || day is < 1 or > 31 || minute is < 0 or > 59 ||
            second is < 0 or > 59 || millis < 0 || offset == Missing || !(hour is >= 0 and <= 23 || isDayEnd))
        {
            throw new JsonataFault("D3110", timestamp);
        }

        // A day that its month does not have is one of the next month.
        var days = CivilTime.DayNumber(year, month) + day - 1;
        var seconds = (((hour * 60) + minute - offset) * 60) + second;
        return (days * CivilTime.MillisPerDay) + (seconds * 1000L) + millis;
    }

    /// <summary>A sign and two digits.</summary>
    private static int Take(ref ReadOnlySpan<char> rest, char before)
    {
        if (!rest.StartsWith(before))
        {
            return Missing;
        }

        rest = rest[1..];
        return TakeNumber(ref rest, 2);
    }

    private static int TakeNumber(ref ReadOnlySpan<char> rest, int digits)
    {
        if (rest.Length < digits || !int.TryParse(
            rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return Missing;
        }

        rest = rest[digits..];
        return number;
    }

    /// <summary>Digits behind a point; those after the third are cut.</summary>
    private static int TakeFraction(ref ReadOnlySpan<char> rest)
    {
        rest = rest[1..];
        var count = rest.IndexOfAnyExceptInRange('0', '9') is var end && end >= 0 ? end : rest.Length;
        var millis = 0;
        for (var i = 0; i < 3; i++)
        {
            millis = (millis * 10) + (i < count ? rest[i] - '0' : 0);
        }

        rest = rest[count..];
        return count > 0 ? millis : Missing;
    }

    /// <summary>+01:00 or +0100, in minutes.</summary>
    private static int TakeOffset(ref ReadOnlySpan<char> rest)
    {
        var sign = rest[0] == '-' ? -1 : 1;
        var hours = Take(ref rest, rest[0]);
        var minutes = rest.StartsWith(':') ? Take(ref rest, ':') : TakeNumber(ref rest, 2);
        return hours is >= 0 and <= 29 && minutes is >= 0 and <= 59 ? sign * ((hours * 60) + minutes) : Missing;
    }
}
