using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Running;

/// <summary>The commands that read or make data directories.</summary>
internal static class DataCommands
{
    public static Task<CommandResult> RunAsync(params string[] arguments) =>
        Command.RunAsync(ServerProcess.Executable, arguments);

    /// <summary>Fails unless everything in a data directory, a backup or a database is as it must be.</summary>
    public static async Task AssertIsCleanAsync(string path)
    {
        var result = await RunAsync("fsck", path);
        Assert.True(result.ExitCode == 0, $"fsck {path} ended with {result.ExitCode}.\n{result.Output}");
        Assert.True(result.Output.Length == 0, $"fsck {path} found:\n{result.Output}");
    }
}
