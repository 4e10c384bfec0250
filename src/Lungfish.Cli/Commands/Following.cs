using Lungfish.Cli.CommandLine;

namespace Lungfish.Cli.Commands;

/// <summary>What following an execution of either kind has in common: the time that it may take, and what is said if
/// it cannot be followed to its end.</summary>
internal static class Following
{
    /// <exception cref="CommandException">It takes longer than the time given.</exception>
    public static async Task WithinAsync(
        string name, int? timeoutSeconds, Func<CancellationToken, Task> follow, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (timeoutSeconds is { } seconds)
        {
            deadline.CancelAfter(TimeSpan.FromSeconds(seconds));
        }

        try
        {
            await follow(deadline.Token);
        }
        catch (OperationCanceledException)
            when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(
                ExitCode.TimedOut, $"{name} is still running after {timeoutSeconds} s.",
                $"lungfish execution follow {name}", $"lungfish execution stop {name}");
        }
    }

    public static CommandException ServerStopped(string name) => new(
        ExitCode.Unreachable, $"The server stopped while {name} was running.", $"lungfish execution follow {name}");
}
