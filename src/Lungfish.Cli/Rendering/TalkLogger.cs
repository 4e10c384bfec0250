using Microsoft.Extensions.Logging;

namespace Lungfish.Cli.Rendering;

/// <summary>Writes the server's warnings as a person reads them: what happened, without categories or ids.</summary>
internal sealed class TalkLogger(Output output) : ILoggerProvider, ILogger
{
    private const int LengthMax = 500; // A warning may quote what a function said.

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
        // Nothing is held.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var isError = logLevel >= LogLevel.Error;
        output.Talk.Write(isError ? "error: " : "warning: ", isError ? Style.Bad : Style.Waiting);
        output.Talk.Line(OneLine.Of(formatter(state, exception), LengthMax));
        if (exception is not null)
        {
            output.Talk.Line(exception.ToString(), Style.Dim);
        }
    }
}
