using System.Text.RegularExpressions;
using Lungfish.States.Deciding;

namespace Lungfish.States.Tests.Deciding;

public sealed class WildcardPatternTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Fact]
    public void IsMatch_AnyTextAndPattern_IsWhatARegularExpressionSays()
    {
        const string Letters = "ab*\\";
        var random = new Random(1);
        for (var i = 0; i < 3_000; i++)
        {
            var text = random.GetString(Letters, random.Next(12));
            var pattern = random.GetString(Letters, random.Next(8));
            var same = Regex.Replace(
                pattern,
                @"\\[*\\]|.",
                m => m.Value == "*" ? ".*" : Regex.Escape(m.Value[^1..]),
                RegexOptions.NonBacktracking,
                s_patience);
            var expected = Regex.IsMatch(
                text, $@"\A{same}\z", RegexOptions.Singleline | RegexOptions.NonBacktracking, s_patience);

            Assert.True(expected == WildcardPattern.IsMatch(text, pattern), $"'{text}' and '{pattern}'");
        }
    }

    [Theory(Timeout = 60_000)] // Going back in the text, each of these takes many minutes.
    [InlineData("*", "b")]
    [InlineData("b*", "*b*")]
    [InlineData("*c*", "b*")]
    public async Task IsMatch_PatternThatNearlyFitsEverywhere_TakesNoLonger(string before, string behind)
    {
        var text = "b" + new string('a', 2_000_000);
        var pattern = before + new string('a', 500_000) + behind;

        var isMatch = await Task.Run(
            () => WildcardPattern.IsMatch(text, pattern), TestContext.Current.CancellationToken);

        Assert.False(isMatch);
    }
}
