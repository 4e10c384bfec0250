using System.Globalization;
using System.Text;
using Lungfish.Functions.Logs;

namespace Lungfish.Functions.Processes;

/// <summary>Turns what one process writes into log lines and says which invocation each belongs to.</summary>
internal sealed class InvocationLog(LogStore store, FunctionConfiguration function, TimeProvider time)
{
    private const int BytesMax = 1024 * 1024; // For one invocation or between two; the rest is counted, not kept.
    private const int LineMax = 64 * 1024;
    private const int TailBytes = 4096;       // Documented: LogResult holds the last 4 KB.

    private readonly Lock _gate = new();
    private readonly MemoryStream _line = new();
    private readonly Queue<string> _tail = new();
    private string? _requestId;
    private bool _keepsTail;
    private int _tailBytes;
    private long _written;

    /// <param name="requestId">Of the invocation.</param>
    /// <param name="keepsTail">Its end is wanted, see <see cref="Finish"/>.</param>
    public void Start(string requestId, bool keepsTail)
    {
        lock (_gate)
        {
            FinishLine();
            TellWhatIsLeftOut("between two invocations");
            _requestId = requestId;
            _keepsTail = keepsTail;
            _written = 0;
            _tail.Clear();
            _tailBytes = 0;
            Keep($"START RequestId: {requestId} Version: {function.Version}");
        }
    }

    /// <summary>Ends the invocation's log and gives its end in base64, or null if nobody wants it.</summary>
    /// <param name="remark">A line of the platform before END, or null.</param>
    public string? Finish(InvocationReport report, string? remark)
    {
        lock (_gate)
        {
            FinishLine();
            TellWhatIsLeftOut("in one invocation");
            if (remark is not null)
            {
                Keep(remark);
            }

            Keep($"END RequestId: {_requestId}");
            Keep(report.ToText(_requestId ?? "", function.MemorySizeMb));
            _requestId = null;
            _written = 0;
            return _keepsTail ? Tail() : null;
        }
    }

    /// <summary>Takes output of the process.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            var room = (int)Math.Clamp(BytesMax - _written, 0, bytes.Length);
            _written += bytes.Length;
            bytes = bytes[..room];
            while (bytes.IndexOf((byte)'\n') is var end and >= 0)
            {
                _line.Write(bytes[..end]);
                FinishLine();
                bytes = bytes[(end + 1)..];
            }

            _line.Write(bytes);
            if (_line.Length > LineMax)
            {
                FinishLine();
            }
        }
    }

    private void TellWhatIsLeftOut(string when)
    {
        if (_written > BytesMax)
        {
            Keep($"[{_written - BytesMax} bytes of output left out: more than {BytesMax} {when}]");
        }
    }

    private void FinishLine()
    {
        if (_line.Length > 0)
        {
            Keep(Encoding.UTF8.GetString(_line.GetBuffer(), 0, (int)_line.Length).TrimEnd('\r'));
            _line.SetLength(0);
        }
    }

    private void Keep(string text)
    {
        store.Append(function.Name, new LogLine(time.GetUtcNow(), _requestId, function.Version, text));
        if (!_keepsTail)
        {
            return;
        }

        _tail.Enqueue(text);
        _tailBytes += text.Length + 1;
        while (_tail.Count > 1 && _tailBytes - _tail.Peek().Length - 1 >= TailBytes)
        {
            _tailBytes -= _tail.Dequeue().Length + 1;
        }
    }

    private string Tail()
    {
        var text = Encoding.UTF8.GetBytes(string.Join('\n', _tail) + "\n");
        return Convert.ToBase64String(text.AsSpan(Math.Max(0, text.Length - TailBytes)));
    }
}

/// <summary>The figures of the REPORT line.</summary>
/// <param name="Init">How long the process took to get ready, if this was its first invocation.</param>
/// <param name="Status"><c>timeout</c> or <c>error</c> if the platform ended it, else null.</param>
internal readonly record struct InvocationReport(TimeSpan Duration, TimeSpan? Init, long MemoryUsedMb, string? Status)
{
    public string ToText(string requestId, int memorySizeMb)
    {
        var billed = (long)Math.Ceiling((Duration + (Init ?? TimeSpan.Zero)).TotalMilliseconds);
        var text = new StringBuilder();
        _ = text.Append(
            CultureInfo.InvariantCulture,
            $"REPORT RequestId: {requestId}\tDuration: {Duration.TotalMilliseconds:F2} ms\t")
            .Append(
            CultureInfo.InvariantCulture,
            $"Billed Duration: {billed} ms\tMemory Size: {memorySizeMb} MB\tMax Memory Used: {MemoryUsedMb} MB\t");
        if (Init is { } init)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"Init Duration: {init.TotalMilliseconds:F2} ms\t");
        }

        return Status is null ? text.ToString() : text.Append("Status: ").Append(Status).Append('\t').ToString();
    }
}
