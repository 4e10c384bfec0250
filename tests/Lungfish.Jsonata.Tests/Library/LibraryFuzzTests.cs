using Lungfish.Jsonata.Library;
using Lungfish.Tests.Shared;

namespace Lungfish.Jsonata.Tests.Library;

/// <summary>Whatever a text is, a function of the library answers or refuses it with a code.</summary>
public sealed class LibraryFuzzTests
{
    private static readonly string[] NumberSamples =
        ["#,##0.00;(#,##0.00)", "00.000e0", "#0%", "PREFIX##00.000###SUFFIX", "9,9,99.99", "#.e9"];

    private static readonly string[] IntegerSamples = ["#,##0;o", "Ww;o", "I", "a", "###١", "##,##,##0", "#:###,##0"];

    private static readonly string[] DateSamples =
    [
        "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]", "[FNn,*-3], [DWwo] [MNn] [Y]", "[X0001]-W[W01]-[F1]",
        "[[Year]]: [[[Y9,999,*]]]", "[D#1,2]/[M1,2]/[Y##01,2-2] [h]:[m] [PN] [z]", "[Y,*-4][M01][dwo]",
    ];

    private static readonly string[] RegexSamples =
    [
        @"^(?<year>[0-9]{4})-\k<year>|(a|b)*?$", @"[^\w\s\]-]+\b(?=x)(?<!y)\1", @"\u0041\x42\cJ\0[\b\d-z]{2,3}?",
        "(?:a{1,3}|b{2,}){0,2}", "[]|[^]", @"(\d+)\.(\d*)[eE]?",
    ];

    private static readonly string[] TextSamples =
    [
        "2018-03-23T10:33:36.617Z", "Mon, Twelfth November 2018", "20180205 11:30 pm GMT-05:00", "0x1F", "-1.5e-7",
        "one thousand, nine hundred and eighty-fourth", "MCMLXXXIV", "{'a': [1, \"b\", -0.0, null]}", "%E2%82%AC+%20",
    ];

    [Fact]
    public void Format_AnyPicture_AnswersOrRefuses() => FuzzRun.Over(
        random => (
            Value: Number(random),
            Number: FuzzRun.Mutate(random, NumberSamples),
            Integer: FuzzRun.Mutate(random, IntegerSamples),
            Date: FuzzRun.Mutate(random, DateSamples)),
        input =>
        {
            AnswersOrRefuses(() => NumberPictures.Format(input.Value, input.Number));
            AnswersOrRefuses(() => IntegerPictures.Format(input.Value, input.Integer));
            AnswersOrRefuses(() => DateTimePictures.Format(input.Value, input.Date, input.Integer));
        });

    [Fact]
    public void Parse_AnyText_AnswersOrRefuses() => FuzzRun.Over(
        random => (
            Text: FuzzRun.Mutate(random, TextSamples),
            Integer: FuzzRun.Mutate(random, IntegerSamples),
            Date: FuzzRun.Mutate(random, DateSamples)),
        input =>
        {
            AnswersOrRefuses(() => IntegerPictures.Parse(input.Text, input.Integer));
            AnswersOrRefuses(() => DateTimePictures.ToMillis(input.Text));
            AnswersOrRefuses(() => DateTimePictures.ToMillis(input.Text, input.Date, DateTimeOffset.UnixEpoch));
            AnswersOrRefuses(() => NumberBases.Parse(input.Text));
            AnswersOrRefuses(() => LenientJson.Parse(input.Text));
            AnswersOrRefuses(() => Encodings.DecodeUrl(input.Text));
            AnswersOrRefuses(() => Encodings.EncodeUrl(input.Text));
            AnswersOrRefuses(() => Encodings.Base64Decode(input.Text));
            AnswersOrRefuses(() => Encodings.Base64DecodeUtf8(input.Text));
        });

    [Fact]
    public void ToMillis_WhatFormatWrote_IsTheMoment() => FuzzRun.Over(
        random => (double)random.NextInt64(-50_000_000_000_000, 200_000_000_000_000),
        millis =>
        {
            Assert.Equal(millis, DateTimePictures.ToMillis(
                DateTimePictures.Format(millis, DateSamples[0], "+0530"), DateSamples[0], DateTimeOffset.UnixEpoch));
            Assert.Equal(millis, DateTimePictures.ToMillis(DateTimePictures.Format(millis, null, "-1100")));
        });

    [Fact]
    public void Parse_WhatFormatWrote_IsTheNumber() => FuzzRun.Over(
        random => (double)random.NextInt64(1, 1L << random.Next(1, 49)),
        value =>
        {
            foreach (var picture in (string[])["0", "#,##0;o", "Ww;o", "w", "A", "a", "###０", "#:###,##0"])
            {
                Assert.Equal(value, IntegerPictures.Parse(IntegerPictures.Format(value, picture), picture));
            }

            Assert.Equal(value, NumberBases.Parse("0x" + NumberBases.Format(value, 16)));
            Assert.Equal(value % 4000, IntegerPictures.Parse(IntegerPictures.Format(value % 4000, "I"), "I"));
        });

    [Fact]
    public void Parse_TextOfANumber_IsTheNumber() => FuzzRun.Over(
        random => BitConverter.Int64BitsToDouble(random.NextInt64()),
        value =>
        {
            if (double.IsFinite(value))
            {
                Assert.Equal(value, double.Parse(NumberText.Shortest(value)));
            }
        });

    [Fact]
    public void Compile_AnyRegex_AnswersOrRefuses() => FuzzRun.Over(
        random => (
            Pattern: FuzzRun.Mutate(random, RegexSamples),
            Flags: random.Next(4) switch { 0 => "i", 1 => "m", 2 => "im", _ => "" },
            Text: FuzzRun.Mutate(random, TextSamples)),
        input => AnswersOrRefuses(() =>
        {
            var regex = JsonataRegex.Compile(input.Pattern, input.Flags);
            for (var match = regex.Match(input.Text); match is not null; match = regex.Next(input.Text, match))
            {
                Replacements.Expand("[$1$12$0$$]", input.Text, match);
            }

            return regex.IsMatch(input.Text);
        }),
        weight: 4);

    private static double Number(Random random) => random.Next(4) switch
    {
        0 => random.Next(-1000, 1000),
        1 => random.NextDouble() * 1e15,
        2 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
        _ => random.NextInt64(-8_640_000_000_000_000, 8_640_000_000_000_000),
    };

    private static void AnswersOrRefuses<T>(Func<T> call)
    {
        try
        {
            call();
        }
        catch (JsonataFault)
        {
            // A refusal is an answer.
        }
    }
}
