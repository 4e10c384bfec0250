using System.Text.RegularExpressions;

namespace Lungfish.Architecture;

/// <summary>What STYLE.md asks of every file, as far as lines of text can show it.</summary>
public sealed partial class SourceRules
{
    private const int LinesMax = 400;
    private const int LineLengthMax = 120;

    /// <summary>Files that are longer for a reason: one table, or one subject that reads worse in pieces.</summary>
    private static readonly Dictionary<string, string> s_longFiles = new(StringComparer.Ordinal)
    {
    };

    private static readonly string[] s_writtenFiles =
    [
        "*.cs", "*.csproj", "*.js", "*.json", "*.md", "*.mjs", "*.props", "*.py", "*.sh", "*.sql", "*.targets", "*.yml",
    ];

    [Fact]
    public void SourceFiles_Length_StaysReadable()
    {
        var tooLong = SourceTree.Files("src", "*.cs").Concat(SourceTree.Files("sdk", "*.cs"))
            .Where(file => !s_longFiles.ContainsKey(file))
            .Select(file => (Path: file, Lines: SourceTree.Lines(file).Length))
            .Where(file => file.Lines > LinesMax)
            .Select(file => $"{file.Path}: {file.Lines} lines");

        Rule.HasNoBreach(tooLong);
    }

    [Fact]
    public void LongFiles_EveryException_IsStillNeeded() =>
        Assert.All(s_longFiles.Keys, file => Assert.True(SourceTree.Lines(file).Length > LinesMax, file));

    [Fact]
    public void CSharpFiles_EveryLine_KeepsTheHouseStyle()
    {
        string[] folders = ["src", "sdk", "tests", "bench", "samples"];
        var wrong =
            from folder in folders
            from file in SourceTree.Files(folder, "*.cs")
            from line in SourceTree.Lines(file).Index()
            let fault = FaultOf(line.Item)
            where fault is not null
            select $"{file}:{line.Index + 1}: {fault}: {line.Item.Trim()}";

        Rule.HasNoBreach(wrong);
    }

    [Fact]
    public void WrittenFiles_NamesOfMachines_AreNotThere()
    {
        // Assembled so that this file does not hold what it forbids.
        var forbidden = new Regex($"/{"work"}/|/{"root"}/|/home/[a-z]", RegexOptions.None, TimeSpan.FromSeconds(1));
        var wrong = s_writtenFiles.SelectMany(pattern => SourceTree.Files(".", pattern))
            .Where(file => forbidden.IsMatch(SourceTree.Read(file)));

        Rule.HasNoBreach(wrong);
    }

    [Fact]
    public void LockFiles_DownloadAddresses_AreNotThere()
    {
        var lockFiles = SourceTree.Files(".", "packages.lock.json").Concat(SourceTree.Files(".", "package-lock.json"));

        Assert.All(lockFiles, file =>
            Assert.DoesNotContain("://", WithoutFundingLinks(SourceTree.Read(file)), StringComparison.Ordinal));
    }

    [Fact]
    public void Projects_EveryOne_HasALockFile() =>
        Assert.All(SourceTree.Projects.Where(project => project.Path.StartsWith("src/", StringComparison.Ordinal)
            || project.Path.StartsWith("tests/", StringComparison.Ordinal)), project =>
            Assert.NotEmpty(SourceTree.Files(Path.GetDirectoryName(project.Path) ?? "", "packages.lock.json")));

    // Funding links in package-lock.json are the packages' own metadata, not where a file comes from.
    private static string WithoutFundingLinks(string lockFile) => FundingLink().Replace(lockFile, "");

    private static string? FaultOf(string line)
    {
        // What stands in a text or a comment is not code; what is left of them is blank.
        var code = TextsAndComments().Replace(line, "\"\"");
        return line switch
        {
            { Length: > LineLengthMax } when !line.Contains("://", StringComparison.Ordinal) => "longer than 120",
            _ when UnexplainedSuppression().IsMatch(line) => "a suppression says why",
            _ when TodoWithoutIssue().IsMatch(line) => "a to-do names its issue",
            _ when NullForgiving().IsMatch(code) => "no null-forgiving operator",
            _ when DynamicType().IsMatch(code) => "no dynamic",
            _ when code.TrimStart().StartsWith("#region", StringComparison.Ordinal) => "no #region",
            _ => null,
        };
    }

    [GeneratedRegex("""
        \$?@?"(?:\\.|""|[^"\\])*"|'(?:\\.|[^'\\])'|//.*$
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TextsAndComments();

    [GeneratedRegex(@"#pragma warning disable(?!.*//)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UnexplainedSuppression();

    [GeneratedRegex(@"\bTODO\b(?!.*#\d)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TodoWithoutIssue();

    [GeneratedRegex(@"[\w\)\]>]!(?=[\.;,\)\[\s]|$)(?!\s*=)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NullForgiving();

    [GeneratedRegex(@"\bdynamic\s+\w", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DynamicType();

    [GeneratedRegex("\"url\": \"https?://[^\"]*\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FundingLink();
}
