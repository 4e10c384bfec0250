using Lungfish.Engine.Checking;
using Lungfish.Tests;
using Lungfish.Tests.Shared;

namespace Lungfish.Cli.Tests;

/// <summary>fsck, backup, restore and export on what is no data. With data, the end-to-end tests run them.</summary>
public sealed class KeepingCommandTests
{
    private static readonly HttpMessageHandler s_noServer = new SocketsHttpHandler();

    [Fact]
    public async Task Fsck_NothingThere_IsNotFound()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.Of(s_noServer, "fsck", folder["missing"]);

        Assert.Equal((3, ""), (run.ExitCode, run.Out));
        Assert.StartsWith("error: There is no '", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fsck_OnlyDataGiven_LooksThere()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.Of(s_noServer, "fsck", "--data", folder["missing"]);

        Assert.Equal((3, ""), (run.ExitCode, run.Out));
        Assert.Contains(folder["missing"], run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fsck")]
    [InlineData("export", "--data")]
    public async Task Command_OnAFileThatIsNoDatabase_IsRefusedInOneSentence(params string[] command)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(
            folder["notes"], new string('n', 10_000), TestContext.Current.CancellationToken);

        var run = await CliRun.Of(s_noServer, [.. command, folder["notes"]]);

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains("is not a Lungfish database", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("--status", "DONE")]
    [InlineData("--since", "yesterday")]
    public async Task Export_FilterIsNone_IsRefused(string option, string value)
    {
        var run = await CliRun.Of(s_noServer, "export", option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"\"{value}\" is no ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_NoData_IsRefusedAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.Of(s_noServer, "backup", folder["backup"], "--data", folder["data"]);

        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("error: There is no '", run.Error, StringComparison.Ordinal);
        Assert.Contains("backup TARGET --data DIR", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Export_NoData_IsRefusedAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.Of(s_noServer, "export", "--data", folder["data"], "--file", folder["all.jsonl"]);

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("export --data DIR", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Restore_FolderIsNoBackup_IsRefusedAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();

        var run = await CliRun.Of(s_noServer, "restore", folder.Path, "--data", folder["data"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is no backup", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Document_OfFindings_ExplainsEachKind()
    {
        var document = await File.ReadAllTextAsync(
            Path.Combine(RepositoryPaths.Root, "docs", "fsck.md"), TestContext.Current.CancellationToken);

        Assert.NotEmpty(FindingKinds.All);
        foreach (var kind in FindingKinds.All)
        {
            var severity = kind.Severity == FindingSeverity.Error ? "error" : "warning";
            Assert.Contains($"| `{kind.Code}` | {severity} |", document, StringComparison.Ordinal);
        }
    }
}
