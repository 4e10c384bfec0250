using System.Globalization;
using System.Text;

namespace Lungfish.Jsonata.Library;

/// <summary>Moments as text and back: <c>$fromMillis</c>, <c>$toMillis</c>, <c>$now</c>.</summary>
internal static class DateTimePictures
{
    public static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ];

    public static readonly string[] Days =
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// <param name="millis">Milliseconds since 1970 in UTC; fractions are cut.</param>
    /// <param name="picture">Null: ISO 8601 with milliseconds.</param>
    /// <param name="timezone">An offset such as <c>+0530</c>; null, and anything else, is UTC.</param>
    /// <exception cref="JsonataFault">D1001: no calendar reaches so far. D3131 to D3135: the picture breaks a rule.
    /// </exception>
    public static string Format(double millis, string? picture = null, string? timezone = null)
    {
        var offset = ParseOffset(timezone);
        if (!(Math.Abs(millis) <= CivilTime.MillisMax))
        {
            throw new JsonataFault("D1001", JsonataFault.Show(millis));
        }

        if (offset == 0 && picture is null or DateTimePicture.Iso8601 && FormatIso8601(millis) is { } iso)
        {
            return iso;
        }

        var time = CivilTime.FromMillis(millis + (offset * 60_000.0));
        var text = new StringBuilder();
        foreach (var part in DateTimePicture.Get(picture ?? DateTimePicture.Iso8601).Parts)
        {
            if (part is LiteralPart literal)
            {
                text.Append(literal.Text);
            }
            else
            {
                AppendMarker(text, (MarkerPart)part, time, offset);
            }
        }

        return text.ToString();
    }

    /// <summary>Reads an ISO 8601 timestamp; without an offset it is in UTC.</summary>
    /// <exception cref="JsonataFault">D3110: it is none.</exception>
    public static double ToMillis(string timestamp) => IsoTimestamp.Parse(timestamp);

    /// <summary>Reads a timestamp by a picture. What stands before its first part is taken from now.</summary>
    /// <returns>Null if the text does not fit the picture.</returns>
    /// <exception cref="JsonataFault">D3130 to D3136: the picture breaks a rule, or says too little.</exception>
    public static double? ToMillis(string timestamp, string picture, DateTimeOffset now) =>
        DateTimeParser.Parse(timestamp, DateTimePicture.Get(picture), now);

    /// <summary>The part of a time that a component shows.</summary>
    public static long Get(CivilTime time, char component) => component switch
    {
        'Y' => time.Year,
        'M' => time.Month,
        'D' => time.DayOfMonth,
        'd' => time.DayOfYear,
        'F' => time.DayOfWeek,
        'W' => time.WeekOfYear,
        'w' => time.WeekOfMonth,
        'X' => time.WeekYear,
        'x' => time.WeekMonth,
        'H' => time.Hour,
        'h' => time.Hour % 12 == 0 ? 12 : time.Hour % 12,
        'P' => time.Hour / 12,
        'm' => time.Minute,
        's' => time.Second,
        'f' => time.Millisecond,
        _ => throw new JsonataFault("D3132", component.ToString()),
    };

    /// <summary>The usual form of a usual year, written directly.</summary>
    private static string? FormatIso8601(double millis) => millis is >= -62_135_596_800_000 and < 253_402_300_800_000
        ? DateTime.UnixEpoch.AddTicks((long)Math.Truncate(millis) * TimeSpan.TicksPerMillisecond)
            .ToString("yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fff'Z'", CultureInfo.InvariantCulture)
        : null;

    private static void AppendMarker(StringBuilder text, MarkerPart marker, CivilTime time, int offset)
    {
        switch (marker.Component)
        {
            case 'Z' or 'z':
                text.Append(FormatOffset(marker, offset));
                break;
            case 'C' or 'E':
                text.Append("ISO");
                break;
            case 'P':
                var half = time.Hour >= 12 ? "pm" : "am";
                text.Append(marker.Names == LetterCase.Upper ? half.ToUpperInvariant() : half);
                break;
            case var component when marker.Integer is { } integer:
                var value = Get(time, component);
                IntegerPictures.Append(
                    text, marker.YearDigits is { } digits ? (long)(value % Math.Pow(10, digits)) : value, integer);
                break;
            case var component:
                text.Append(FormatName(marker, Get(time, component)));
                break;
        }
    }

    private static string FormatName(MarkerPart marker, long value)
    {
        var name = marker.Component switch
        {
            'M' or 'x' => Months[value - 1],
            'F' => Days[value - 1],
            _ => throw new JsonataFault("D3133", marker.Component.ToString()),
        };
        name = marker.Names switch
        {
            LetterCase.Upper => name.ToUpperInvariant(),
            LetterCase.Lower => name.ToLowerInvariant(),
            _ => name,
        };
        return name.Length > marker.WidthMax ? name[..marker.WidthMax.Value] : name;
    }

    private static string FormatOffset(MarkerPart marker, int offset)
    {
        var picture = marker.Integer ?? throw new InvalidOperationException("A time zone has a number.");
        var (hours, minutes) = (Math.Abs(offset) / 60, Math.Abs(offset) % 60);
        var text = picture switch
        {
            { RegularGroup: > 0 } or { MandatoryDigits: 3 or 4 } =>
                IntegerPictures.Format((hours * 100) + minutes, picture),
            { MandatoryDigits: 1 or 2 } when minutes == 0 => IntegerPictures.Format(hours, picture),
            { MandatoryDigits: 1 or 2 } =>
                string.Create(CultureInfo.InvariantCulture, $"{IntegerPictures.Format(hours, picture)}:{minutes:00}"),
            _ => throw new JsonataFault("D3134", picture.MandatoryDigits),
        };
        return offset == 0 && marker.IsTraditional
            ? "Z"
            : string.Concat(marker.Component == 'z' ? "GMT" : "", offset < 0 ? "-" : "+", text);
    }

    /// <returns>Minutes east of UTC.</returns>
    private static int ParseOffset(string? timezone)
    {
        var digits = timezone.AsSpan().TrimStart("+-");
        if (timezone is null || timezone.Length - digits.Length > 1 || digits.Length is < 1 or > 4 ||
            !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var hundreds))
        {
            return 0;
        }

        var minutes = (hundreds / 100 * 60) + (hundreds % 100);
        return timezone[0] == '-' ? -minutes : minutes;
    }
}
