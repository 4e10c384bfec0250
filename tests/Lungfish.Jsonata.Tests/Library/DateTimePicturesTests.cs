using System.Globalization;
using Lungfish.Jsonata.Library;

namespace Lungfish.Jsonata.Tests.Library;

public sealed class DateTimePicturesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 20, 30, 400, TimeSpan.Zero);

    [Theory]
    [InlineData(1, "1970-01-01T00:00:00.001Z")]
    [InlineData(1509380732935, "2017-10-30T16:25:32.935Z")]
    [InlineData(-1, "1969-12-31T23:59:59.999Z")]
    [InlineData(-62167219200000, "0000-01-01T00:00:00.000Z")]
    [InlineData(253402300799999, "9999-12-31T23:59:59.999Z")]
    public void Format_NoPicture_IsIso8601(double millis, string text)
    {
        Assert.Equal(text, DateTimePictures.Format(millis));
        Assert.Equal(text, DateTimePictures.Format(millis, " " + DateTimePicture.Iso8601)[1..]);
    }

    [Theory]
    [InlineData("[[Year]]: [[[Y0001]]]", "[Year]: [2018]")]
    [InlineData("Year: <[Y9,999,*]>", "Year: <2,018>")]
    [InlineData("[M01]/[D01]/[Y0001] at [H01]:[m01]:[s01]", "03/23/2018 at 10:33:36")]
    [InlineData("[Y]-[ M01]-[D 01]T[H01 ]:[ m   ]:[s].[f0  01][Z01:\n 01t]", "2018-03-23T10:33:36.617Z")]
    [InlineData("[D#1,2]/[M1,2]/[Y0001,2-2]", "23/03/18")]
    [InlineData("[D#1,2]/[M1,2]/[Y0001,2]", "23/03/2018")]
    [InlineData("[Da] [MA] [Yi]", "w C mmxviii")]
    [InlineData("[FNn], [D1o] [MN] [Yw]", "Friday, 23rd MARCH two thousand and eighteen")]
    [InlineData("[FNn,3-3], [Dwo] [MNn,3-3] [Y] [C]", "Fri, twenty-third Mar 2018 ISO")]
    [InlineData("[F], [D]/[M]/[Y] [h]:[m]:[s] [P]|[PN]|[Pn]", "friday, 23/3/2018 10:33:36 am|AM|am")]
    [InlineData("[d] [F0] [W] [w] [xNn] [X]", "82 5 12 4 March 2018")]
    [InlineData("ee]] ] [E]", "ee] ] ISO")]
    public void Format_Picture_IsFollowed(string picture, string text) =>
        Assert.Equal(text, DateTimePictures.Format(1521801216617, picture));

    [Theory]
    [InlineData("[Z01:01]", null, "+00:00")]
    [InlineData("[Z01:01t]", "0000", "Z")]
    [InlineData("[Z]", "-0500", "-05:00")]
    [InlineData("[Z0101t]", "+0530", "+0530")]
    [InlineData("[Z0]", "+0530", "+5:30")]
    [InlineData("[Z]", "-0330", "-03:30")]
    [InlineData("[z]", "-0500", "GMT-05:00")]
    [InlineData("[Z]", "Europe/Berlin", "+00:00")]
    [InlineData("[Z]", "+01:00", "+00:00")]
    public void Format_Timezone_IsShown(string picture, string? timezone, string text) =>
        Assert.Equal(text, DateTimePictures.Format(1531310400000, picture, timezone));

    [Fact]
    public void Format_Timezone_MovesTheClock() => Assert.Equal(
        "2018-07-11T08:30:00.000-03:30", DateTimePictures.Format(1531310400000, timezone: "-0330"));

    [Theory]
    [InlineData("2005-01-01", "2004-W53-6")]
    [InlineData("2006-01-02", "2006-W01-1")]
    [InlineData("2007-12-31", "2008-W01-1")]
    [InlineData("2008-12-28", "2008-W52-7")]
    [InlineData("2008-12-29", "2009-W01-1")]
    [InlineData("2010-01-03", "2009-W53-7")]
    public void Format_IsoWeeks_BelongToTheYearOfTheirThursday(string date, string week) => Assert.Equal(
        week, DateTimePictures.Format(DateTimePictures.ToMillis(date), "[X0001]-W[W01]-[F1]"));

    [Fact]
    public void Format_EveryDayOfFourCenturies_AgreesWithTheCalendar()
    {
        var day = new DateTime(1799, 12, 25, 12, 0, 0, DateTimeKind.Utc);
        for (; day.Year < 2203; day = day.AddDays(1))
        {
            var millis = (day - DateTime.UnixEpoch).TotalMilliseconds;
            var week = ISOWeek.GetWeekOfYear(day);
            Assert.Equal(
                string.Create(CultureInfo.InvariantCulture,
                    $"{day:yyyy-MM-dd} {day.DayOfYear} {ISOWeek.GetYear(day)} {week} {day:dddd}"),
                DateTimePictures.Format(millis, "[Y0001]-[M01]-[D01] [d] [X] [W] [FNn]"));
        }
    }

    [Theory]
    [InlineData("[Y0001]-[q]", "D3132")]
    [InlineData("[]", "D3132")]
    [InlineData("[YN]-[M]", "D3133")]
    [InlineData("[Z010101t]", "D3134")]
    [InlineData("[YN]-[M", "D3135")]
    [InlineData("[Y0٠]", "D3131")]
    [InlineData("[Yα]", "D3130")]
    public void Format_PictureThatBreaksARule_IsRefused(string picture, string code) => Assert.Equal(
        code, Assert.Throws<JsonataFault>(() => DateTimePictures.Format(0, picture)).Code);

    [Theory]
    [InlineData("2017-10-30", 1509321600000)]
    [InlineData("2018", 1514764800000)]
    [InlineData("2018-02", 1517443200000)]
    [InlineData("1970-01-01T00:00:00.1Z", 100)]
    [InlineData("1970-01-01T00:00:00.0019Z", 1)]
    [InlineData("1970-01-01T00:00:00", 0)]
    [InlineData("1970-01-01T01:00:00+01:00", 0)]
    [InlineData("1970-01-01T00:00:00-0130", 5400000)]
    [InlineData("1970-01-01T24:00:00Z", 86400000)]
    [InlineData("2018-02-30", 1519948800000)]
    public void ToMillis_Iso8601_IsRead(string timestamp, double millis) =>
        Assert.Equal(millis, DateTimePictures.ToMillis(timestamp));

    [Theory]
    [InlineData("")]
    [InlineData("foo")]
    [InlineData("01-02-2018")]
    [InlineData("2018-13-01")]
    [InlineData("2018-00-01")]
    [InlineData("2018-01-32")]
    [InlineData("2018-01-01T25:00:00Z")]
    [InlineData("2018-01-01T24:00:01Z")]
    [InlineData("2018-01-01T10:00Z")]
    [InlineData("2018-01-01 10:00:00")]
    [InlineData("2018-01-01T10:00:00.Z")]
    [InlineData("2018-01-01T10:00:00+1")]
    [InlineData("2018-01-01T10:00:00+01:00Z")]
    [InlineData("2018-01-01\n")]
    public void ToMillis_NoIso8601_IsD3110(string timestamp) => Assert.Equal(
        "D3110", Assert.Throws<JsonataFault>(() => DateTimePictures.ToMillis(timestamp)).Code);

    [Theory]
    [InlineData("201802", "[Y,*-4][M01]", 1517443200000)]
    [InlineData("20180205", "[Y0001][M01][D01]", 1517788800000)]
    [InlineData("2nd 12 2012", "[D1o] [M01] [Y0001]", 1354406400000)]
    [InlineData("MCMLXXXIV", "[YI]", 441763200000)]
    [InlineData("27 iii MMXVIII", "[D1] [Mi] [YI]", 1522108800000)]
    [InlineData("ae C mmxviii", "[Da] [MA] [Yi]", 1522454400000)]
    [InlineData("2 Feb 2012", "[D1] [MNn,3-3] [Y0001]", 1328140800000)]
    [InlineData("2 FEBRUARY 2012", "[D1] [MNn] [Y0001]", 1328140800000)]
    [InlineData("one thousand, nine hundred and eighty-four", "[Yw]", 441763200000)]
    [InlineData("Twentieth of August, two thousand and seventeen", "[DW] of [MNn], [Yw]", 1503187200000)]
    [InlineData("4/4/2018 12:06 am", "[D1]/[M1]/[Y0001] [h]:[m] [P]", 1522800360000)]
    [InlineData("4/4/2018 12:06 pm", "[D1]/[M1]/[Y0001] [h]:[m] [P]", 1522843560000)]
    [InlineData("4/4/2018 11:30 pm", "[D1]/[M1]/[Y0001] [h]:[m] [P]", 1522884600000)]
    [InlineData("2018-094", "[Y0001]-[d001]", 1522800000000)]
    [InlineData("2018-094 01:00", "[Y0001]-[d001] [H]:[m]", 1522803600000)]
    [InlineData("Wednesday, 14th November 2018", "[FNn], [D1o] [MNn] [Y]", 1542153600000)]
    [InlineData("2020-09-09 12:00 +05:30", "[Y]-[M]-[D] [H]:[m] [Z]", 1599633000000)]
    [InlineData("2020-09-09 12:00 -05:30", "[Y]-[M]-[D] [H]:[m] [Z]", 1599672600000)]
    [InlineData("2020-09-09 12:00 -0530", "[Y]-[M]-[D] [H]:[m] [Z0001]", 1599672600000)]
    [InlineData("2020-09-09 12:00 GMT-5", "[Y]-[M]-[D] [H]:[m] [z01]", 1599670800000)]
    [InlineData("2026-04-08T19:05:04.01987", "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f1]", 1775675104019)]
    [InlineData("99", "[Y]", 915148800000)]
    public void ToMillis_Picture_IsReadByIt(string timestamp, string picture, double millis) =>
        Assert.Equal(millis, DateTimePictures.ToMillis(timestamp, picture, Now));

    [Fact]
    public void ToMillis_TimeAlone_IsOfToday() => Assert.Equal(
        "2026-11-21T13:45:00.000Z",
        DateTimePictures.Format(DateTimePictures.ToMillis("13:45", "[H]:[m]", Now) ?? double.NaN));

    [Theory]
    [InlineData("Hello", "Hello")]
    [InlineData("irrelevant", "[Y]-[M]-[D]")]
    public void ToMillis_TextThatDoesNotFit_IsNothing(string timestamp, string picture) =>
        Assert.Null(DateTimePictures.ToMillis(timestamp, picture, Now));

    [Theory]
    [InlineData("2018-05-22", "[Y]-[M]-[q]", "D3132")]
    [InlineData("2018-05-22", "[YN]-[M]-[D]", "D3133")]
    [InlineData("2018-22", "[Y]-[D]", "D3136")]
    [InlineData("5-22 23:59", "[M]-[D] [m]:[s]", "D3136")]
    [InlineData("2018-3", "[X]-[W]", "D3136")]
    public void ToMillis_PictureThatDoesNotSayEnough_IsRefused(string timestamp, string picture, string code) =>
        Assert.Equal(
            code, Assert.Throws<JsonataFault>(() => DateTimePictures.ToMillis(timestamp, picture, Now)).Code);
}
