using System.Text.RegularExpressions;
using Lungfish.Tests.Shared;

namespace Lungfish.Architecture;

/// <summary>What the documents promise must be there.</summary>
public sealed partial class Documents
{
    [Fact]
    public void Readme_PathsInCommands_Exist()
    {
        var commands = ShellLines("README.md").ToList();
        var missing = commands
            .SelectMany(line => line.Split(' '))
            .Where(word => word.StartsWith("./", StringComparison.Ordinal)
                || word.StartsWith("samples/", StringComparison.Ordinal))
            .Where(path => !Path.Exists(Repository.PathOf(path)));

        Assert.NotEmpty(commands);
        Rule.HasNoBreach(missing);
    }

    [Theory]
    [InlineData("lungfish")]
    [InlineData("test")]
    [InlineData(".ci/run")]
    public void Script_AtTheRoot_CanBeRun(string path) =>
        Assert.True(
            OperatingSystem.IsWindows()
                || File.GetUnixFileMode(Repository.PathOf(path)).HasFlag(UnixFileMode.UserExecute),
            path);

    [Fact]
    public void Architecture_EveryInvariant_NamesTestsThatExist()
    {
        var tests = TestMethods();
        var invariants = SourceTree.Lines("ARCHITECTURE.md")
            .SkipWhile(line => line is not "## Invariants")
            .Where(line => Invariant().IsMatch(line))
            .ToList();

        Assert.NotEmpty(invariants);
        Assert.All(invariants, line =>
        {
            var named = TestName().Matches(line).Select(match => match.Groups["test"].Value).ToList();
            Assert.True(named.Count > 0, $"no test named: {line}");
            Assert.All(named, name => Assert.Contains(name, tests));
        });
    }

    [Fact]
    public void Decisions_Pages_AreNumberedAndComplete()
    {
        var pages = SourceTree.Files("docs/decisions", "*.md").Order(StringComparer.Ordinal).ToList();

        Assert.NotEmpty(pages);
        Assert.All(pages.Index(), page =>
        {
            Assert.StartsWith($"docs/decisions/{page.Index + 1:0000}-", page.Item, StringComparison.Ordinal);
            var text = SourceTree.Read(page.Item);
            Assert.Contains("## Context", text, StringComparison.Ordinal);
            Assert.Contains("## Decision", text, StringComparison.Ordinal);
            Assert.Contains("## Consequences", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Links_BetweenDocuments_LeadSomewhere()
    {
        var broken =
            from file in SourceTree.Files(".", "*.md")
            from target in LinksOf(file)
            where !Path.Exists(Repository.PathOf(target))
            select $"{file}: {target}";

        Rule.HasNoBreach(broken);
    }

    [Fact]
    public void Pages_OfTheDocuments_AreReachedFromTheReadme()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(["README.md"]);
        while (open.TryPop(out var page))
        {
            foreach (var target in reached.Add(page) ? LinksOf(page) : [])
            {
                if (target.EndsWith(".md", StringComparison.Ordinal) && File.Exists(Repository.PathOf(target)))
                {
                    open.Push(target);
                }
            }
        }

        Assert.Contains("docs/quickstart.md", reached);
        Rule.HasNoBreach(SourceTree.Files("docs", "*.md")
            .Where(page => !page.StartsWith("docs/decisions/", StringComparison.Ordinal) && !reached.Contains(page)));
    }

    /// <summary>Relative to the repository's root, as <see cref="SourceTree.Files"/> has them.</summary>
    private static IEnumerable<string> LinksOf(string document) =>
        RelativeLink().Matches(SourceTree.Read(document))
            .Select(link => Path.Combine(Path.GetDirectoryName(document) ?? "", link.Groups["path"].Value))
            .Select(target => Path.GetRelativePath(Repository.Root, Repository.PathOf(target)).Replace('\\', '/'));

    private static IEnumerable<string> ShellLines(string document)
    {
        var inShell = false;
        foreach (var line in SourceTree.Lines(document))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inShell = line is "```sh" or "```bash" or "```console";
            }
            else if (inShell && line.Length > 0)
            {
                yield return line.Split(" #")[0].TrimStart('$', ' ');
            }
        }
    }

    /// <summary>Names of test methods as <c>Class.Method</c>.</summary>
    private static HashSet<string> TestMethods()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in SourceTree.Files("tests", "*.cs"))
        {
            var className = "";
            foreach (var line in SourceTree.Lines(file))
            {
                className = ClassName().Match(line) is { Success: true } match ? match.Groups["name"].Value : className;
                if (MethodName().Match(line) is { Success: true } method)
                {
                    names.Add($"{className}.{method.Groups["name"].Value}");
                }
            }
        }

        return names;
    }

    [GeneratedRegex(@"^\d+\. ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Invariant();

    [GeneratedRegex(@"`(?<test>\w+\.\w+_\w+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TestName();

    [GeneratedRegex(@"\bclass (?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClassName();

    [GeneratedRegex(
        @"public (static )?(async )?(void|Task|ValueTask|Property|bool) (?<name>\w+_\w+)\(",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex MethodName();

    [GeneratedRegex(@"\]\((?!https?://|#|mailto:)(?<path>[^)#\s]+)(#[^)]*)?\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RelativeLink();
}
