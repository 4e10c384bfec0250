using System.Diagnostics;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Running;

/// <summary>A program run to its end.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string ErrorOutput)
{
    /// <summary>The output of a program that must have succeeded.</summary>
    public string OutputOfSuccess => ExitCode == 0
        ? Output
        : throw new InvalidOperationException($"It ended with {ExitCode}.\n{Output}\n{ErrorOutput}");
}

internal static class Command
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(5);

    public static async Task<CommandResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? workingDirectory = null)
    {
        var start = ServerProcess.StartInfoOf(program, arguments, workingDirectory, environment);
        using var process = Process.Start(start)
            ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errorOutput = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(s_timeout);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException exception)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"{program} did not end. It printed:\n{await output}\n{await errorOutput}", exception);
        }

        return new CommandResult(process.ExitCode, await output, await errorOutput);
    }
}
