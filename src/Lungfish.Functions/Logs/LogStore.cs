using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;

namespace Lungfish.Functions.Logs;

/// <summary>The functions' logs: for each function two files of bounded size, the newer and the older half.</summary>
/// <remarks>One task writes, in the order of arrival. A crash of the machine may cost the last lines: logs are no
/// facts.</remarks>
internal sealed class LogStore : IAsyncDisposable
{
    public const long FileBytesMax = 8 * 1024 * 1024;

    private const int QueueMax = 50_000;
    private const long QueuedBytesMax = 32 * 1024 * 1024; // A line may be long.

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    private readonly string _directory;
    private readonly Channel<Order> _orders =
        Channel.CreateBounded<Order>(new BoundedChannelOptions(QueueMax) { SingleReader = true });

    private readonly Dictionary<string, LogFile> _files = new(StringComparer.Ordinal);
    private readonly List<Subscription> _subscriptions = [];
    private readonly Task _writing;
    private long _lost;
    private long _queuedBytes;

    public LogStore(string directory)
    {
        _directory = Path.Combine(directory, "logs");
        _ = Directory.CreateDirectory(_directory);
        _writing = Task.Run(WriteAllAsync);
    }

    public void Append(string function, LogLine line)
    {
        var bytes = BytesOf(line);
        if (Interlocked.Add(ref _queuedBytes, bytes) > QueuedBytesMax
            || !_orders.Writer.TryWrite(new WriteLine(function, line)))
        {
            _ = Interlocked.Add(ref _queuedBytes, -bytes);
            _ = Interlocked.Increment(ref _lost);
        }
    }

    public async IAsyncEnumerable<LogLine> ReadAsync(
        string function, LogFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reading = new StartReading(function, filter.Follow);
        await _orders.Writer.WriteAsync(reading, cancellationToken);
        var (kept, subscription) = await reading.Ready.Task.WaitAsync(cancellationToken);
        var matching = kept.Where(filter.Matches);
        foreach (var line in filter.Last is { } last ? matching.TakeLast(last) : matching)
        {
            yield return line;
        }

        if (subscription is null)
        {
            yield break;
        }

        try
        {
            await foreach (var line in subscription.ReadAllAsync(cancellationToken))
            {
                if (filter.Matches(line))
                {
                    yield return line;
                }
            }
        }
        finally
        {
            lock (_subscriptions)
            {
                _ = _subscriptions.Remove(subscription);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ = _orders.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAllAsync()
    {
        while (await _orders.Reader.WaitToReadAsync())
        {
            while (_orders.Reader.TryRead(out var order))
            {
                Carry(order);
            }

            foreach (var file in _files.Values)
            {
                file.Flush();
            }

            // What comes meanwhile is written at once: no thread has to wake for each line.
            await Task.Delay(Gathering);
        }

        foreach (var file in _files.Values)
        {
            file.Dispose();
        }

        lock (_subscriptions)
        {
            _subscriptions.ForEach(s => s.End());
        }
    }

    private void Carry(Order order)
    {
        switch (order)
        {
            case WriteLine(var function, var line):
                _ = Interlocked.Add(ref _queuedBytes, -BytesOf(line));
                var file = FileOf(function);
                if (Interlocked.Exchange(ref _lost, 0) is var lost and > 0)
                {
                    var lines = lost == 1 ? "1 line" : $"{lost} lines";
                    var remark = $"[{lines} lost: written faster than they could be kept]";
                    file.Write(line with { RequestId = null, Text = remark });
                }

                file.Write(line);
                Tell(function, line);
                break;
            case StartReading reading:
                var kept = FileOf(reading.Function).ReadAll();
                var subscription = reading.Follow ? new Subscription(reading.Function) : null;
                if (subscription is not null)
                {
                    lock (_subscriptions)
                    {
                        _subscriptions.Add(subscription);
                    }
                }

                reading.Ready.SetResult((kept, subscription));
                break;
        }
    }

    private void Tell(string function, LogLine line)
    {
        lock (_subscriptions)
        {
            foreach (var subscription in _subscriptions)
            {
                if (subscription.Function == function)
                {
                    subscription.Add(line);
                }
            }
        }
    }

    private LogFile FileOf(string function)
    {
        const int OpenMax = 64;
        if (_files.TryGetValue(function, out var file))
        {
            return file;
        }

        if (_files.Count >= OpenMax)
        {
            foreach (var open in _files.Values)
            {
                open.Dispose();
            }

            _files.Clear();
        }

        return _files[function] = new LogFile(Path.Combine(_directory, function));
    }

    private abstract record Order;

    private sealed record WriteLine(string Function, LogLine Line) : Order;

    private sealed record StartReading(string Function, bool Follow) : Order
    {
        public TaskCompletionSource<(IReadOnlyList<LogLine> Kept, Subscription? Following)> Ready { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>About what a line takes of the memory.</summary>
    private static long BytesOf(LogLine line) => 200 + (2L * line.Text.Length);

    /// <summary>A reader that lags by more than that misses the newer lines.</summary>
    private sealed class Subscription(string function)
    {
        private readonly Channel<LogLine> _lines = Channel.CreateUnbounded<LogLine>();
        private long _bytes;

        public string Function => function;

        public void Add(LogLine line)
        {
            if (Interlocked.Read(ref _bytes) < QueuedBytesMax && _lines.Writer.TryWrite(line))
            {
                _ = Interlocked.Add(ref _bytes, BytesOf(line));
            }
        }

        public void End() => _ = _lines.Writer.TryComplete();

        public async IAsyncEnumerable<LogLine> ReadAllAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
            {
                _ = Interlocked.Add(ref _bytes, -BytesOf(line));
                yield return line;
            }
        }
    }
}

/// <summary>One function's log: a file that is written and the full one before it.</summary>
internal sealed class LogFile(string path) : IDisposable
{
    private readonly string _older = path + ".1.log";
    private readonly string _newer = path + ".log";
    private readonly ArrayBufferWriter<byte> _line = new(512);
    private readonly Utf8JsonWriter _json = new(Stream.Null);
    private FileStream? _file;

    public void Write(LogLine line)
    {
        _file ??= Open();
        if (_file.Position > LogStore.FileBytesMax)
        {
            _file.Dispose();
            File.Move(_newer, _older, overwrite: true);
            _file = Open();
        }

        WriteLine(line);
        _file.Write(_line.WrittenSpan);
    }

    public IReadOnlyList<LogLine> ReadAll()
    {
        Flush();
        var lines = new List<LogLine>();
        foreach (var file in new[] { _older, _newer }.Where(File.Exists))
        {
            lines.AddRange(File.ReadLines(file).Select(Read).OfType<LogLine>());
        }

        return lines;
    }

    public void Flush() => _file?.Flush();

    /// <summary>Member by member, as <see cref="Read"/> knows them: there is a line for all that happens.</summary>
    private void WriteLine(LogLine line)
    {
        _line.ResetWrittenCount();
        _json.Reset(_line);
        _json.WriteStartObject();
        _json.WriteString("Time"u8, line.Time);
        _json.WriteString("RequestId"u8, line.RequestId);
        _json.WriteString("Version"u8, line.Version);
        _json.WriteString("Text"u8, line.Text);
        _json.WriteEndObject();
        _json.Flush();
        _line.Write("\n"u8);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    private FileStream Open() =>
        new(_newer, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 65_536);

    private static LogLine? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<LogLine>(text);
        }
        catch (JsonException)
        {
            return null; // The last line of a server that was killed while it wrote.
        }
    }
}
