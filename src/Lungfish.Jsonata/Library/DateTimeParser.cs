namespace Lungfish.Jsonata.Library;

/// <summary>Makes a moment of the parts that a picture found in a text.</summary>
internal static class DateTimeParser
{
    private const string DateComponents = "YXMxWwdD";
    private const string TimeComponents = "PHhmsf";

    /// <inheritdoc cref="DateTimePictures.ToMillis(string, string, DateTimeOffset)"/>
    public static double? Parse(string timestamp, DateTimePicture picture, DateTimeOffset now)
    {
        if (DateTimeMatcher.Match(timestamp, picture) is not { IsEmpty: false } found)
        {
            return null;
        }

        // Weeks alone do not say a day; a date is a day of a month, or of a year.
        var byMonth = found.HasOnly(DateComponents, "YMD");
        var byDayOfYear = !byMonth && found.HasOnly(DateComponents, "Yd");
        if (!byMonth && !byDayOfYear && (found.HasOnly(DateComponents, "Xxw") || found.HasOnly(DateComponents, "XW")))
        {
            throw new JsonataFault("D3136");
        }

        var byHalfDay = !found.HasOnly(TimeComponents, "Hmsf") && found.HasOnly(TimeComponents, "Phmsf");
        Complete(found, (byDayOfYear ? "Yd" : "YMD") + (byHalfDay ? "Phmsf" : "Hmsf"), now);
        var days = byDayOfYear
            ? CivilTime.DayNumber(FullYear(found['Y']), 1) + found['d'] - 1
            : CivilTime.DayNumber(FullYear(found['Y']), Math.Max(1, found['M'])) + found['D'] - 1;
        var hour = byHalfDay ? (found['h'] == 12 ? 0 : found['h']) + (found['P'] == 1 ? 12 : 0) : found['H'];
        var seconds = (((hour * 60) + found['m']) * 60) + found['s'];
        var offset = found['Z'] != 0 ? found['Z'] : found['z'];
        var millis = (days * (double)CivilTime.MillisPerDay) + (seconds * 1000) + found['f'] - (offset * 60_000);
        return Math.Abs(millis) <= CivilTime.MillisMax ? millis : null;
    }

    /// <summary>What is larger than all that was found is taken from now; what is smaller is its first.</summary>
    /// <exception cref="JsonataFault">D3136: something between them is missing.</exception>
    private static void Complete(TimeParts found, string components, DateTimeOffset now)
    {
        var time = CivilTime.FromMillis(now.ToUnixTimeMilliseconds());
        var (started, ended) = (false, false);
        foreach (var component in components)
        {
            if (found.Has(component))
            {
                started = !ended ? true : throw new JsonataFault("D3136");
            }
            else if (started)
            {
                found[component] = component is 'M' or 'D' or 'd' ? 1 : 0;
                ended = true;
            }
            else
            {
                found[component] = DateTimePictures.Get(time, component);
            }
        }
    }

    /// <summary>As JavaScript's dates have it, the years 0 to 99 are those of the twentieth century.</summary>
    private static long FullYear(long year) => year is >= 0 and <= 99 ? 1900 + year : year;
}
