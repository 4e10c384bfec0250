using System.Globalization;
using System.Text;

namespace Lungfish.FunctionHost;

/// <summary>The console of a process that runs several invocations at once: each line names the one whose code wrote
/// it, as AWS's runtime writes it: time, request id, level and text, with tabs between.</summary>
/// <remarks>An invocation's code is what it calls, awaits and starts. What other code writes is passed on as it
/// is.</remarks>
internal sealed class InvocationConsole(TextWriter output, string level) : TextWriter(CultureInfo.InvariantCulture)
{
    private const int LineMax = 64 * 1024; // In memory until its end comes; the server waits for no more either.

    private readonly AsyncLocal<Writing?> _current = new();
    private readonly Lock _gate = new();

    public override Encoding Encoding => output.Encoding;

    /// <summary>From here to the end of the calling async method, and in what it calls.</summary>
    public void Begin(string requestId) => _current.Value = new(requestId, new());

    /// <summary>What the invocation has begun of a line is one.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (_current.Value is { Line.Length: > 0 } writing)
            {
                WriteLineOf(writing);
            }
        }
    }

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (_gate)
        {
            if (_current.Value is not { } writing)
            {
                output.Write(buffer);
                return;
            }

            while (buffer.IndexOf('\n') is var end and >= 0)
            {
                _ = writing.Line.Append(buffer[..end]);
                WriteLineOf(writing);
                buffer = buffer[(end + 1)..];
            }

            if (writing.Line.Length > 0 && writing.Line.Length + buffer.Length > LineMax)
            {
                // It is too long to wait for its end. What one call writes stays whole: the end may come with the next.
                WriteLineOf(writing);
            }

            _ = writing.Line.Append(buffer);
        }
    }

    private void WriteLineOf(Writing writing)
    {
        var line = writing.Line.ToString();
        _ = writing.Line.Clear();

        // A JSON object that names its request would be none with something before it.
        var isNamed = line.StartsWith('{') && line.Contains(writing.RequestId, StringComparison.Ordinal);
        output.Write(isNamed
            ? $"{line}\n"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ}\t{writing.RequestId}\t{level}\t{line}\n"));
    }

    /// <param name="Line">What was written since the last end of a line.</param>
    private sealed record Writing(string RequestId, StringBuilder Line);
}
