namespace Lungfish.Jsonata.Library;

/// <summary>A moment of the proleptic Gregorian calendar, in UTC, of any year that JavaScript's dates reach.</summary>
internal readonly record struct CivilTime
{
    /// <summary>JavaScript's dates end 100,000,000 days before and after 1970.</summary>
    public const double MillisMax = 8.64e15;

    public const long MillisPerDay = 86_400_000;

    private readonly long _month;

    private CivilTime(long day, long year, long month, long dayOfMonth, long millisOfDay) =>
        (Day, Year, _month, DayOfMonth, MillisOfDay) = (day, year, month, dayOfMonth, millisOfDay);

    /// <summary>Days since 1970-01-01.</summary>
    public long Day { get; }

    public long Year { get; }

    /// <summary>1 to 12.</summary>
    public long Month => _month;

    public long DayOfMonth { get; }

    public long MillisOfDay { get; }

    public long Hour => MillisOfDay / 3_600_000;

    public long Minute => MillisOfDay / 60_000 % 60;

    public long Second => MillisOfDay / 1000 % 60;

    public long Millisecond => MillisOfDay % 1000;

    public long DayOfYear => Day - DayNumber(Year, 1) + 1;

    /// <summary>1 is Monday, 7 is Sunday.</summary>
    public long DayOfWeek => WeekdayOf(Day);

    /// <summary>ISO 8601: week 1 is the one with the year's first Thursday.</summary>
    public long WeekOfYear => Day >= FirstWeek(Year + 1, 1) ? 1
        : Day >= FirstWeek(Year, 1) ? WeeksSince(FirstWeek(Year, 1))
        : WeeksSince(FirstWeek(Year - 1, 1));

    public long WeekYear => Day >= FirstWeek(Year + 1, 1) ? Year + 1 : Day < FirstWeek(Year, 1) ? Year - 1 : Year;

    /// <summary>By the same rule: week 1 is the one with the month's first Thursday.</summary>
    public long WeekOfMonth => Day >= FirstWeek(Year, Month + 1) ? 1
        : Day >= FirstWeek(Year, Month) ? WeeksSince(FirstWeek(Year, Month))
        : WeeksSince(FirstWeek(Year, Month - 1));

    /// <summary>The month that the week belongs to.</summary>
    public long WeekMonth => Day >= FirstWeek(Year, Month + 1) ? (Month % 12) + 1
        : Day < FirstWeek(Year, Month) ? ((Month + 10) % 12) + 1
        : Month;

    public static CivilTime FromMillis(double millis)
    {
        var whole = (long)Math.Truncate(millis);
        var day = FloorDivide(whole, MillisPerDay);
        var (year, month, dayOfMonth) = DateOf(day);
        return new CivilTime(day, year, month, dayOfMonth, whole - (day * MillisPerDay));
    }

    /// <summary>The first day of a month, in days since 1970-01-01. Months before 1 and after 12 are those of the
    /// years before and after.</summary>
    public static long DayNumber(long year, long month)
    {
        // Years begin in March here, so that the leap day is the last of its year.
        var (y, m) = (year + FloorDivide(month - 3, 12), FloorModulo(month - 3, 12));
        var leapDays = FloorDivide(y, 4) - FloorDivide(y, 100) + FloorDivide(y, 400);
        return (y * 365) + leapDays + (((153 * m) + 2) / 5) - 719_468;
    }

    private static (long Year, long Month, long Day) DateOf(long day)
    {
        // A first guess by the mean length of a year; it is at most one too high or too low.
        var year = 1970 + FloorDivide(day * 400, 146_097);
        year += day < DayNumber(year, 1) ? -1 : day >= DayNumber(year + 1, 1) ? 1 : 0;
        var month = 1 + ((day - DayNumber(year, 1)) / 31);
        month += day >= DayNumber(year, month + 1) ? 1 : 0;
        return (year, month, day - DayNumber(year, month) + 1);
    }

    private static long WeekdayOf(long day) => FloorModulo(day + 3, 7) + 1; // 1970-01-01 was a Thursday.

    /// <summary>The Monday of the first week of a month, or of a year.</summary>
    private static long FirstWeek(long year, long month)
    {
        var first = DayNumber(year, month);
        var weekday = WeekdayOf(first);
        return weekday > 4 ? first + 8 - weekday : first - weekday + 1;
    }

    private static long FloorDivide(long a, long b) => (a / b) - (a % b < 0 ? 1 : 0);

    private static long FloorModulo(long a, long b) => a - (FloorDivide(a, b) * b);

    private long WeeksSince(long monday) => ((Day - monday) / 7) + 1;
}
