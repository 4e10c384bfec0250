namespace Lungfish.Cli.CommandLine;

/// <summary>What scripts may rely on.</summary>
internal enum ExitCode
{
    Ok = 0,

    /// <summary>An execution or a function that was waited for failed, or the server could not do its part.</summary>
    Failed = 1,

    /// <summary>The command line, a file or a value in it is not acceptable.</summary>
    Usage = 2,

    NotFound = 3,

    Unreachable = 4,

    TimedOut = 5,

    /// <summary>The disk refused to make something durable, so that the server ended itself.</summary>
    StoreFailed = 70,

    /// <summary>As shells say it of a command that Ctrl-C ended.</summary>
    Interrupted = 130,
}

/// <summary>Ends a command with one sentence that says what is wrong, and what to do next.</summary>
internal sealed class CommandException(
    ExitCode exitCode, string message, params IReadOnlyList<string> next) : Exception(message)
{
    public ExitCode ExitCode { get; } = exitCode;

    /// <summary>Lines to try next; commands among them are shown as they can be typed.</summary>
    public IReadOnlyList<string> Next { get; } = next;
}
