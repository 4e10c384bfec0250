using System.Globalization;
using System.Text;
using Lungfish.Functions.Logs;

namespace Lungfish.Functions.Processes;

/// <summary>Turns what one process writes into log lines and says which invocation each belongs to.</summary>
/// <param name="isShared">Several invocations may run at once: a line belongs to the one that it names. Otherwise all
/// lines belong to the one that runs.</param>
internal sealed class InvocationLog(
    LogStore store, FunctionConfiguration function, bool isShared, TimeProvider time)
{
    private const int BytesMax = 1024 * 1024; // For one invocation or between two; the rest is counted, not kept.
    private const int LineMax = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly MemoryStream _line = new();
    private readonly List<OutputOwner> _running = [];
    private readonly OutputOwner _nobody = new(requestId: null, keepsTail: false);
    private OutputOwner? _cutOwner; // Of a line that was too long to wait for its end.

    /// <param name="requestId">Of the invocation.</param>
    /// <param name="keepsTail">Its end is wanted, see <see cref="Finish"/>.</param>
    public OutputOwner Start(string requestId, bool keepsTail)
    {
        lock (_gate)
        {
            FinishLineOfTheOnlyOne();
            TellWhatIsLeftOut(_nobody, isShared ? "that names no invocation" : "between two invocations");
            _nobody.Written = 0;
            var owner = new OutputOwner(requestId, keepsTail);
            _running.Add(owner);
            Keep(owner, $"START RequestId: {requestId} Version: {function.Version}");
            return owner;
        }
    }

    /// <summary>Ends the invocation's log and gives its end in base64, or null if nobody wants it.</summary>
    /// <param name="owner">What its start gave.</param>
    /// <param name="remark">A line of the platform before END, or null.</param>
    public string? Finish(OutputOwner owner, InvocationReport report, string? remark)
    {
        lock (_gate)
        {
            FinishLineOfTheOnlyOne();
            TellWhatIsLeftOut(owner, "in one invocation");
            if (remark is not null)
            {
                Keep(owner, remark);
            }

            Keep(owner, $"END RequestId: {owner.RequestId}");
            Keep(owner, report.ToText(owner.RequestId ?? "", function.MemorySizeMb));
            _ = _running.Remove(owner);
            _cutOwner = _cutOwner == owner ? null : _cutOwner;
            return owner.Tail();
        }
    }

    /// <summary>The process has ended before it got the invocation; another one gets it.</summary>
    /// <param name="owner">What its start gave.</param>
    public void Drop(OutputOwner owner)
    {
        lock (_gate)
        {
            Keep(owner, $"RequestId: {owner.RequestId} The process ended before it got this; another one gets it.");
            _ = _running.Remove(owner);
        }
    }

    /// <summary>The process writes no more: what it began is a line.</summary>
    public void End()
    {
        lock (_gate)
        {
            KeepLine(OwnerOfLine());
        }
    }

    /// <summary>Takes output of the process.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            while (bytes.IndexOf((byte)'\n') is var end and >= 0)
            {
                _line.Write(bytes[..end]);
                var owner = OwnerOfLine();
                KeepLine(owner);
                owner.Written++;
                _cutOwner = null;
                bytes = bytes[(end + 1)..];
            }

            _line.Write(bytes);
            if (_line.Length > LineMax)
            {
                _cutOwner = OwnerOfLine();
                KeepLine(_cutOwner);
            }
        }
    }

    private ReadOnlySpan<byte> Line => _line.GetBuffer().AsSpan(0, (int)_line.Length);

    private OutputOwner OwnerOfLine() => _cutOwner
        ?? (isShared ? OutputOwner.Find(_running, Line) : _running is [var only, ..] ? only : null)
        ?? _nobody;

    /// <summary>What it has written of a line is its own, whoever writes the rest; where several run, only the whole
    /// line says whose it is.</summary>
    private void FinishLineOfTheOnlyOne()
    {
        if (!isShared)
        {
            KeepLine(OwnerOfLine());
        }
    }

    private void KeepLine(OutputOwner owner)
    {
        var room = (int)Math.Clamp(BytesMax - owner.Written, 0, _line.Length);
        owner.Written += _line.Length;
        if (room > 0)
        {
            Keep(owner, Encoding.UTF8.GetString(Line[..room]).TrimEnd('\r'));
        }

        _line.SetLength(0);
    }

    private void TellWhatIsLeftOut(OutputOwner owner, string where)
    {
        if (owner.Written > BytesMax)
        {
            Keep(owner, $"[{owner.Written - BytesMax} bytes of output left out: more than {BytesMax} {where}]");
        }
    }

    private void Keep(OutputOwner owner, string text)
    {
        store.Append(function.Name, new LogLine(time.GetUtcNow(), owner.RequestId, function.Version, text));
        owner.Keep(text);
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
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"REPORT RequestId: {requestId}\tDuration: {Duration.TotalMilliseconds:F2} ms\t"
            + $"Billed Duration: {billed} ms\tMemory Size: {memorySizeMb} MB\tMax Memory Used: {MemoryUsedMb} MB\t");
        if (Init is { } init)
        {
            text += string.Create(CultureInfo.InvariantCulture, $"Init Duration: {init.TotalMilliseconds:F2} ms\t");
        }

        return Status is null ? text : $"{text}Status: {Status}\t";
    }
}
