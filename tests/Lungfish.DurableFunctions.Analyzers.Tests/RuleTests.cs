using System.Text.RegularExpressions;
using Lungfish.Tests.Shared;

namespace Lungfish.DurableFunctions.Analyzers.Tests;

/// <summary>The rules as a whole: each is released, explained and linked.</summary>
public sealed partial class RuleTests
{
    private const string Page = "docs/durable-functions/analyzers.md";

    public static TheoryData<string> Ids =>
        [.. Sources.Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).Select(rule => rule.Id).Distinct()];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_OnThePage_HasASectionWithABadAndAGoodExample(string id)
    {
        var section = SectionOf(id);

        Assert.Contains("// Bad", section, StringComparison.Ordinal);
        Assert.Contains("// Good", section, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_HelpLink_LeadsToItsSection(string id)
    {
        var rule = Sources.Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).First(rule => rule.Id == id);

        Assert.Equal($"{Page}#{id.ToLowerInvariant()}", rule.HelpLinkUri);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_OnThePage_SaysWhetherThereIsAFix(string id)
    {
        var isFixed = Fixes.Providers.Any(provider => provider.FixableDiagnosticIds.Contains(id));

        Assert.Equal(isFixed, SectionOf(id).Contains("**Fix:**", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Rule_BadExampleOnThePage_IsFound(string id) =>
        Assert.Contains(await Sources.FindAsync(ExampleOf(id, "Bad"), PageMembers), found =>
            found.StartsWith(id + ":", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Rule_GoodExampleOnThePage_IsQuiet(string id) =>
        Assert.Empty(await Sources.FindAsync(ExampleOf(id, "Good"), PageMembers));

    // What the examples on the page use.
    private const string PageMembers =
        """
        private static Task<int> ChargeAsync(Order order, CancellationToken token) => Task.FromResult(order.Total);
        private static Task ShipAsync(Order order, CancellationToken token) => Task.CompletedTask;
        """;

    private static string SectionOf(string id)
    {
        var text = File.ReadAllText(Repository.PathOf(Page));
        var sections = text.Split("\n## ").Where(section => section.StartsWith(id + "\n", StringComparison.Ordinal));
        return Assert.Single(sections);
    }

    private static string ExampleOf(string id, string kind)
    {
        var match = Example().Matches(SectionOf(id)).FirstOrDefault(match => match.Groups["kind"].Value == kind);
        Assert.NotNull(match);
        return match.Groups["code"].Value;
    }

    [GeneratedRegex(
        """
        // (?<kind>Bad|Good)[^\n]*\n(?<code>.*?)(?=// (Bad|Good)|```)
        """,
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Example();
}
