using Microsoft.Extensions.Logging;

namespace Lungfish.DurableFunctions;

/// <summary>Adds what a line belongs to, and leaves out lines that an earlier invocation wrote.</summary>
internal sealed class DurableLogger(Func<ILogger> sink, Func<bool> isSilent, LogFields fields) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => sink().BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => !isSilent() && sink().IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (isSilent())
        {
            return;
        }

        var target = sink();
        using (target.BeginScope(fields))
        {
            target.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
