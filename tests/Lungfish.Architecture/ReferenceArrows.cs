namespace Lungfish.Architecture;

/// <summary>The map of ARCHITECTURE.md: who may use whom. References only ever point down.</summary>
public sealed class ReferenceArrows
{
    /// <summary>Nothing but time bounds regular expressions that go back in their texts: .NET's own limit for one
    /// match, and this for all matches of an evaluation.</summary>
    private const string TheOneClock = "src/Lungfish.Jsonata/Library/BacktrackingTime.cs";

    private static readonly Dictionary<string, string[]> s_mayUse = new(StringComparer.Ordinal)
    {
        ["Lungfish.Json"] = [],
        ["Lungfish.Jsonata"] = ["Lungfish.Json"],
        ["Lungfish.Journal"] = ["Lungfish.Json"],
        ["Lungfish.States"] = ["Lungfish.Journal", "Lungfish.Json", "Lungfish.Jsonata"],
        ["Lungfish.Durable"] = ["Lungfish.Journal", "Lungfish.Json"],
        ["Lungfish.Engine"] = ["Lungfish.Durable", "Lungfish.States"],
        ["Lungfish.Storage.Sqlite"] = ["Lungfish.Engine"],
        ["Lungfish.FunctionHost"] = [],
        ["Lungfish.Functions"] = ["Lungfish.Engine", "Lungfish.FunctionHost"],
        ["Lungfish.Integrations"] = ["Lungfish.Engine", "Lungfish.Functions"],
        ["Lungfish.Deployment"] = ["Lungfish.Json"],
        ["Lungfish.Server"] =
        [
            "Lungfish.Engine", "Lungfish.Functions", "Lungfish.Integrations", "Lungfish.Json", "Lungfish.States",
            "Lungfish.Storage.Sqlite",
        ],
        ["Lungfish.Cli"] = ["Lungfish.Deployment", "Lungfish.Jsonata", "Lungfish.Server"],
    };

    // A new one needs a page in docs/decisions (DESIGN.md 11).
    private static readonly Dictionary<string, string[]> s_mayUsePackages = new(StringComparer.Ordinal)
    {
        ["Lungfish.Engine"] = ["Microsoft.Extensions.Logging.Abstractions"],
        ["Lungfish.Deployment"] = ["YamlDotNet"],
        ["Lungfish.Cli"] = ["System.CommandLine"],
    };

    public static TheoryData<string> SourceProjects =>
        [.. SourceTree.Projects.Where(IsSource).Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void SourceProject_References_PointDownOnly(string name)
    {
        var project = Find(name);

        Assert.True(s_mayUse.TryGetValue(name, out var allowed), $"{name} is not on the map: add it there first.");
        Rule.HasNoBreach(project.References.Except(allowed, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void SourceProject_Packages_AreThoseDecidedOn(string name)
    {
        var allowed = s_mayUsePackages.GetValueOrDefault(name, []);

        Rule.HasNoBreach(Find(name).Packages.Except(allowed, StringComparer.Ordinal));
    }

    /// <summary>An author's packages bring nothing of the server. The testing package alone has a reason to (see its
    /// page in docs/decisions): a test runs the server's own decider.</summary>
    [Fact]
    public void SdkProjects_References_StayInTheSdk()
    {
        var sdk = SourceTree.Projects.Where(IsSdk).ToList();
        var breaches =
            from project in sdk
            from reference in project.References
            where !sdk.Exists(other => string.Equals(other.Name, reference, StringComparison.Ordinal))
                && (project.Name, reference) is not ("Lungfish.DurableFunctions.Testing", "Lungfish.Durable")
            select $"{project.Name} -> {reference}";

        Assert.NotEmpty(sdk);
        Rule.HasNoBreach(breaches);
    }

    [Fact]
    public void Map_EveryProject_Exists() =>
        Rule.HasNoBreach(
            s_mayUse.Keys.Except(SourceTree.Projects.Select(project => project.Name), StringComparer.Ordinal));

    [Fact]
    public void Projects_All_LieInAKnownFolder()
    {
        string[] folders = ["src/", "sdk/", "tests/", "bench/", "samples/"];

        Assert.All(SourceTree.Projects, project =>
            Assert.Contains(folders, folder => project.Path.StartsWith(folder, StringComparison.Ordinal)));
    }

    [Fact]
    public void Projects_OfSourceAndTests_AreInTheSolution()
    {
        var solution = SourceTree.Read("Lungfish.slnx");
        var missing = SourceTree.Projects
            .Where(project => IsSource(project) || project.Path.StartsWith("tests/", StringComparison.Ordinal))
            .Where(project => !solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal))
            .Select(project => project.Path);

        Rule.HasNoBreach(missing);
    }

    [Theory]
    [InlineData("Lungfish.Durable")]
    [InlineData("Lungfish.Journal")]
    [InlineData("Lungfish.Json")]
    [InlineData("Lungfish.Jsonata")]
    [InlineData("Lungfish.States")]
    public void Core_Project_HasTheBannedSymbols(string name)
    {
        var project = Find(name);

        Assert.True(project.IsPureCore, $"{name} must set LungfishPureCore.");
        Assert.DoesNotContain("RS0030", project.NoWarn, StringComparison.Ordinal);
        Assert.DoesNotContain(SourceTree.Files($"src/{name}", "*.cs"), file =>
            file != TheOneClock && SourceTree.Read(file).Contains("RS0030", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("P:System.DateTimeOffset.UtcNow")]
    [InlineData("P:System.TimeProvider.System")]
    [InlineData("M:System.Guid.NewGuid")]
    [InlineData("T:System.Random")]
    [InlineData("T:System.IO.File")]
    [InlineData("T:System.Threading.Tasks.Task")]
    public void BannedSymbols_ClockDiceAndInputOutput_AreListed(string symbol) =>
        Assert.Contains(SourceTree.Lines("BannedSymbols.txt"), line =>
            line.StartsWith(symbol + ";", StringComparison.Ordinal));

    private static bool IsSdk(ProjectFile project) => project.Path.StartsWith("sdk/", StringComparison.Ordinal);

    private static bool IsSource(ProjectFile project) => project.Path.StartsWith("src/", StringComparison.Ordinal);

    private static ProjectFile Find(string name) =>
        Assert.Single(SourceTree.Projects, project => string.Equals(project.Name, name, StringComparison.Ordinal));
}
