using System.IO.Pipelines;
using System.Buffers;

namespace Lungfish.Bench.Driving;

/// <summary>Reads a stream of lines that the server pushes, until disposed of.</summary>
internal sealed class LineStream : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;

    private LineStream(HttpClient http, Stream stream, Action<ReadOnlySpan<byte>> onLine)
    {
        _http = http;
        _reading = Task.Run(() => ReadAsync(stream, onLine));
    }

    /// <summary>Returns when the server has answered, so that nothing pushed from now on is missed.</summary>
    public static async Task<LineStream> OpenAsync(Uri url, Action<ReadOnlySpan<byte>> onLine)
    {
        var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        return new LineStream(http, await http.GetStreamAsync(url), onLine);
    }

    private async Task ReadAsync(Stream stream, Action<ReadOnlySpan<byte>> onLine)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 65_536));
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(_stop.Token);
                var buffer = result.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    var line = buffer.Slice(0, end);
                    onLine(line.IsSingleSegment ? line.FirstSpan : line.ToArray());
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _http.Dispose();
        _stop.Dispose();
    }
}
