using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Lungfish.DurableFunctions;

/// <summary>Writes each line as a JSON object to standard output, as the field's durable loggers do.</summary>
internal sealed class JsonLineLogger(TimeProvider clock, TextWriter? output = null) : ILogger
{
    private static readonly JsonWriterOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly LogLevel _least = LeastOf(Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_LEVEL"));
    private readonly LoggerExternalScopeProvider _scopes = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _scopes.Push(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel >= _least && logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var line = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(line, s_options))
        {
            Write(writer, logLevel, state, exception, formatter(state, exception));
        }

        // Looked up each time: a host may have redirected it.
        (output ?? Console.Out).WriteLine(Encoding.UTF8.GetString(line.WrittenSpan));
    }

    private void Write<TState>(
        Utf8JsonWriter writer, LogLevel level, TState state, Exception? exception, string message)
    {
        // A name stands once in a line: the first to claim it has it.
        var names = new HashSet<string>(["timestamp", "level", "message"], StringComparer.Ordinal);
        writer.WriteStartObject();
        var now = clock.GetUtcNow().UtcDateTime;
        writer.WriteString("timestamp"u8, now.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        writer.WriteString("level"u8, NameOf(level));
        writer.WriteString("message"u8, message);
        _scopes.ForEachScope(
            static (scope, to) => WriteFields(to.Writer, to.Names, scope), (Writer: writer, Names: names));
        WriteFields(writer, names, state);
        if (exception is not null)
        {
            WriteField(writer, names, "errorType", exception.GetType().FullName);
            WriteField(writer, names, "errorMessage", exception.Message);
            WriteField(writer, names, "stackTrace", exception.ToString());
        }

        writer.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter writer, HashSet<string> names, object? state)
    {
        if (state is IEnumerable<KeyValuePair<string, object>> fields)
        {
            foreach (var (name, value) in fields)
            {
                if (name != "{OriginalFormat}")
                {
                    WriteField(writer, names, name, value);
                }
            }
        }
    }

    private static void WriteField(Utf8JsonWriter writer, HashSet<string> names, string name, object? value)
    {
        if (!names.Add(name))
        {
            return;
        }

        writer.WritePropertyName(name);
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case int number: writer.WriteNumberValue(number); break;
            case long number: writer.WriteNumberValue(number); break;
            case decimal number: writer.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): writer.WriteNumberValue(number); break;
            case DateTimeOffset time: writer.WriteStringValue(time); break;
            default: writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARN",
        LogLevel.Error => "ERROR",
        _ => "FATAL",
    };

    private static LogLevel LeastOf(string? setting) => setting?.ToUpperInvariant() switch
    {
        "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "WARN" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "FATAL" => LogLevel.Critical,
        _ => LogLevel.Information,
    };
}
