using Microsoft.Extensions.Logging;

namespace Lungfish.DurableFunctions.Testing.Local;

/// <summary>Keeps what a function logs.</summary>
internal sealed class TestLogger(VirtualClock clock, ILogger? next) : ILogger
{
    private readonly LoggerExternalScopeProvider _scopes = new();
    private readonly Lock _gate = new();
    private readonly List<TestLogLine> _lines = [];

    public IReadOnlyList<TestLogLine> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        var mine = _scopes.Push(state);
        var others = next?.BeginScope(state);
        return others is null ? mine : new Both(mine, others);
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        var properties = new Dictionary<string, object?>(StringComparer.Ordinal);
        _scopes.ForEachScope(static (scope, all) => Add(scope, all), properties);
        Add(state, properties);
        var line = new TestLogLine(clock.GetUtcNow(), logLevel, formatter(state, exception), exception, properties);
        lock (_gate)
        {
            _lines.Add(line);
        }

        if (next?.IsEnabled(logLevel) is true)
        {
            next.Log(logLevel, eventId, state, exception, formatter);
        }
    }

    private static void Add(object? source, Dictionary<string, object?> properties)
    {
        if (source is IEnumerable<KeyValuePair<string, object?>> pairs)
        {
            foreach (var (name, value) in pairs)
            {
                properties[name] = value;
            }
        }
    }

    private sealed class Both(IDisposable first, IDisposable second) : IDisposable
    {
        public void Dispose()
        {
            second.Dispose();
            first.Dispose();
        }
    }
}
