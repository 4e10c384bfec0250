using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Keeping;

/// <summary>Backups of a server that goes on working, and servers that go on from backups.</summary>
public sealed class BackupTests
{
    private const int StartedBefore = 60;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Backup_WhileExecutionsStart_RestoresAllThatWasAcknowledgedBefore()
    {
        using var folder = new TemporaryFolder();
        string token;
        List<string> before;
        await using (var server = await KeptServer.StartAsync(folder["data"]))
        {
            await server.DeployAsync();
            await server.StartAsync("ask", "ask-1");
            token = await server.TakeTaskAsync();
            before = await BackUpUnderLoadAsync(server, folder);
            await DataCommands.AssertIsCleanAsync(folder["data"]);
            await server.KillAsync(); // Two servers must not go on with the same executions.
        }

        await DataCommands.AssertIsCleanAsync(folder["backup"]);
        var restored = await DataCommands.RunAsync("restore", folder["backup"], "--data", folder["again"]);
        Assert.True(restored.ExitCode == 0, restored.ErrorOutput);

        await using var again = await KeptServer.StartAsync(folder["again"]);
        foreach (var name in before)
        {
            await Poll.UntilAsync(
                async () => await again.StatusAsync("sleep", name) == "SUCCEEDED", s_patience, $"{name} ends");
        }

        await again.Api.GetAsync(
            "SendTaskSuccess", new JsonObject { ["taskToken"] = token, ["output"] = "\"yes\"" });
        await Poll.UntilAsync(
            async () => await again.StatusAsync("ask", "ask-1") == "SUCCEEDED", s_patience, "the answered task ends");
        var invoked = await again.Api.LambdaAsync(
            HttpMethod.Post, "functions/double/invocations", new JsonObject { ["n"] = 21 });
        Assert.Equal(42, invoked.Body["doubled"]?.GetValue<int>());
        await DataCommands.AssertIsCleanAsync(folder["again"]);
    }

    [Fact]
    public async Task Backup_KilledInTheMiddle_LeavesNothingThatIsTakenForABackup()
    {
        using var folder = new TemporaryFolder();
        await using var server = await KeptServer.StartAsync(folder["data"]);
        await server.DeployAsync();
        var large = $"\"{new string('x', 200_000)}\"";
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => server.StartAsync("pass", $"large-{i}", large)));

        await KillWhenItHasBegunAsync(folder);

        var draft = Directory.EnumerateDirectories(folder.Path, "backup.unfinished-*").Single();
        Assert.False(Directory.Exists(folder["backup"]));
        if (!File.Exists(Path.Combine(draft, "backup.json")))
        {
            var refused = await DataCommands.RunAsync("restore", draft, "--data", folder["again"]);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("is no backup", refused.ErrorOutput, StringComparison.Ordinal);
            Assert.False(Directory.Exists(folder["again"]));
        }

        // What is left there is in nobody's way.
        var made = await DataCommands.RunAsync("backup", folder["backup"], "--data", folder["data"]);
        Assert.True(made.ExitCode == 0, made.ErrorOutput);
    }

    [Fact]
    public async Task Restore_BackupThatHasChanged_IsRefusedInOneSentence()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await KeptServer.StartAsync(folder["data"]))
        {
            await server.DeployAsync();
        }

        var made = await DataCommands.RunAsync("backup", folder["backup"], "--data", folder["data"]);
        Assert.True(made.ExitCode == 0, made.ErrorOutput);
        await File.AppendAllTextAsync(Path.Combine(folder["backup"], "token.key"), "!");

        var refused = await DataCommands.RunAsync("restore", folder["backup"], "--data", folder["again"]);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("'token.key' has changed", refused.ErrorOutput, StringComparison.Ordinal);
        Assert.Single(refused.ErrorOutput.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(folder["again"]));
    }

    [Fact]
    public async Task Backup_FolderIsThere_MustBeEmpty()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["backup"]);
        await using var server = await KeptServer.StartAsync(folder["data"]);

        var made = await DataCommands.RunAsync("backup", folder["backup"], "--data", folder["data"]);
        var again = await DataCommands.RunAsync("backup", folder["backup"], "--data", folder["data"]);

        Assert.True(made.ExitCode == 0, made.ErrorOutput);
        Assert.True(File.Exists(Path.Combine(folder["backup"], "backup.json")));
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("never written over anything", again.ErrorOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_OverData_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await using (await KeptServer.StartAsync(folder["data"]))
        {
            var made = await DataCommands.RunAsync("backup", folder["backup"], "--data", folder["data"]);
            Assert.True(made.ExitCode == 0, made.ErrorOutput);
        }

        var refused = await DataCommands.RunAsync("restore", folder["backup"], "--data", folder["data"]);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("is not empty", refused.ErrorOutput, StringComparison.Ordinal);
    }

    /// <returns>The names that were acknowledged before the backup began.</returns>
    private static async Task<List<string>> BackUpUnderLoadAsync(KeptServer server, TemporaryFolder folder)
    {
        var acknowledged = new ConcurrentQueue<string>();
        using var enough = new CancellationTokenSource();
        var starting = Task.Run(async () =>
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                await server.StartAsync("sleep", $"sleep-{i}");
                acknowledged.Enqueue($"sleep-{i}");
            }
        });
        await Poll.UntilAsync(
            () => Task.FromResult(acknowledged.Count >= StartedBefore), s_patience, "executions are started");
        var before = acknowledged.ToList();
        var made = await DataCommands.RunAsync("backup", folder["backup"], "--data", folder["data"]);
        var after = acknowledged.Count;
        await enough.CancelAsync();
        await starting;
        Assert.True(made.ExitCode == 0, made.ErrorOutput);
        Assert.Contains("token key", made.ErrorOutput, StringComparison.Ordinal);
        Assert.True(after > before.Count, "Nothing was started meanwhile: nothing was proved.");
        return before;
    }

    private static async Task KillWhenItHasBegunAsync(TemporaryFolder folder)
    {
        using var backup = Process.Start(new ProcessStartInfo(
            ServerProcess.Executable, ["backup", folder["backup"], "--data", folder["data"]])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("It did not start.");
        while (!backup.HasExited && !Directory.EnumerateDirectories(folder.Path, "backup.unfinished-*").Any())
        {
            await Task.Yield();
        }

        backup.Kill();
        await backup.WaitForExitAsync();
    }
}
